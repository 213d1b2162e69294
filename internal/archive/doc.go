// Package archive recognises archives and compressed data by content, and decompresses.
//
// The package does not unpack archives, and does not bound what it decompresses: package evidence does.
package archive
