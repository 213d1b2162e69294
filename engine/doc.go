// Package engine assesses evidence against a catalog of controls.
//
// [Compile] readies a catalog once; the [Engine] then assesses any number of bundles, from any number of goroutines. An
// [Assessment] says of each control what came out and why, and what it all adds up to. A score is never higher than the
// evidence shows: missing evidence, an undefined rule and a failing rule each end as an outcome of their own, earn nothing, and
// keep their points in the total.
//
// The way of the data: of documents that rules read whole, what they can reach is loaded (documents.go). Populations are read in blocks,
// side by side: their datasets are planned (population.go) with the controls that a record concerns (match.go) and what is joined
// to it (joined.go and package join); a reader takes the records of a block past the controls (reader.go, input.go), leaves out those
// that are too old (fresh.go), remembers verdicts by the values that they depend on (memo.go), or by what the rule makes of those, once
// for all controls of that rule (family.go), and counts them (tally.go); what joined datasets have and the population lacks comes last
// (unmatched.go). If records turn out to repeat others, a dataset is read again (repeats.go). Package judge turns a record into a
// verdict, by closures (package closure) or by OPA's topdown. outcome.go turns counts into outcomes, and package score adds up points.
// docs/performance.md tells why it is so.
//
// What the evidence lacks: a rule may decide for everyone, without records (everyone.go). For tenant-wide controls the missing fields and
// datasets are drawn as blanks (sketch.go), and the rule is asked what would come of them (explore.go). What departs from its schema matters to
// those alone that read it (breach.go).
//
// Evidence is compared in the canonical form that schemas say (schemas.Fold): rules see it in documents, records and joined records, and
// so do matches, exclusions, exceptions and claims. What is remembered is remembered by the text as it is written, and failing records are
// named as the evidence writes them.
//
// The package does not print, read policy files or know of statuses by hand, history or reports.
package engine
