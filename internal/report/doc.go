// Package report writes what other packages found as text for people and as JSON for programs.
//
// It decides nothing: everything it shows stands in the value that it is given. Its output is the same bytes for the same
// value; color is used only where the caller asks for it.
package report
