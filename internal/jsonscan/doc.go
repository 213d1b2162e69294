// Package projection takes out of JSON what somebody reads, and checks the rest.
//
// [FieldMask] say which parts of a value are read. A [Pruner] walks one value after another in one pass over its bytes: it
// validates all of them, read or not, and keeps those parts. It decodes nothing. The package knows nothing of files, records
// or rules.
package jsonscan
