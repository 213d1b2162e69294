// Package powershell turns what PowerShell makes of an object into the one
// shape that every dataset has, whatever it was exported with.
//
// ConvertTo-Json writes the names of properties as the cmdlet spells them,
// dates as /Date(ms)/, a list of one as its element and an empty list as null,
// wraps values that have members of their own, cuts nested values off below a
// depth, and saves files in whatever encoding. Text and Convert undo that, led
// by the JSON Schema of the dataset alone: no dataset has code of its own here.
//
// What the depth took away can't be undone. A File converts the records of one
// file and tells which fields lost a value:
//
//   - the notation of a hash table (@{...}) or the name of a type of .NET stands in its place;
//   - a text stands where the schema wants an object, or a list of objects;
//   - the elements of a list were joined to one text, with blanks between them. A text with a blank
//     is taken for one if its elements are ids or the like, which have none, or if nothing in the file
//     shows that it was written so deep: see File.
//
// Such a value is left out, as if it had not been collected. Whether somebody reads the field, and what
// becomes of the dataset then, is decided where the rules are known.
//
// The package reads no files, knows no dataset, and never guesses: a value of
// another type than the schema wants stays as it is, for validation to report.
package psobject
