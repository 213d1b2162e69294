package report

import (
	"strings"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/score"
)

// changes is an attribution with one of everything.
func changes() *attribution.Attribution {
	at := time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC)
	state := func(outcome engine.Outcome, status engine.Status, achieved, most int) *attribution.State {
		return &attribution.State{Outcome: outcome, Status: status, Achieved: engine.Points(achieved), Max: engine.Points(most), Counts: true}
	}
	part := func(cause attribution.Cause, detail string, points, total, percent, actions int) attribution.Part {
		p := attribution.Part{Cause: cause, Detail: detail, Actions: actions}
		p.Points, p.Total, p.Percent = score.Delta(points), score.Delta(total), score.Delta(percent)
		return p
	}
	covered := state(engine.Partial, engine.ToAddress, 900, 1000)
	covered.Coverage = &engine.Coverage{Compliant: 9, InScope: 10, Records: 12}
	fewer := state(engine.Partial, engine.ToAddress, 450, 1000)
	fewer.Coverage = &engine.Coverage{Compliant: 5, InScope: 11, Records: 13}
	return &attribution.Attribution{
		Method: attribution.FromEvidence,
		Old:    attribution.Side{Tenant: engine.Tenant{ID: "t", Name: "Con\x1btoso"}, EvaluatedAt: at, Achieved: 1500, Total: 3000, Percent: 5000},
		New:    attribution.Side{Tenant: engine.Tenant{ID: "t", Name: "Con\x1btoso"}, EvaluatedAt: at.AddDate(0, 0, 14), Achieved: 1050, Total: 3500, Percent: 3000},
		Change: part("", "", -450, 500, -2000, 0).Amount,
		Causes: []attribution.Part{
			part(attribution.Catalog, "added", 0, 500, -714, 1), part(attribution.Population, "users", -50, 0, -143, 1),
			part(attribution.Configuration, "", -400, 0, -1143, 1), part(attribution.Status, "set", 0, 0, 0, 1),
		},
		Actions: []attribution.Change{
			{
				ID: "Admins", Title: "Protect <administrators>", Category: "identity", Product: "entra_id", Word: attribution.Regressed, Before: covered, After: fewer,
				Parts: []attribution.Part{part(attribution.Population, "users", -50, 0, -143, 0), part(attribution.Configuration, "", -400, 0, -1143, 0)},
				Records: &attribution.Moved{
					Regressed: &attribution.Set{Total: 4, Shown: []engine.Record{{Key: "a"}, {Key: "b", Label: "Bea"}, {Key: "c"}, {Key: "d"}}}, Came: &attribution.Set{Total: 1, Shown: []engine.Record{{Key: "e\x1b[2J"}}},
				},
				Fields: &engine.DocumentChanges{Total: 2, Shown: []engine.FieldChange{{Dataset: "entra.policy", Record: &engine.Record{Key: "p1", Label: "Block"}, Field: "users.mfa", Old: "true"}}},
			},
			{
				ID: "Fresh", Title: "A new one", Category: "data", Product: "purview", Word: attribution.InCatalog, After: state(engine.NotMet, engine.ToAddress, 0, 500),
				Parts: []attribution.Part{part(attribution.Catalog, "added", 0, 500, -714, 0)},
			},
			{
				ID: "Later", Title: "Do it later", Category: "data", Product: "purview", Word: attribution.Decided,
				Before: state(engine.NotMet, engine.ToAddress, 0, 500), After: state(engine.NotMet, engine.Planned, 0, 500),
				Parts:    []attribution.Part{part(attribution.Status, "set", 0, 0, 0, 0)},
				Decision: &engine.Decision{Status: engine.Planned, Reason: "in spring", Owner: "Ada", ApprovedBy: "Grace"},
			},
		},
		Incomparable: []attribution.Incomparably{{ID: "Dark", Title: "Unknown", Reason: "neither assessment has sufficient evidence"}},
		Notes:        []string{"who changed a setting is not in the evidence: actor unknown"},
	}
}

func TestAttribution(t *testing.T) {
	a := changes()
	for _, width := range []int{60, 80, 120} {
		text := golden(t, "attribution"+map[int]string{60: "_60", 80: "_80", 120: ""}[width], "table", Style{Width: width}, Attribution{Attribution: a, All: width == 80})
		if strings.Contains(text, "\x1b") {
			t.Error("a control character came through")
		}
		for line := range strings.Lines(text) {
			if columns(strings.TrimRight(line, "\n")) > width {
				t.Errorf("wider than %d: %s", width, line)
			}
		}
	}
	golden(t, "attribution_csv", "csv", Style{}, Attribution{Attribution: a})
	golden(t, "attribution_markdown", "markdown", Style{}, Attribution{Attribution: a})
}
