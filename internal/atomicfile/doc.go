// Package atomicfile writes files as a whole or not at all.
//
// It knows nothing of what stands in them, and locks nothing: who writes at the same time is the caller's affair.
package atomicfile
