// Package codec is a compact binary encoding, which reads fast: the program embeds the built-in
// catalog compiled, in this form.
//
// One list of calls says how a type is written and how it is read, so that the two can't differ. A
// text that was cut off or changed is an error when it is read, never a panic. The encoding has no
// versions: callers that store it have to make sure that the same program wrote it. The package
// does not know what it encodes.
package codec
