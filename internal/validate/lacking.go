package validate

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/schemas"
)

// LackingError is a dataset of which no record has some field that every record
// should have: the field was not asked for.
type LackingError struct {
	Dataset string
	Fields  []string // sorted
	Records int64
}

func (e *LackingError) Error() string {
	who := fmt.Sprintf("none of the %d records has", e.Records)
	if e.Records == 1 {
		who = "the one record does not have"
	}
	return fmt.Sprintf("%s the required %s", who, strings.Join(e.Fields, ", "))
}

// Present passes records on. Behind the last one of a population it fails with a
// [LackingError] if the schema requires a field that none of them had. Without
// any record nothing is lacking, and what the few records of a list lack is
// told record by record. Truncated, which is asked then, names the fields that were
// cut off: those were asked for.
func Present(dataset *schemas.Dataset, records iter.Seq2[any, error], truncated func() []evidence.Truncated) iter.Seq2[any, error] {
	if dataset.Kind != schemas.Population {
		return records
	}
	return func(yield func(any, error) bool) {
		lacking := required(dataset)
		var n int64
		for record, err := range records {
			if err != nil {
				yield(nil, err)
				return
			}
			n++
			if fields, ok := record.(map[string]any); ok && len(lacking) > 0 {
				lacking = slices.DeleteFunc(lacking, func(name string) bool { _, has := fields[name]; return has })
			}
			if !yield(record, nil) {
				return
			}
		}
		for _, cut := range truncated() {
			lacking = slices.DeleteFunc(lacking, func(name string) bool { return name == cut.Field })
		}
		if n > 0 && len(lacking) > 0 {
			yield(nil, &LackingError{Dataset: dataset.Name, Fields: lacking, Records: n})
		}
	}
}

// required names the fields that the schema requires of a record, sorted.
func required(dataset *schemas.Dataset) []string {
	var names []string
	list, _ := dataset.Shape()["required"].([]any)
	for _, name := range list {
		if text, ok := name.(string); ok {
			names = append(names, text)
		}
	}
	slices.Sort(names)
	return names
}
