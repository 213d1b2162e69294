// Package join is an in-memory index of the records that are joined to those of a population.
//
// A joined dataset may have as many records as the population. So an [Index] holds only the fields that
// rules read, and each distinct value once: keys are packed, values and combinations of values are
// interned. Memos compare the ids of values instead of their bytes. The package knows nothing of files
// or rules.
package join
