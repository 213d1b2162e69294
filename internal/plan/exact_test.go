package plan_test

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/plan"
	"github.com/posture-score/posture/internal/score"
)

// TestCheapestIsExact tries every set of actions of small random assessments, and wants the best of them.
func TestCheapestIsExact(t *testing.T) {
	rounds := 6000
	if testing.Short() {
		rounds = 600
	}
	planned, refused := 0, 0
	for seed := range rounds {
		r := rand.New(rand.NewPCG(uint64(seed), 7))
		a := random(r, 1+r.IntN(11), r.IntN(14), true)
		target := score.Points(r.IntN(int(score.Full) + 1))
		options := plan.Options{IgnoreLicenses: r.IntN(3) == 0, IncludeAccepted: r.IntN(3) == 0, AssessedOnly: r.IntN(3) == 0}
		want, most := everySet(a, target, options)
		got, err := plan.Cheapest(a, target, options)
		var unreachable *plan.UnreachableError
		switch {
		case errors.As(err, &unreachable):
			refused++
			if want != nil || unreachable.Most.Points != most {
				t.Fatalf("seed %d: %v; want %v, with at most %s points", seed, err, want, most)
			}
		case err != nil:
			t.Fatalf("seed %d: %v", seed, err)
		default:
			planned++
			ids := []string{}
			for _, step := range got.Steps {
				ids = append(ids, step.ID)
			}
			slices.Sort(ids)
			if diff := gocmp.Diff(want, ids); diff != "" {
				t.Fatalf("seed %d: (-want +got)\n%s", seed, diff)
			}
			checkSteps(t, a, got)
		}
	}
	if planned < rounds/4 || refused < rounds/20 {
		t.Errorf("%d plans and %d refusals: the instances don't try much", planned, refused)
	}
}

// everySet is the definition of a plan, without any cleverness: nil if no set reaches the target. It returns the most points, too.
func everySet(a *engine.Assessment, target score.Points, options plan.Options) (best []string, most score.Points) {
	byID := map[string]*engine.Action{}
	var open []*engine.Action
	for i := range a.Actions {
		byID[a.Actions[i].ID] = &a.Actions[i]
		if !a.Actions[i].Settled() {
			open = append(open, &a.Actions[i])
		}
	}
	slices.SortFunc(open, func(a, b *engine.Action) int { return cmp.Compare(a.ID, b.ID) })
	var bestEffort int
	var bestPoints score.Points
	for bits := range 1 << len(open) {
		ids, effort, points, ok := []string{}, 0, a.Score.Achieved, true
		for i, action := range open {
			if bits&(1<<i) != 0 {
				ids = append(ids, action.ID)
				effort += score.Effort(action.Difficulty, action.UserImpact, action.Complexity)
				points += action.Left()
				ok = ok && allowed(action, options)
			}
		}
		for _, id := range ids {
			for _, p := range byID[id].Prerequisites {
				ok = ok && (p.Control == "" || p.Met || slices.Contains(ids, p.Control))
			}
		}
		if !ok {
			continue
		}
		most = max(most, points)
		if int64(points)*int64(score.Full) < int64(target)*int64(a.Score.Total) || a.Score.Total == 0 && target > 0 {
			continue
		}
		if best == nil || cmp.Or(cmp.Compare(effort, bestEffort), cmp.Compare(bestPoints, points), cmp.Compare(len(ids), len(best)), slices.Compare(ids, best)) < 0 {
			best, bestEffort, bestPoints = ids, effort, points
		}
	}
	return best, most
}

func allowed(a *engine.Action, options plan.Options) bool {
	return (options.IgnoreLicenses || a.Licensed()) &&
		(options.IncludeAccepted || a.Status != engine.RiskAccepted) &&
		(!options.AssessedOnly || a.Outcome.Assessed())
}

// checkSteps holds the steps of a plan to what is said of them.
func checkSteps(t *testing.T, a *engine.Assessment, p *plan.Plan) {
	t.Helper()
	points, effort := p.Before.Points, 0
	done := map[string]bool{}
	for _, step := range p.Steps {
		i := slices.IndexFunc(a.Actions, func(a engine.Action) bool { return a.ID == step.ID })
		points += a.Actions[i].Left()
		effort += step.Effort
		if step.After != (plan.Mark{Points: points, Percent: score.Percent(points, a.Score.Total)}) {
			t.Fatalf("%s: after it are %v, want %s points", step.ID, step.After, points)
		}
		for _, id := range step.Waits {
			if !done[id] {
				t.Fatalf("%s comes before %s, which it waits for", step.ID, id)
			}
		}
		done[step.ID] = true
	}
	if p.After.Points != points || p.Effort != effort {
		t.Fatalf("the plan says %v for %d, and its steps make %s for %d", p.After, p.Effort, points, effort)
	}
}

// random makes an assessment of a number of actions, and as many prerequisites between them, as the engine would: transitive ones
// are listed. Points are few, so that ties are many.
func random(r *rand.Rand, actions, edges int, mixed bool) *engine.Assessment {
	a := &engine.Assessment{}
	for i := range actions {
		action := engine.Action{
			ID: fmt.Sprintf("a%03d", i), Status: engine.ToAddress, Outcome: engine.NotMet,
			Points:     engine.ActionPoints{Max: score.Points(100 * (1 + r.IntN(4)))},
			Difficulty: level(r), UserImpact: level(r), Complexity: level(r),
		}
		if !mixed {
			action.Points.Max = score.Points(1 + r.IntN(1000))
		}
		if r.IntN(3) == 0 {
			action.Outcome = engine.Partial
			action.Points.Achieved = score.Points(r.IntN(int(action.Points.Max)))
		}
		if mixed {
			mix(r, &action)
		}
		a.Actions = append(a.Actions, action)
	}
	r.Shuffle(actions, func(i, j int) { a.Actions[i].ID, a.Actions[j].ID = a.Actions[j].ID, a.Actions[i].ID })
	first := make([][]bool, actions)
	for i := range first {
		first[i] = make([]bool, actions)
	}
	for range edges {
		if i, j := r.IntN(actions), r.IntN(actions); i < j {
			first[j][i] = true
		} else if j < i {
			first[i][j] = true
		}
	}
	for j := range actions {
		for i := j - 1; i >= 0; i-- {
			if first[j][i] {
				for k := range i {
					first[j][k] = first[j][k] || first[i][k]
				}
			}
		}
		for i := range j {
			if first[j][i] {
				need := engine.Prerequisite{Control: a.Actions[i].ID, Met: a.Actions[i].Settled()}
				a.Actions[j].Prerequisites = append(a.Actions[j].Prerequisites, need)
			}
		}
	}
	for _, action := range a.Actions {
		if action.Outcome != engine.NotApplicable {
			a.Score.Achieved += action.Points.Achieved
			a.Score.Total += action.Points.Max
		}
	}
	a.Score.Percent = score.Percent(a.Score.Achieved, a.Score.Total)
	slices.SortFunc(a.Actions, func(a, b engine.Action) int { return cmp.Compare(a.ID, b.ID) })
	return a
}

func level(r *rand.Rand) string { return []string{"low", "moderate", "high", "unknown"}[r.IntN(4)] }

// mix gives some actions a status, an outcome or a license that matters to a plan.
func mix(r *rand.Rand, a *engine.Action) {
	switch r.IntN(12) {
	case 0:
		a.Outcome, a.Status, a.Points.Achieved = engine.Complete, engine.Completed, a.Points.Max
	case 1:
		a.Status, a.Points.Achieved = engine.ThirdParty, a.Points.Max
	case 2:
		a.Outcome, a.Points.Achieved = engine.NotApplicable, 0
	case 3:
		a.Status = engine.RiskAccepted
	case 4:
		a.Outcome, a.Points.Achieved = engine.NoEvidence, 0
	case 5:
		a.Prerequisites = []engine.Prerequisite{{ServicePlans: []string{"P1", "P2"}}}
	case 6:
		a.Points = engine.ActionPoints{}
	}
}

// BenchmarkCheapest plans for as many actions as Secure Score has, with as many prerequisites, once spread over all of them and
// once knotted together in a few.
func BenchmarkCheapest(b *testing.B) {
	for name, knot := range map[string]int{"spread": 465, "knotted": 60, "tight": 40} {
		b.Run(name, func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, 2))
			a := random(r, knot, 60, false)
			for i, action := range random(r, 465-knot, 0, false).Actions {
				action.ID = fmt.Sprintf("b%03d", i)
				a.Actions = append(a.Actions, action)
				a.Score.Achieved += action.Points.Achieved
				a.Score.Total += action.Points.Max
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := plan.Cheapest(a, 90_00, plan.Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
