// Package vm compiles OPA's plan of rules to Go closures over registers, and runs them.
//
// Each statement of a plan (package ir) becomes a closure once, which then runs for one input after another. Operands are resolved at
// compile time; a rule is evaluated once per input, and one that reads no input once per environment; built-in functions are OPA's own,
// with fast paths for the common ones. Results are those of OPA's topdown, errors included: OPA's conformance cases hold the package to
// that.
//
// Registers hold views of the evidence as long as they can (views.go), and terms where something else than an operation on views
// (operations.go, with formats.go and decimals.go) reads them. What needs no register (registers.go) or no evidence (lift.go) is found at
// compile time.
//
// A [Program] is compiled from a plan (program.go, compile.go and the files that it calls) or from a [CachedPlan] (cachedplan.go), and a
// [Machine] runs it (machine.go, memo.go), with the calls that others made before it (calls.go, members.go). A program can also be compiled
// so that it stops at values that are unknown (partial.go). The package analyzes nothing: what a program reads is worked out by package
// dataflow.
package vm
