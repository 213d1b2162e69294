package plan_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/plan"
	"github.com/posture-score/posture/internal/score"
)

// act makes an open action whose effort is 3, 6 or 9.
func act(id string, left score.Points, level string, needs ...engine.Prerequisite) engine.Action {
	return engine.Action{
		ID: id, Title: "Do " + id, Status: engine.ToAddress, Outcome: engine.NotMet, Points: engine.ActionPoints{Max: left},
		Difficulty: level, UserImpact: level, Complexity: level, Prerequisites: needs,
	}
}

func after(id string) engine.Prerequisite { return engine.Prerequisite{Control: id} }

func licensed(plans ...string) engine.Prerequisite { return engine.Prerequisite{ServicePlans: plans} }

// tenant has the actions, and one more that makes a total of 100 points with what is achieved.
func tenant(achieved score.Points, actions ...engine.Action) *engine.Assessment {
	a := &engine.Assessment{Actions: actions}
	a.Score.Achieved, a.Score.Total = achieved, 100_00
	return a
}

func TestCheapest(t *testing.T) {
	unassessed := act("a", 10_00, "low")
	unassessed.Outcome = engine.NoEvidence
	accepted := act("a", 10_00, "low")
	accepted.Status = engine.RiskAccepted
	tests := []struct {
		name    string
		a       *engine.Assessment
		target  score.Points
		options plan.Options
		want    string // the steps and the score after each
	}{
		{"nothing to do", tenant(50_00, act("a", 10_00, "low")), 50_00, plan.Options{}, ""},
		{"a target of nothing", tenant(0), 0, plan.Options{}, ""},
		{"a hundredth short", tenant(49_99, act("a", 10_00, "low")), 50_00, plan.Options{}, "a 59.99"},
		{
			"two cheap ones cost less than a dear one", tenant(0, act("a", 10_00, "high"), act("b", 5_00, "low"), act("c", 5_00, "low")), 10_00,
			plan.Options{},
			"b 5, c 10",
		},
		{"more points at the same effort", tenant(0, act("a", 5_00, "low"), act("b", 6_00, "low")), 5_00, plan.Options{}, "b 6"},
		{"fewer actions at the same points", tenant(0, act("a", 5_00, "low"), act("b", 5_00, "low"), act("c", 10_00, "moderate")), 10_00, plan.Options{}, "c 10"},
		{"ids that come first", tenant(0, act("c", 5_00, "low"), act("b", 5_00, "low"), act("d", 5_00, "low")), 5_00, plan.Options{}, "b 5"},
		{
			"a prerequisite comes along, and first", tenant(0, act("z", 1_00, "low"), act("a", 9_00, "low", after("z")), act("m", 5_00, "high")), 10_00,
			plan.Options{},
			"z 1, a 10 after z",
		},
		{
			"a prerequisite of a prerequisite", tenant(0, act("a", 9_00, "low", after("z"), after("m")), act("m", 0, "low", after("z")), act("z", 0, "low")), 9_00,
			plan.Options{},
			"z 0, m 0 after z, a 9 after z m",
		},
		{"a prerequisite that makes it dear", tenant(0, act("a", 9_00, "low", after("z")), act("m", 9_00, "moderate"), act("z", 0, "high")), 9_00, plan.Options{}, "m 9"},
		{"best value first", tenant(0, act("a", 1_00, "low"), act("b", 9_00, "low"), act("c", 9_00, "high")), 19_00, plan.Options{}, "b 9, c 18, a 19"},
		{"not without a license", tenant(0, act("a", 10_00, "low", licensed("P1")), act("b", 10_00, "high")), 10_00, plan.Options{}, "b 10"},
		{"unless told to", tenant(0, act("a", 10_00, "low", licensed("P1")), act("b", 10_00, "high")), 10_00, plan.Options{IgnoreLicenses: true}, "a 10 lacks P1"},
		{"not an accepted risk", tenant(0, accepted, act("b", 10_00, "high")), 10_00, plan.Options{}, "b 10"},
		{"unless told to, either", tenant(0, accepted, act("b", 10_00, "high")), 10_00, plan.Options{IncludeAccepted: true}, "a 10"},
		{"what was not assessed", tenant(0, unassessed, act("b", 10_00, "high")), 10_00, plan.Options{}, "a 10 not assessed"},
		{"unless told not to", tenant(0, unassessed, act("b", 10_00, "high")), 10_00, plan.Options{AssessedOnly: true}, "b 10"},
		{"all there is", tenant(0, act("a", 60_00, "low"), act("b", 40_00, "low")), 100_00, plan.Options{}, "a 60, b 100"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := must.Get(plan.Cheapest(test.a, test.target, test.options))(t)
			expect.Equal(t, test.want, told(got))
		})
	}
}

// told writes the steps of a plan in short.
func told(p *plan.Plan) string {
	var steps []string
	for _, step := range p.Steps {
		text := step.ID + " " + step.After.Percent.String()
		if len(step.Waits) > 0 {
			text += " after " + strings.Join(step.Waits, " ")
		}
		for _, plans := range step.Lacks {
			text += " lacks " + strings.Join(plans, "/")
		}
		if !step.Assessed {
			text += " not assessed"
		}
		steps = append(steps, text)
	}
	return strings.Join(steps, ", ")
}

func TestUnreachable(t *testing.T) {
	unassessed := act("d", 4_00, "low")
	unassessed.Outcome = engine.Errored
	accepted := act("e", 3_00, "low")
	accepted.Status = engine.RiskAccepted
	a := tenant(20_00,
		act("a", 10_00, "low"), act("b", 5_00, "low", licensed("P1", "P2")), act("c", 2_00, "low", licensed("P1", "P2")),
		unassessed, accepted, act("f", 1_00, "low", after("b"), after("e")), act("g", 2_00, "low", after("f"), after("nowhere")),
		act("h", 50, "low", after("i")), act("i", 50, "low", after("h")),
	)
	_, err := plan.Cheapest(a, 90_00, plan.Options{AssessedOnly: true})
	want := &plan.UnreachableError{
		Target: 90_00, Total: 100_00, Before: plan.Mark{Points: 20_00, Percent: 20_00}, Most: plan.Mark{Points: 30_00, Percent: 30_00},
		Obstacles: []plan.Obstacle{
			{Cause: plan.License, Names: []string{"P1 or P2"}, Points: 7_00, Actions: []string{"b", "c"}},
			{Cause: plan.Unassessed, Names: []string{}, Points: 4_00, Actions: []string{"d"}},
			{Cause: plan.Accepted, Names: []string{}, Points: 3_00, Actions: []string{"e"}},
			{Cause: plan.Prerequisite, Names: []string{"f", "nowhere"}, Points: 2_00, Actions: []string{"g"}},
			{Cause: plan.Prerequisite, Names: []string{"b", "e"}, Points: 1_00, Actions: []string{"f"}},
			{Cause: plan.Prerequisite, Names: []string{"h"}, Points: 50, Actions: []string{"i"}},
			{Cause: plan.Prerequisite, Names: []string{"i"}, Points: 50, Actions: []string{"h"}},
		},
	}
	var got *plan.UnreachableError
	if !errors.As(err, &got) {
		t.Fatalf("%v, want an UnreachableError", err)
	}
	expect.Equal(t, want, got)
	if want := "the target of 90% can't be reached: the most is 30.00%, 30 of 100 points"; err.Error() != want {
		t.Errorf("%q, want %q", err, want)
	}
}

func TestOfNothingNothingIsReached(t *testing.T) {
	_, err := plan.Cheapest(&engine.Assessment{}, 1, plan.Options{})
	var unreachable *plan.UnreachableError
	if !errors.As(err, &unreachable) || len(unreachable.Obstacles) != 0 {
		t.Errorf("%v, want an UnreachableError without obstacles", err)
	}
}

func TestTargetsAreChecked(t *testing.T) {
	for _, target := range []score.Points{-1, 100_01} {
		if _, err := plan.Cheapest(tenant(0), target, plan.Options{}); err == nil {
			t.Errorf("a target of %s is no error", target)
		}
	}
}

// TestKnots plans for actions whose prerequisites are knotted together as no catalog's are, and for the shapes that catalogs have.
func TestKnots(t *testing.T) {
	for seed := range 40 {
		a := random(rand.New(rand.NewPCG(uint64(seed), 1)), 40, 60, false)
		if _, err := plan.Cheapest(a, 90_00, plan.Options{}); err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
	}
	for name, needs := range map[string]func(i, j int) bool{
		"all wait for one":            func(i, j int) bool { return i == 0 && j > 0 },
		"one waits for all":           func(i, j int) bool { return j == 99 && i < 99 },
		"a chain":                     func(i, j int) bool { return i < j },
		"half wait for the other":     func(i, j int) bool { return i < 50 && j >= 50 },
		"a tree":                      func(i, j int) bool { return i == (j-1)/2 && i < j },
		"pairs":                       func(i, j int) bool { return i%2 == 0 && j == i+1 },
		"ten groups with one in each": func(i, j int) bool { return i%10 == 0 && j > i && j < i+10 },
	} {
		var actions []engine.Action
		for j := range 100 {
			action := act(fmt.Sprintf("a%02d", j), 100, "low")
			for i := range 100 {
				if needs(i, j) {
					action.Prerequisites = append(action.Prerequisites, after(fmt.Sprintf("a%02d", i)))
				}
			}
			actions = append(actions, action)
		}
		p, err := plan.Cheapest(tenant(0, actions...), 55_00, plan.Options{})
		if err != nil || len(p.Steps) != 55 {
			t.Errorf("%s: %v, %v", name, p, err)
		}
	}
}

// TestEntangled has pairs of actions wait for each combination of others: an exact answer would take too long, and is refused.
func TestEntangled(t *testing.T) {
	var actions []engine.Action
	for i := range 60 {
		actions = append(actions, act(fmt.Sprintf("a%02d", i), 10, "low"))
	}
	for i := range 60 {
		for j := range i {
			actions = append(actions, act(fmt.Sprintf("b%02d-%02d", i, j), 1, "low", after(actions[i].ID), after(actions[j].ID)))
		}
	}
	if _, err := plan.Cheapest(tenant(0, actions...), 15_00, plan.Options{}); !errors.Is(err, plan.ErrEntangled) {
		t.Errorf("%v, want %v", err, plan.ErrEntangled)
	}
}
