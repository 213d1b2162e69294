package evidence

import (
	"cmp"
	"slices"
	"strings"
)

// Truncated is a field of a dataset whose value the export lost, in some record: it was written without what is in it, such as by
// ConvertTo-Json below its depth.
type Truncated struct {
	Field string `json:"field"` // the names that lead to it, with dots between them; lists on the way add none
	File  string `json:"file"`  // the first file in which it was lost
}

// maxTruncated bounds the fields of one dataset. A schema has fewer.
const maxTruncated = 1000

// Truncated notes fields that the export of a dataset lost. It may come before the dataset is written or after; it is forgotten if the
// dataset is listed as failed.
func (w *Writer) Truncated(name string, fields ...Truncated) {
	w.truncated[name] = append(w.truncated[name], fields...)
}

// oncePerField sorts fields and keeps the first file of each.
func oncePerField(fields []Truncated) []Truncated {
	sorted := slices.SortedFunc(slices.Values(fields), func(a, b Truncated) int {
		return cmp.Or(strings.Compare(a.Field, b.Field), strings.Compare(a.File, b.File))
	})
	return slices.CompactFunc(sorted, func(a, b Truncated) bool { return a.Field == b.Field })
}

// badTruncated says what is wrong with the fields that an entry calls truncated, "" if nothing is.
func badTruncated(fields []Truncated) string {
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
