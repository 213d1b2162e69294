// Package scan evaluates controls over the records of a population, and counts.
//
// In the order of its files: decisions for all records at once (everyone.go), the index of a joined
// dataset (index.go and package join), what an observer sees of a record (observation.go), counters
// (counters.go), labels of records (label.go), a control in a scan (control.go), what controls find of
// each key of a population (mark.go), the controls that a record may match (match.go), the plan of a
// scan (plan.go), what rules ask of texts (predicate.go), domains of its columns (domain.go), interned
// values and memos of verdicts by them (memo.go), the columns of the record that a worker is at
// (columns.go), a memo by the frontier of a rule (frontier.go), the worker (worker.go), keys that only
// joined datasets have (unmatched.go), the scans of all populations (scan.go), and what they read
// without any rule (floor.go).
//
// A record is counted in worker.count. The package knows nothing of outcomes, points or decisions
// beyond excluded records.
package scan
