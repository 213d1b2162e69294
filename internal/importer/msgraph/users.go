package msgraph

import (
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/validate"
	"github.com/posture-score/posture/schemas"
)

// checked passes records on, and fails behind the last one if they are no whole
// list: if a field that rules read was not asked for, or if only guests were.
func checked(m *made, records iter.Seq2[any, error]) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		n, guests := 0, 0
		for record, err := range validate.Present(m.dataset, records, m.saved.Truncated) {
			var lacking *validate.LackingError
			if errors.As(err, &lacking) {
				err = &evidence.Error{Summary: err.Error(), Hint: askFor(m.dataset, m.file)}
			}
			fields, _ := record.(map[string]any)
			if n++; fields["userType"] == "Guest" {
				guests++
			}
			if !yield(record, err) || err != nil {
				return
			}
		}
		if m.dataset.Name == "entra.users" && n > 0 && n == guests {
			yield(nil, &evidence.Error{Summary: fmt.Sprintf("all %d users are guests", n), Hint: "Save the members of the organization as well."})
		}
	}
}

// askFor says how to ask for all fields of a dataset, in the way that a file was made.
func askFor(dataset *schemas.Dataset, file string) string {
	cmdlet, _ := cmdletNamed(file)
	for _, source := range dataset.Sources {
		query := source.Query(dataset)
		switch names, selects := strings.CutPrefix(query, "$select="); {
		case selects && cmdlet != "":
			return fmt.Sprintf("Save what %s gives with -All -Property %s.", cmdlet, names)
		case query != "":
			return fmt.Sprintf("Save the answer to %s?%s.", source.Endpoint, query)
		}
	}
	return "Save the answer with all of its fields."
}
