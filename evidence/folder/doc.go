// Package folder turns a folder of saved exports into a bundle of evidence:
// responses of Microsoft Graph, answers of PowerShell cmdlets, or both.
//
// A file that is named after a cmdlet is an answer of it; any other is taken
// for a response of Graph. What the files say is known by the packages graph
// and cmdlet. This one finds the files, brings together what they make, and
// refuses what contradicts itself: two tenants, or one dataset from two places.
//
// Exports do not say when they were made: the caller gives the time. One
// folder is for one tenant and one collection. Files that make no evidence are
// reported, never dropped in silence.
package folder
