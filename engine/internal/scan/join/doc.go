// Package join is an index of the records that are joined to those of a population.
//
// A joined dataset may have as many records as the population has. So of each record an [Index] holds the parts that rules read, and
// of those each different one once: keys are packed, values and whole combinations of values are numbered. The numbers let those who
// remember verdicts compare values without looking at them. The package knows nothing of files or rules.
package join
