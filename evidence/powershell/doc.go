// Package powershell turns what PowerShell makes of an object into the one
// shape that every dataset has, whatever it was exported with.
//
// ConvertTo-Json writes the names of properties as the cmdlet spells them,
// dates as /Date(ms)/, a list of one as its element and an empty list as null,
// cuts nested values off below a depth, and saves files in UTF-16 or with a
// byte-order mark. Text and Convert undo that, led by the JSON Schema of the
// dataset alone: no dataset has code of its own here. CutOff tells what the
// depth took away, for those who would rather refuse such a record.
//
// The package reads no files, knows no dataset, and never guesses: a value
// that PowerShell cut off is left out, as if it had not been collected, and a
// value of another type than the schema wants stays as it is, for validation
// to report.
package powershell
