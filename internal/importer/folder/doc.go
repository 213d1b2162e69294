// Package folder turns a folder of exports into a bundle of evidence: exports of
// ScubaGear, responses of Microsoft Graph, answers of PowerShell cmdlets, or any
// of them together. An archive is a folder, by itself or in one.
//
// A file that is named after a cmdlet is an answer of it; any other is known by
// its content. What the files say is known by the packages graph, cmdlet,
// defender and scubagear. This one finds the files, has each kind make its part,
// and takes each dataset from the best of them: from one that collected it, and
// from what was asked directly rather than what another tool made of it.
//
// Most exports do not say when they were made: the caller gives the time. One
// folder is for one tenant, which may stay unnamed. A file that makes no evidence
// is reported, never dropped in silence, and costs no other file anything. What
// is refused is a folder of two tenants, and one that holds mostly other things:
// it was named by mistake.
package folder
