// Package manual puts evidence that was written by hand into a bundle: the
// records of a dataset, or what somebody attests.
//
// What people write is held to the schema of the dataset, to the last record:
// they can mend it. The bundle is a new one. It takes over the datasets of
// another, which is not changed.
package manual
