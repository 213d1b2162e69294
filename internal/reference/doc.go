// Package reference writes the pages of docs that follow from the catalog and from the schemas:
// docs/catalog has a page for each product with its controls, docs/evidence one for each area with
// its datasets, field by field.
//
// It returns the pages as text, and reads and writes no files: a test compares the files with the
// pages, and `make update` rewrites them. Texts of a catalog or a schema are escaped, so that none
// of them reads as Markdown.
package reference
