// Package assessmentfile reads assessments back that were written as JSON, by `posture assess --format json`.
//
// What it gives is what was written: it is held to its schema, its version and its own sums, and it is bounded in size. The
// package opens no files and assesses nothing.
package assessmentfile
