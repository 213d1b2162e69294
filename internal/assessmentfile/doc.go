// Package assessmentfile reads assessments that `posture assess --format json` wrote.
//
// It checks them against their schema, their version and their own sums, and bounds their size. It opens no files and assesses
// nothing.
package assessmentfile
