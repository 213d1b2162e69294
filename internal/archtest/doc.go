// Package archtest holds the rules of which package may import which. It has no code of its own:
// its tests read the import lists of the whole module and fail, with the rule and the reason for
// it, where a package imports what it must not.
package archtest
