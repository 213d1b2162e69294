// Package source opens evidence in whatever form it is at hand: a bundle (a
// folder or an archive), the export of ScubaGear (the file or the folder of
// its report), a folder of saved responses of Microsoft Graph and of PowerShell
// cmdlets or one of them, or any of the files on standard input.
//
// The form is recognised by content. What is no bundle is imported into a
// temporary one, which goes when the bundle is closed. The package holds no
// knowledge of the forms: each importer says what is its own, and package
// evidence what an archive is.
package source
