package plan_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/plan"
	"github.com/posture-score/posture/internal/score"
)

// TestSelected holds that the steps of a cheapest plan, chosen by hand in any order, make the same plan.
func TestSelected(t *testing.T) {
	for seed := range 200 {
		r := rand.New(rand.NewPCG(uint64(seed), 3))
		a := random(r, 1+r.IntN(11), r.IntN(14), true)
		want, err := plan.Cheapest(a, score.Points(r.IntN(int(score.Full))), plan.Options{})
		var unreachable *plan.UnreachableError
		if errors.As(err, &unreachable) {
			continue
		}
		ids := []string{"no such action"}
		for _, step := range want.Steps {
			ids = append(ids, step.ID, step.ID)
		}
		r.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
		want.Target = want.After.Percent
		expect.Equalf(t, want, plan.Selected(a, ids), "seed %d", seed)
	}
}

// TestSelectedWaits holds that what has to come first is named where it is not chosen, and that a circle ends.
func TestSelectedWaits(t *testing.T) {
	a := &engine.Assessment{Actions: []engine.Action{act("A", 5_00, "low", after("B")), act("B", 5_00, "low", after("A")), act("C", 1_00, "low", after("gone"))}}
	a.Score.Total = 11_00
	got := plan.Selected(a, []string{"A", "C"})
	var list []string
	for _, step := range got.Steps {
		list = append(list, step.ID+" waits for "+step.Waits[0])
	}
	expect.Equal(t, []string{"A waits for B", "C waits for gone"}, list)
	expect.Equal(t, 2, len(plan.Selected(a, []string{"A", "B"}).Steps))
	expect.Equal(t, 0, len(plan.Selected(a, nil).Steps))
}

// TestEffect holds the effect to the sums of the actions as they are once the chosen ones are done.
func TestEffect(t *testing.T) {
	for seed := range 300 {
		r := rand.New(rand.NewPCG(uint64(seed), 5))
		a := random(r, 1+r.IntN(11), r.IntN(6), true)
		for i := range a.Actions {
			if action := &a.Actions[i]; r.IntN(4) == 0 && action.Status == engine.ToAddress {
				action.Status = engine.Planned
			}
		}
		before := sum(a, nil)
		a.Score = engine.Score{Achieved: before.Achieved, Total: before.Total, Percent: before.Percent}
		a.Score.Planned.Points, a.Score.CurrentLicense.Points, a.Score.Achievable.Points = before.Planned, before.CurrentLicense, before.Achievable
		var ids []string
		for _, action := range a.Actions {
			if r.IntN(2) == 0 {
				ids = append(ids, action.ID)
			}
		}
		after := sum(a, ids)
		got := plan.EffectOf(a, ids)
		expect.Equalf(t, marks(before), got.Before, "seed %d", seed)
		expect.Equalf(t, marks(after), got.After, "seed %d", seed)
		expect.Equalf(t, after.Achieved-before.Achieved, got.Points, "seed %d", seed)
	}
}

// sum is the score once some actions are done, by the arithmetic of the engine.
func sum(a *engine.Assessment, done []string) score.Score {
	var items []score.Item
	for i := range a.Actions {
		action := &a.Actions[i]
		if !action.Counts() {
			continue
		}
		item := score.Item{
			Achieved: action.Points.Achieved, Max: action.Points.Max, Planned: action.Status == engine.Planned,
			Licensed: action.Licensed(), Accepted: action.Status == engine.RiskAccepted,
		}
		if slices.Contains(done, action.ID) && !action.Settled() {
			item.Achieved = item.Max
		}
		items = append(items, item)
	}
	return score.Sum(items)
}

func marks(s score.Score) plan.Marks {
	mark := func(p score.Points) plan.Mark { return plan.Mark{Points: p, Percent: score.Percent(p, s.Total)} }
	return plan.Marks{Score: mark(s.Achieved), Planned: mark(s.Planned), CurrentLicense: mark(s.CurrentLicense), Achievable: mark(s.Achievable)}
}
