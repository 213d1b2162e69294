// Package jsonfile reads JSON as tools save it: in any encoding, as one value, several, or a list, of any size.
//
// Bounds hold for everything: the bytes of a file, the bytes of a value that is held, and the time, by a context. The
// package does not know what the values mean.
package jsonfile
