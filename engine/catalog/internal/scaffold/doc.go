// Package scaffold renders and writes the files of a new control for its author to edit: the HCL,
// the Rego and the tests, with comments that explain each part. The files load, and the tests pass,
// as they stand. Texts that only the author can write are placeholders ([Placeholder]), which the
// check of a catalog refuses.
//
// It does not load catalogs or schemas, does not decide which products, datasets or ids may be
// used, and never overwrites a file.
package scaffold
