package report

import (
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/securescore"
)

// reconciled is a reconciliation with one of everything.
func reconciled() Reconciliation {
	points := func(achieved, total int) securescore.Points {
		return securescore.Points{Achieved: engine.Points(achieved), Total: engine.Points(total)}
	}
	pair := func(bucket securescore.Bucket, id string, achieved, total int) securescore.Pair {
		p := securescore.Pair{Bucket: bucket, ID: id, Title: "Ensure " + id + " | <is> done\x1b[2J", Category: "identity", Names: []string{}, Why: []string{}, Known: []string{}}
		p.Difference.Achieved, p.Difference.Total = -200, -300
		p.Ours = &securescore.Result{Points: points(achieved, total), Outcome: engine.Partial, Status: engine.ToAddress, Counts: true}
		return p
	}
	different := pair(securescore.Different, "Different", 100, 1000)
	different.Theirs = &securescore.Result{Points: points(300, 1300), Counts: true}
	different.Names = []string{"1.Different", "2.Different"}
	different.Why = []string{"ours counts 1 of 10", "theirs says \"=1+1 \x1b[31m\""}
	different.Known = []string{"Microsoft counts an action for each instance."}
	theirs := pair(securescore.OnlyTheirs, "Theirs", 0, 0)
	theirs.Ours, theirs.Theirs = nil, &securescore.Result{Points: points(200, 300), Counts: true}
	theirs.Why = []string{"the catalog does not have it"}
	first, second := pair(securescore.NotConnected, "First", 100, 200), pair(securescore.NotConnected, "Second", 0, 400)
	first.Why, second.Why = []string{"its source is not connected"}, []string{"its source is not connected"}
	preview := pair(securescore.Preview, "Preview", 0, 0)
	preview.Ours.Counts, preview.Why = false, []string{"it is a preview here"}
	r := &securescore.Reconciliation{
		Ours:       securescore.Side{At: time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC), Points: points(1000, 2000)},
		Theirs:     securescore.Side{At: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), Points: points(1199, 2300)},
		Difference: securescore.Difference{Achieved: -199, Total: -300}, Actions: []securescore.Pair{different, theirs, first, second, preview},
		Notes: []string{"3 days lie between the two"},
	}
	for _, bucket := range securescore.Buckets() {
		r.Buckets = append(r.Buckets, securescore.BucketSum{Bucket: bucket})
	}
	r.Buckets[1].Actions, r.Buckets[1].Difference = 1, securescore.Difference{Achieved: -200, Total: -300}
	r.Buckets[len(r.Buckets)-1].Difference = securescore.Difference{Achieved: 1}
	return Reconciliation{Tenant: engine.Tenant{ID: "t", Name: "Con\x1btoso"}, Reconciliation: r}
}

func TestReconciliation(t *testing.T) {
	golden(t, "reconciliation", "", Style{}, reconciled())
	golden(t, "reconciliation-narrow-color", "", Style{Width: 60, Color: true}, reconciled())
	within(t, 60, reconciled())
	golden(t, "reconciliation-csv", "csv", Style{}, reconciled())
	golden(t, "reconciliation-markdown", "markdown", Style{}, reconciled())
	golden(t, "reconciliation-json", "json", Style{}, reconciled())
}

func TestGraphImport(t *testing.T) {
	page := GraphImport{
		Store: "posture.db", Decisions: "proposed.hcl", Averages: "averages.json",
		Days: []ImportedDay{
			{Tenant: "a\x1b[2J", Date: "2026-09-30", Entry: 1, Added: true, Achieved: 1000, Total: 2000, Percent: 5000, Findings: []string{"maxScore is 21, and the controls add up to 20: the sum does not add up, and is kept as reported"}},
			{Tenant: "a\x1b[2J", Date: "2026-10-01", Entry: 2, Achieved: 1000, Total: 2000, Percent: 5000, Findings: []string{}},
			{Tenant: "b", Date: "2026-10-01", Entry: 1, Added: true, Achieved: 2000, Total: 2000, Percent: 10000, Findings: []string{}},
		},
		Proposals: []securescore.Proposal{
			{ID: "A", Names: []string{"1.A", "2.A"}, State: "Ignored", Status: engine.RiskAccepted, Lost: []string{}},
			{ID: "B", Names: []string{"B"}, State: "Else\x1b[2J", Lost: []string{"the state is not known: no decision is proposed"}},
		},
	}
	golden(t, "graphimport", "", Style{}, page, GraphImport{Decisions: "proposed.hcl"})
	golden(t, "graphimport-json", "json", Style{}, page, GraphImport{})
}
