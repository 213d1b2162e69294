// Package year invents a year in the life of a sample tenant: one thing changes at a time, each on a day of its own, and everything
// that a score can follow from changes once.
//
// It is for tests and demonstrations of what explains a score's history. What an event does to a score it does not know: it says which
// cause the change has, and the test of internal/replay holds that this is what is found.
package year
