// Package randpolicy generates random policies and records, for tests that compare two ways to
// evaluate them.
//
// What it generates follows from its source of random numbers alone. Most of the policies can be
// compiled, and few of them make sense.
package randpolicy
