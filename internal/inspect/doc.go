// Package inspect says what the decisions of a register come to: where each stands at a time, whether it has an effect and if not why, and what
// is wrong with the file beyond its grammar. It compares the register with a catalog, and with an assessment if there is one.
//
// It reads no files and prints nothing.
package inspect
