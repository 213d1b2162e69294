// Package trend says how a score went over time: points in time with what could be reached, what was gained and lost in between and by
// which causes, accepted risk, a comparison, and when the current pace reaches a goal.
//
// It works on a slice of moments. [Of] makes them of assessments; a store has them ready. All arithmetic is that of whole numbers and
// fractions, so that the same moments give the same result everywhere.
//
// It knows no store and prints nothing.
package trend
