// Package atomicfile replaces files as a whole or not at all.
//
// It knows nothing of their content and locks nothing: callers exclude concurrent writers themselves.
package atomicfile
