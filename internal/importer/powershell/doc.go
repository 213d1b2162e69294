// Package cmdlet reads what PowerShell cmdlets answered, saved by
// ConvertTo-Json in files that are named after them
// (Get-SafeLinksPolicy.json), and writes the datasets that they make.
//
// Which cmdlet makes which dataset is said by the sources in the schemas, and
// nowhere else; how a record has to be spelled is said by the schemas as well.
// Only where several cmdlets make one dataset, or one that spells it otherwise
// than Graph does, there is code for it here.
//
// Nothing in a file says whether its cmdlet found nothing or failed: an empty
// file and null count as failed, and only an empty list as a list without
// records. A file that can't be read, one that names a next page, and a second
// answer of the same cmdlet fail the dataset, with the reason; everything else
// is read. What ConvertTo-Json cut off below its depth is left out, and the
// manifest of the bundle names the fields.
//
// The package reads the files that it is told to. It does not look for them:
// package folder does.
package powershell
