// Package scubagear turns the ProviderSettingsExport.json of ScubaGear, the
// assessment tool of CISA, into a bundle of evidence.
//
// The export gathers the answers of PowerShell cmdlets under keys of its own,
// and lists beside them which cmdlets succeeded and which did not. A table
// says which keys and cmdlets make which dataset. A dataset whose cmdlet did
// not succeed is marked as failed with that cmdlet as the reason, even where
// the export has an empty list in its place; so is an empty list that no
// cmdlet vouches for. A dataset whose keys are absent, because its product was
// not assessed or this version of ScubaGear does not ask for it, is absent
// from the bundle.
//
// What the export holds in part only is not passed off as whole: a rule that
// looks for what should not be there would find nothing and be content. Such
// datasets are marked as failed, with what is missing.
//
// The package makes up nothing: settings that the export does not have stay
// absent from the records.
package scubagear
