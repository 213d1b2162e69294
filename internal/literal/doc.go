// Package literal reads files of HCL whose values are written out: texts, numbers, dates and lists of texts. Nothing in them is
// computed, so no expression reaches an evaluator. What is wrong is gathered with its place, all of it, and the values that are
// wrong are zero.
//
// It does not know what a file says: internal/settings and internal/cohort do.
package literal
