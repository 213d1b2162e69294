// Package validate checks the records of a bundle against the schemas of their datasets.
//
// It reads everything: digests, counts, every record of every dataset. It does not decide what follows from a violation.
package validate
