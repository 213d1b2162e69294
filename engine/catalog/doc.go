// Package policies loads and checks catalogs of controls, and embeds the built-in one.
//
// A catalog is a tree of pairs: NAME.hcl says what a control is (title, points, what it reads), NAME.rego decides it, and
// NAME_test.rego beside them proves the decision. Shared Rego stands in lib/. [Load] reads any number of such trees into one
// immutable [Catalog], or returns [*Problems] with every mistake at once, each with file, line, column and how to mend it.
//
// The built-in catalog comes with a snapshot of what loading it comes to, which [Load] uses if it is one of the very texts that are to
// be loaded. It can't be told from one that was loaded in full, but by the time that it takes.
//
// The package does not evaluate anything: package engine does. How the Rego half is sealed, typed and compiled is in
// package engine/internal/rego/check; this package holds all that comes from HCL.
package catalog
