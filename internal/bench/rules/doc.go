// Package rules holds the rules that `make bench` measures with, each in two forms.
//
// There are two [Set]s, a folder each. alike/ are 50 rules: ten about users and five about devices, which
// see one record at a time, and 35 about settings and conditional access policies of the tenant, in
// five families. Most of what they read has few different values. distinct/ are 20 rules about people,
// with what is joined to them, and hosts, over fields that differ in every record: names, addresses,
// times, numbers, nested lists. They are written as rules of that kind are, and not changed because of
// what they cost.
//
// Of a set, catalog/ is a catalog of controls for the engine. whole/ says the same in plain Rego over
// one JSON document, as one would write it for opa eval or conftest: each record is looked at once, and
// each rule counts what is in scope and what fails. schemas/ describes the datasets.
//
// [Verdicts] are the results of both forms; a test holds them equal. That test is the only place
// outside of the engine and the catalog's check where OPA is imported: whether two forms of a rule
// say the same is for OPA itself to say. The package measures nothing.
package rules
