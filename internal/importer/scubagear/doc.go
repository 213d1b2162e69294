// Package scubagear imports the ProviderSettingsExport.json of ScubaGear, the assessment tool of CISA.
//
// The export has the answers of PowerShell cmdlets under keys of its own, and lists the cmdlets that succeeded and those
// that did not. sources.go says which keys and cmdlets make which dataset. A dataset whose cmdlet did not succeed failed,
// even if the export has an empty list in its place, and so did an empty list of which no cmdlet is listed. A dataset whose
// keys are absent, because its product was not assessed or this version of ScubaGear does not read it, is absent.
//
// What the export holds only in part failed as well: a rule that looks for what should not be there would find nothing.
//
// The package does not fill in settings that the export lacks: they are absent from the records.
package scubagear
