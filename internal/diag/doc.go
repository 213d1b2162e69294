// Package diag holds what is wrong with files that people write, such as controls and registers:
// every problem with its place, its one-line summary and how to mend it.
//
// It sorts and prints problems. Finding them is up to whoever reads the files.
package diag
