// Package unique finds records that have the same unique fields as another one of their dataset.
//
// A dataset may have millions of records, so they are found in two steps. While it is read for whatever purpose, a [Watch] is given the
// [Key] of each record, and tells which keys may have come before: it needs less than five bytes for a record, and hardly ever suspects
// one that did not. If it suspects any, [Fields.Find] reads the dataset again, and finds out exactly.
package unique
