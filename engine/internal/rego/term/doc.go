// Package term decodes JSON directly to OPA's values, or views it where it stands, so that a term is made only of what needs to be one.
//
// The text was validated before, by the scanner that found it; numbers keep their spelling. The package does not know records or
// rules; a fold tells it which strings have a canonical form.
package term
