// Package pin reads and writes posture.lock: which catalogs an organization means, by their digests. A newer built-in catalog, or one that
// somebody changed, then never changes a score unnoticed.
//
// It does NOT read catalogs, and it compares nothing: whoever loads a catalog does.
package pin
