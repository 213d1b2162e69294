// Package bitset holds sets of small numbers: the records of a population that a control finds in scope, or failing.
//
// It knows no records. Sets are compared and stored in one form: without zero words at the end.
package bitset
