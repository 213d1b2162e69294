package snapshot_test

import (
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/actions"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/score"
	"github.com/posture-score/posture/internal/snapshot"
)

// TestMarks holds what counts as regressed, added and updated, and until when.
func TestMarks(t *testing.T) {
	now := time.Date(2026, 11, 30, 6, 0, 0, 0, time.UTC)
	day := func(n int) time.Time { return now.AddDate(0, 0, n) }
	there := &attribution.State{Outcome: engine.Partial}
	part := func(cause attribution.Cause, points score.Delta) attribution.Part {
		return attribution.Part{Cause: cause, Amount: attribution.Amount{Points: points}}
	}
	changed := func(n int, parts ...attribution.Part) *attribution.Attribution {
		return &attribution.Attribution{
			New:     attribution.Side{EvaluatedAt: day(n)},
			Actions: []attribution.Change{{ID: "A", Before: there, After: there, Parts: parts}},
		}
	}
	added := changed(-3, part(attribution.Catalog, 0))
	added.Actions[0].Before = nil
	gone := changed(0, part(attribution.Configuration, -100))
	gone.Actions[0].After = &attribution.State{Outcome: engine.NotApplicable}
	for name, test := range map[string]struct {
		past  []*attribution.Attribution
		since *attribution.Attribution
		want  actions.Marks
	}{
		"nothing": {nil, nil, actions.Marks{}},
		"a loss since the last assessment": {
			nil, changed(0, part(attribution.Configuration, -200)),
			actions.Marks{"A": {Lost: 200, Since: now, Why: []string{"configuration"}}},
		},
		"a loss that the history has, too": {
			[]*attribution.Attribution{changed(0, part(attribution.Coverage, -200))},
			changed(0, part(attribution.Coverage, -200)),
			actions.Marks{"A": {Lost: 200, Since: now, Why: []string{"coverage"}}},
		},
		"losses that were regained in part": {
			[]*attribution.Attribution{
				changed(-9, part(attribution.Population, -200)), changed(-8, part(attribution.Status, -100)), changed(-7, part(attribution.Configuration, 50)),
			},
			nil,
			actions.Marks{"A": {Lost: 250, Since: day(-8), Why: []string{"population", "status"}}},
		},
		"a loss that was regained": {
			[]*attribution.Attribution{changed(-9, part(attribution.Population, -200)), changed(-8, part(attribution.Configuration, 300))}, nil, actions.Marks{},
		},
		"a loss against a gain of the same time": {
			nil, changed(0, part(attribution.Population, -200), part(attribution.Configuration, 200)), actions.Marks{},
		},
		"a loss of long ago": {[]*attribution.Attribution{changed(-31, part(attribution.Configuration, -200))}, nil, actions.Marks{}},
		"evidence that was lost, and a license": {
			[]*attribution.Attribution{changed(-2, part(attribution.Evidence, -200)), changed(-1, part(attribution.License, -200))}, nil, actions.Marks{},
		},
		"an action that is new": {[]*attribution.Attribution{added}, nil, actions.Marks{"A": {Added: day(-3)}}},
		"an action with another rule": {
			[]*attribution.Attribution{changed(-5, part(attribution.Catalog, -300))}, nil, actions.Marks{"A": {Updated: day(-5)}},
		},
		"an action that no longer applies": {nil, gone, actions.Marks{}},
	} {
		t.Run(name, func(t *testing.T) {
			s := &snapshot.Snapshot{Now: now.AddDate(1, 0, 0), Assessment: &engine.Assessment{EvaluatedAt: now, Actions: []engine.Action{{ID: "A"}}}, Since: test.since}
			if test.past != nil {
				s.Past = &snapshot.Past{}
				for _, a := range test.past {
					s.Past.Changes = append(s.Past.Changes, history.Change{After: history.Entry{EvaluatedAt: a.New.EvaluatedAt}, Attribution: a})
				}
			}
			expect.Equal(t, test.want, s.Marks())
		})
	}
}
