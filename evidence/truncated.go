package evidence

import (
	"cmp"
	"slices"
	"strings"
)

// Truncated is a field of a dataset whose value is lost in some record of the export, such as below the
// depth of ConvertTo-Json.
type Truncated struct {
	Field string `json:"field"` // path of names joined by dots; lists add no name
	File  string `json:"file"`  // the first file in which it is truncated
}

// maxTruncated bounds the truncated fields of one dataset: a schema has fewer fields.
const maxTruncated = 1000

// Truncated lists fields that are truncated in the export of a dataset, before or after the dataset is
// written. They are dropped if the dataset failed.
func (w *Writer) Truncated(name string, fields ...Truncated) {
	w.truncated[name] = append(w.truncated[name], fields...)
}

// firstPerField sorts fields and keeps the first file of each.
func firstPerField(fields []Truncated) []Truncated {
	sorted := slices.SortedFunc(slices.Values(fields), func(a, b Truncated) int {
		return cmp.Or(strings.Compare(a.Field, b.Field), strings.Compare(a.File, b.File))
	})
	return slices.CompactFunc(sorted, func(a, b Truncated) bool { return a.Field == b.Field })
}

// checkTruncated returns what is wrong with truncated fields, as the end of a sentence; "" if nothing is.
func checkTruncated(fields []Truncated) string {
	if len(fields) > maxTruncated {
		return "has more truncated fields than a dataset has fields"
	}
	seen := make(map[string]bool, len(fields))
	for _, t := range fields {
		switch {
		case slices.Contains(strings.Split(t.Field, "."), ""):
			return "has the truncated field " + quote(t.Field) + ", which is no path of names with dots between them"
		case t.File == "":
			return "has the truncated field " + quote(t.Field) + " without the file in which it was cut off"
		case seen[t.Field]:
			return "has the truncated field " + quote(t.Field) + " twice"
		}
		seen[t.Field] = true
	}
	return ""
}
