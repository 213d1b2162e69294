// Package fidelity holds verdicts to the right ones: on cases from the field (testdata/cases), and
// on evidence that generators reduce, damage, cut off, repeat and spell in another case. It has
// tests alone; docs/fidelity.md says what else the verdicts were checked against.
//
// A case is a txtar file: a sentence that says what happened, directives (see cases_test.go), and
// the files of the export.
package fidelity
