// Package reference writes the pages of docs that follow from the catalog and from the schemas: docs/catalog has a page for each
// product with its controls, docs/evidence one for each area with its datasets, field by field.
//
// It gives the pages as text. It reads and writes no files: a test holds the files to the pages, and `make update` rewrites them.
// What a catalog or a schema says is shown as it is, never as Markdown.
package reference
