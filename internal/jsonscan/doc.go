// Package jsonscan is the scanner of JSON that everything hot is built on: it validates JSON, and extracts from it, without
// decoding.
//
// token.go has the tokens: functions of (b, i) that return the index behind a piece of JSON, or a negative number. A [Pruner] scans
// one value after another in one pass over its bytes; it validates all of them, and keeps the fields of objects that it is asked
// for, pruned by a [FieldMask]. The acceptor of package schemas, the term decoder of the engine and the record scanner of
// internal/records are built on the same tokens.
//
// The package does not read files, and does not know records, schemas or rules.
package jsonscan
