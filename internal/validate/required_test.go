package validate_test

import (
	"errors"
	"testing"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/validate"
	"github.com/posture-score/posture/schemas"
)

func TestPresent(t *testing.T) {
	broken := errors.New("broken")
	tests := []struct {
		name      string
		dataset   string
		records   []any
		truncated []evidence.Truncated
		err       error
		want      string // the error behind the last record
	}{
		{"no records", "entra.users", nil, nil, nil, ""},
		{"every field somewhere", "entra.users", []any{map[string]any{"id": "a", "userType": nil}, map[string]any{"id": "b", "accountEnabled": true}}, nil, nil, ""},
		{"a field nowhere", "entra.users", []any{map[string]any{"id": "a", "userType": "Guest"}}, nil, nil, "the one record does not have the required accountEnabled"},
		{"fields nowhere", "entra.users", []any{map[string]any{"id": "a"}, map[string]any{"id": "b"}}, nil, nil, "none of the 2 records has the required accountEnabled, userType"},
		{"a field that was cut off", "entra.users", []any{map[string]any{"id": "a", "userType": "Guest"}}, []evidence.Truncated{{Field: "accountEnabled"}}, nil, ""},
		{"a list", "entra.domains", []any{map[string]any{}}, nil, nil, ""},
		{"an error before", "entra.users", []any{map[string]any{"id": "a"}}, nil, broken, "broken"},
	}
	registry := must.Get(schemas.Builtin())(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dataset, _ := registry.Dataset(test.dataset)
			records := func(yield func(any, error) bool) {
				for _, record := range test.records {
					if !yield(record, nil) {
						return
					}
				}
				if test.err != nil {
					yield(nil, test.err)
				}
			}
			var got []any
			failed := ""
			for record, err := range validate.RequireFields(dataset, records, func() []evidence.Truncated { return test.truncated }) {
				if err != nil {
					failed = err.Error()
					continue
				}
				got = append(got, record)
			}
			expect.Equalf(t, test.records, got, "records")
			expect.Equalf(t, test.want, failed, "the error")
		})
	}
}
