// Package dataflow analyzes OPA's plan of rules without evaluating it.
//
// A [Graph] is the functions that some rules can call, with the effects of each (effects.go).
// [Graph.Summarize] returns which parts of the input and of data the rules can read (accesspath.go,
// on the abstract locations of absloc.go), a frontier of rules that stand between them and the
// input (frontier.go), and the domain of fields that are only compared (domain.go, predicate.go for
// tests of texts, and loop.go for lists). [Graph.FieldAccesses] lists the fields that the text of the rules names, with
// where and of what (fields.go). [InvariantCalls] finds calls whose result is the same for every
// input (constprop.go), and [Graph.MemberArgument] functions that can tell little of an argument
// (members.go).
//
// The package knows no schemas, and compiles nothing.
package dataflow
