// Package psobject converts what PowerShell makes of an object into the shape that a dataset has, whatever exported it.
//
// ConvertTo-Json writes the names of properties as the cmdlet spells them, dates as /Date(ms)/, a list of one as its
// element and an empty list as null, wraps values that have members of their own, and cuts nested values off below a
// depth. Convert undoes that by the JSON Schema of the dataset: no dataset has code of its own here.
//
// What the depth cut off cannot be restored. A File converts the records of one file and lists the fields that lost a
// value:
//
//   - the notation of a hash table (@{...}) or the name of a .NET type is in its place;
//   - a text is where the schema has an object, or a list of objects;
//   - the elements of a list were joined to one text, with blanks between them. A text with a blank is taken for one if
//     its elements are ids or the like, which have none, or if nothing in the file shows that it was written so deep.
//
// Such a value is left out, as if it had not been collected.
//
// The package reads no files, knows no dataset, and does not guess: a value of another type than the schema has stays as
// it is, for validation to report.
package psobject
