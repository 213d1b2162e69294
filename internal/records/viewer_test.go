package records_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/internal/records"
)

func Example() {
	source := source(`[{"id": 1, "plans": ["a"]}, {"id": 2}]`, 2) // a records.Source
	_ = records.Each(context.Background(), source, func(r records.Record) bool {
		fmt.Printf("%d: %s\n", r.Index, r.JSON)
		return true
	})
	// Output:
	// 0: {"id": 1, "plans": ["a"]}
	// 1: {"id": 2}
}

func TestViewer(t *testing.T) {
	viewer := records.NewViewer([]jsonscan.Field{{Name: "id"}, {Name: "plans", Mask: &jsonscan.FieldMask{Whole: true}}})
	for _, test := range []struct{ text, id, plans string }{
		{`{"id": "a", "plans": [1, {"x": 2}], "more": 3}`, `"a"`, `[1, {"x": 2}]`},
		{`{"plans": []}`, ``, `[]`},
		{`7`, ``, ``},
	} {
		record, err := viewer.View([]byte(test.text))
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if id, plans := string(record.Slot(0)), string(record.Slot(1)); id != test.id || plans != test.plans || string(record.JSON()) != test.text {
			t.Errorf("%s: got %s and %s of %s", test.text, id, plans, record.JSON())
		}
	}
	for _, text := range []string{``, `{`, `{"id": }`, `{} {}`} {
		if _, err := viewer.View([]byte(text)); err == nil {
			t.Errorf("%q is taken for a record", text)
		}
	}
}
