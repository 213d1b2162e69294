// Package term turns JSON text into OPA's values, without anything in between.
//
// The text has been validated before, by whoever walked over it; numbers stay as they are written. The package knows nothing of
// records or rules; which texts are folded, it is told.
package term
