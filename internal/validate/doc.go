// Package validate checks the records of a bundle against the schemas of their datasets.
//
// It reads everything: digests, counts, every record of every dataset. It tells where evidence is not what it should be, and
// leaves to others what follows from that.
package validate
