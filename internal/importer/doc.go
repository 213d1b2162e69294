// Package source opens evidence in whatever form it is at hand: a bundle, or
// exports of ScubaGear, Microsoft Graph and PowerShell cmdlets, as a folder, an
// archive, one file, or standard input.
//
// The form is recognised by content. What is no bundle is imported into a
// temporary one, which goes when the bundle is closed. The package holds no
// knowledge of the forms: each importer says what is its own, and package
// evidence what an archive is.
package importer
