// Package load reads everything that an assessment needs before it scans a population.
//
// In the order of its files: values that are made once (table.go), the compiled rules and what they read
// (rules.go), violations of schemas (violation.go), the state of a dataset (dataset.go), passes over a
// dataset that may repeat records (pass.go), documents (document.go), licenses (license.go), truncated
// exports (truncated.go), the evidence as a whole (evidence.go), exceptions from a baseline
// (baseline.go), the documents of one control (context.go), and what of all this a control can rely on
// (control.go).
//
// The package evaluates no rule, reads no population, and knows no outcomes or points.
package load
