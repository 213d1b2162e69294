package page

import (
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/score"
	"github.com/posture-score/posture/internal/snapshot"
)

// TestLacking holds that every action that was not assessed is told with what it waits for.
func TestLacking(t *testing.T) {
	a := &engine.Assessment{
		Evidence: engine.Evidence{Datasets: []engine.Dataset{
			{Name: "a.collected", Status: engine.Collected}, {Name: "b.failed", Status: engine.Failed, Reason: "timed out"},
		}},
		Actions: []engine.Action{
			{ID: "done", Outcome: engine.Complete, Points: engine.ActionPoints{Max: 900}},
			{ID: "claim", Outcome: engine.NoEvidence, Missing: []string{"a.collected"}, Points: engine.ActionPoints{Max: 100}},
			{ID: "two", Outcome: engine.NoEvidence, Missing: []string{"b.failed", "c.missing"}, Points: engine.ActionPoints{Max: 200}},
			{ID: "preview", Outcome: engine.NoEvidence, Stage: engine.Preview, Missing: []string{"c.missing"}, Points: engine.ActionPoints{Max: 300}},
			{ID: "field", Outcome: engine.NoEvidence, Points: engine.ActionPoints{Max: 400}},
			{ID: "rule", Outcome: engine.Errored, Points: engine.ActionPoints{Max: 500}},
		},
	}
	expect.Equal(t, []lacking{
		{Name: "Rules", Why: "failed, or the evidence is not what its schema says", Actions: 1, Points: 500},
		{Name: "Fields of collected evidence", Why: "absent", Actions: 1, Points: 400},
		{Name: "b.failed", Why: "failed: timed out", Actions: 1, Points: 200},
		{Name: "c.missing", Why: "missing", Actions: 2, Points: 200},
		{Name: "a.collected", Why: "does not say it", Actions: 1, Points: 100},
	}, lackingOf(a))
}

// TestBridge holds that the parts of a cause are one step, in the order of causes, and that what adds up to nothing is left out.
func TestBridge(t *testing.T) {
	part := func(cause attribution.Cause, percent score.Delta) attribution.Part {
		return attribution.Part{Cause: cause, Amount: attribution.Amount{Percent: percent}}
	}
	b := bridgeOf("x", &attribution.Attribution{
		Old: attribution.Side{EvaluatedAt: time.Unix(0, 0), Percent: 5000}, New: attribution.Side{EvaluatedAt: time.Unix(86400, 0), Percent: 4900},
		Causes: []attribution.Part{part(attribution.Status, 100), part(attribution.Catalog, -150), part(attribution.Catalog, -50), part(attribution.Time, 10), part(attribution.Time, -10)},
	})
	var steps []string
	for _, step := range b.Steps {
		steps = append(steps, step.Label+" "+signed(step.Value))
	}
	expect.Equal(t, []string{"Catalog −2", "Decisions +1"}, steps)
}

// TestSince holds that losses and gains are told apart, the largest first, and that the rest is counted.
func TestSince(t *testing.T) {
	change := func(id string, points score.Delta) attribution.Change {
		return attribution.Change{ID: id, Word: attribution.Regressed, Parts: []attribution.Part{{Amount: attribution.Amount{Points: points, Percent: points}}}}
	}
	a := &attribution.Attribution{Actions: []attribution.Change{change("same", 0), change("up", 50)}}
	for _, id := range []string{"a", "b", "c", "d", "e", "f", "g"} {
		a.Actions = append(a.Actions, change(id, -score.Delta(id[0])))
	}
	s := sinceOf(&frame{snapshot: &snapshot.Snapshot{Since: a}})
	var lost []string
	for _, m := range s.Lost {
		lost = append(lost, m.ID)
	}
	expect.Equal(t, []string{"g", "f", "e", "d", "c", "b"}, lost)
	expect.Equal(t, 1, len(s.Gained))
	expect.Equal(t, 1, s.More)
}

// TestEntryWith holds that what is not recorded leads to no entry: neither after a decision, which changes no time, nor to an entry that has
// another cause.
func TestEntryWith(t *testing.T) {
	side := func(day int64, percent score.Points) attribution.Side {
		return attribution.Side{EvaluatedAt: time.Unix(day*86400, 0), Percent: percent}
	}
	recorded := &attribution.Attribution{Old: side(1, 5000), New: side(2, 5100)}
	past := &snapshot.Past{Changes: []history.Change{{After: history.Entry{ID: 2}, Attribution: recorded}}}
	for _, test := range []struct {
		since *attribution.Attribution
		want  int64
	}{
		{recorded, 2},
		{&attribution.Attribution{Old: side(2, 5100), New: side(2, 5200)}, 0}, // decided since
		{&attribution.Attribution{Old: side(2, 5100), New: side(2, 5100)}, 0}, // a decision that changes no points
		{nil, 0},
	} {
		id, ok := entryWith(&snapshot.Snapshot{Past: past, Since: test.since})
		expect.Equal(t, test.want, id)
		expect.Equal(t, test.want != 0, ok)
	}
}

// TestWords holds how numbers are written.
func TestWords(t *testing.T) {
	expect.Equal(t, "63.05%", percent(6305))
	expect.Equal(t, "1,018.4", points(101840))
	expect.Equal(t, "−1.5", signed(-150))
	expect.Equal(t, "±0", signed(0))
	expect.Equal(t, "1 day", plural(1, "day"))
	expect.Equal(t, "12,345,678", count(12345678))
	expect.Equal(t, "in the future", ago(time.Unix(86400, 0), time.Unix(0, 0)))
	expect.Equal(t, "2 days ago", ago(time.Unix(0, 0), time.Unix(2*86400, 0)))
}
