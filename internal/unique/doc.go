// Package unique finds records that have the same unique fields as another record of their dataset.
//
// A dataset may have millions of records, so there are two steps. While the dataset is read for
// another purpose, a [Detector] gets the [Key] of each record and returns candidates: keys that may
// occur more than once. It needs less than five bytes for a record, and hardly ever returns a key
// that occurs once. If there are candidates, [Fields.Find] reads the dataset again and compares
// exactly.
package unique
