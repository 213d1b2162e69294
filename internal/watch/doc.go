// Package watch tells when files change.
//
// Folders are watched by the means of the operating system, and looked at now and then all the same: some file systems tell nothing. A
// change is told once the files stay as they are for a moment, so that nobody reads a file that is being written.
//
// It does NOT read files: whether what is there is whole, its reader says.
package watch
