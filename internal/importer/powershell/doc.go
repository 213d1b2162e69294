// Package powershell imports what PowerShell cmdlets return, saved by ConvertTo-Json in files that are named after them
// (Get-SafeLinksPolicy.json).
//
// The sources in the schemas say which cmdlet makes which dataset, and the schemas how a record is spelled. There is code
// here only where several cmdlets make one dataset, or one that spells it otherwise than Graph does.
//
// Nothing in a file says whether its cmdlet found nothing or failed: an empty file and null count as failed, and only an
// empty list as a list without records. A file that cannot be read, one that names a next page, and a second file of the
// same cmdlet fail the dataset. What ConvertTo-Json cut off below its depth is left out, and the manifest of the bundle
// lists the fields.
//
// The package does not look into files that have other names.
package powershell
