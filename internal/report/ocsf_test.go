package report

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
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

// TestOCSFStatus has the words of OCSF: missing evidence is a warning, and what fails and was accepted is a finding that is suppressed.
func TestOCSFStatus(t *testing.T) {
	page := pages(t)["empty"]
	status := func(outcome engine.Outcome, decision engine.Status) string {
		page.Actions = []engine.Action{action("A", "A", 0, 5, outcome)}
		page.Actions[0].Status = decision
		var event complianceFinding
		must.Do(t, json.Unmarshal([]byte(rendered(t, page, "ocsf")), &event))
		return event.Compliance.Status + ", " + event.Status
	}
	expect.Equal(t, "Warning, New", status(engine.NoEvidence, engine.ToAddress))
	expect.Equal(t, "Unknown, New", status(engine.Errored, engine.ToAddress))
	expect.Equal(t, "Fail, New", status(engine.Partial, engine.ToAddress))
	expect.Equal(t, "Fail, Suppressed", status(engine.NotMet, engine.RiskAccepted))
	expect.Equal(t, "Resolved through third party, Suppressed", status(engine.NotMet, engine.ThirdParty))
	expect.Equal(t, "Pass, Resolved", status(engine.Complete, engine.Completed))
}
