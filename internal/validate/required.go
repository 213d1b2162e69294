package validate

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/schemas"
)

// MissingFieldsError is a population of which no record has some required fields: they were not
// asked for.
type MissingFieldsError struct {
	Dataset string
	Fields  []string // sorted
	Records int64
}

func (e *MissingFieldsError) Error() string {
	who := fmt.Sprintf("none of the %d records has", e.Records)
	if e.Records == 1 {
		who = "the one record does not have"
	}
	return fmt.Sprintf("%s the required %s", who, strings.Join(e.Fields, ", "))
}

// RequireFields returns the records. Behind the last one of a population it yields a
// [MissingFieldsError] if no record had a field that the schema requires. Other datasets, and a
// population without records, are returned as they are. Truncated, which is called then, returns
// the fields that were cut off: those were asked for.
func RequireFields(dataset *schemas.Dataset, records iter.Seq2[any, error], truncated func() []evidence.Truncated) iter.Seq2[any, error] {
	if dataset.Kind != schemas.Population {
		return records
	}
	return func(yield func(any, error) bool) {
		missing := required(dataset)
		var n int64
		for record, err := range records {
			if err != nil {
				yield(nil, err)
				return
			}
			n++
			if fields, ok := record.(map[string]any); ok && len(missing) > 0 {
				missing = slices.DeleteFunc(missing, func(name string) bool { _, has := fields[name]; return has })
			}
			if !yield(record, nil) {
				return
			}
		}
		for _, cut := range truncated() {
			missing = slices.DeleteFunc(missing, func(name string) bool { return name == cut.Field })
		}
		if n > 0 && len(missing) > 0 {
			yield(nil, &MissingFieldsError{Dataset: dataset.Name, Fields: missing, Records: n})
		}
	}
}

// required returns the fields that the schema requires of a record, sorted.
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
