// Package securescore reads and writes what Microsoft Graph says of Secure Score: secureScores, one entry for each day of a tenant, and
// secureScoreControlProfiles, what each control is worth and what was decided about it.
//
// The files are stages, in this order:
//
//	number.go      exact numbers, and their hundredths
//	object.go      objects in the spellings of tools: names in any case, AdditionalProperties, numbers as texts
//	day.go         a day, its controls, its comparisons; a profile and its decisions
//	read.go        files of any of the forms in which these are saved
//	assessment.go  a day as an assessment, so that every view works on it
//	propose.go     decisions of the profiles as a register
//	reconcile.go   an assessment of posture beside a day of Microsoft's
//	export.go      an assessment of posture as these documents
//
// What Microsoft reports is kept as it is: sums that do not add up are told, and never corrected. No status and no verdict is read from
// a text: texts and numbers of Secure Score were seen to contradict each other. The package opens no files and prints nothing.
package securescore
