// Package engine assesses evidence against a catalog of controls.
//
// [Compile] readies a catalog once; the [Engine] then assesses any number of bundles, from any number of goroutines. An
// [Assessment] says of each control what came out and why, and what it all adds up to. A score is never higher than the
// evidence shows: missing evidence, an undefined rule and a failing rule each end as an outcome of their own, earn nothing, and
// keep their points in the total.
//
// The way of the data: documents that rules read whole are loaded and checked against their schemas (documents.go); populations are
// streamed record by record (scan.go), each with the records joined to it (join.go); package judge turns a record into a
// verdict, a tally counts verdicts (tally.go), outcome.go turns counts into outcomes, and package score adds up points.
//
// The package does not print, read policy files or know of statuses by hand, history or reports.
package engine
