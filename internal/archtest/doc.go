// Package archtest holds the rules of who may import whom. It has no code of its own: its tests read the import lists of the
// whole module and fail, with the rule and the reason for it, where a package reaches for something that isn't its to use.
package archtest
