package report

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

func TestNDJSON(t *testing.T) {
	for name, page := range pages(t) {
		counts, announced := map[string]int{}, 0
		for i, line := range strings.Split(strings.TrimSuffix(rendered(t, page, "ndjson"), "\n"), "\n") {
			var value struct {
				Type    string
				Actions int
				Failing struct{ Named int }
				Action  string
				Key     *string
			}
			must.Do(t, json.Unmarshal([]byte(line), &value))
			counts[value.Type]++
			switch {
			case (i == 0) != (value.Type == "assessment"):
				t.Errorf("%s: line %d is of type %s", name, i+1, value.Type)
			case i == 0:
				expect.Equalf(t, len(page.Actions), value.Actions, "%s: actions in the header", name)
			case value.Type == "failing" && (value.Key == nil || value.Action == ""):
				t.Errorf("%s: a record without key or action: %s", name, line)
			}
			announced += value.Failing.Named
		}
		expect.Equalf(t, len(page.Actions), counts["action"], "%s: actions", name)
		expect.Equalf(t, announced, counts["failing"], "%s: failing records", name)
	}
}
