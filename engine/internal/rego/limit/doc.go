// Package limit bounds what one evaluation of a rule may take, in steps and in bytes of the values that it makes. Neither depends on the
// machine or on its load, so that a rule that exceeds a limit does so everywhere.
//
// A [Meter] counts. Built-in functions are charged before they run, by what they will take at most ([Of]), since most of them can't
// be stopped. The VM counts statements and iterations of the plan; for OPA's topdown a [Tracer] counts its events. The two come to different
// numbers: they agree on rules that are far from a limit.
package limit
