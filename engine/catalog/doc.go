// Package catalog loads, checks, tests, compares and formats catalogs of controls.
//
// A catalog is a tree of files. NAME.hcl declares controls: title, points, the datasets that they read.
// NAME.rego beside it is the rule that decides them, and NAME_test.rego holds its tests. Rules that
// several controls share are in rules/, functions in lib/, schemas of own datasets in schemas/.
// docs/controls.md describes all of it.
//
// [Load] reads any number of such trees into one immutable [Catalog], or returns [*Problems] with every
// mistake: file, line, column, and how to mend it. [Check] reports what loading alone does not: unknown
// fields, unused joins, missing tests. [Catalog.Test] runs the Rego tests, and [Compare] lists the
// differences between two catalogs.
//
// The built-in catalog ([Builtin]) is embedded together with a cache of its compiled form, which [Load]
// uses if the cache was made of the very same texts. Nothing but the time that loading takes depends on
// it.
//
// The package does not read evidence and does not evaluate controls: package engine does. Parsing,
// typing and testing Rego is in engine/internal/rego/check; everything that comes from HCL is here.
//
// # Stability
//
// The module is at v0: until v1 a minor version may change the API, and the changelog says how.
// Diagnostics are those of hashicorp/hcl; no other type of HCL, cty or OPA is in the API. The language
// of catalogs, which docs/controls.md describes, only grows.
package catalog
