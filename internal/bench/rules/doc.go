// Package rules holds the 50 rules that `make bench` measures with, in two forms.
//
// catalog/ is a catalog of controls for the engine: ten about users and five about devices, which
// see one record at a time, and 35 about settings and conditional access policies of the tenant, in
// five families. whole/ says the same in plain Rego over one JSON document, as one would write it
// for opa eval or conftest: each record is looked at once, and each rule counts what is in scope
// and what fails. schemas/ describes the four datasets.
//
// [Verdicts] are the results of both forms; a test holds them equal. That test is the only place
// outside of the engine and the catalog's check where OPA is imported: whether two forms of a rule
// say the same is for OPA itself to say. The package measures nothing.
package rules
