// Package infer proposes the schema of a dataset from a sample of its records.
//
// A proposal accepts every record of the sample: it names the fields and their types, those that every record has, formats that all
// values have, enumerations that few values fill, and a key that no two records share. It is for people to edit: a sample shows what
// was seen, and not what may come. The package opens no files and knows no other dataset.
package infer
