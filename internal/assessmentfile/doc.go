// Package assessmentfile reads assessments that `posture assess --format json` wrote.
//
// It checks them against their schema and their version, computes what follows from the rest again (points, counts, ranks,
// prerequisites and sums), and bounds their size. It opens no files and assesses
// nothing.
package assessmentfile
