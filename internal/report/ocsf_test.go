package report

import (
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
)

func TestOCSF(t *testing.T) {
	s := schema(t, "ocsf-subset.json")
	for name, page := range pages(t) {
		want, ids := 0, map[any]bool{}
		for i := range page.Actions {
			if want++; page.Actions[i].Failing != nil {
				want += len(page.Actions[i].Failing.Shown)
			}
		}
		got := 0
		for line := range strings.Lines(rendered(t, page, "ocsf")) {
			event := valid(t, s, line).(map[string]any)
			ids[event["metadata"].(map[string]any)["uid"]] = true
			got++
		}
		expect.Equalf(t, want, got, "%s: events", name)
		expect.Equalf(t, want, len(ids), "%s: ids", name)
	}
}
