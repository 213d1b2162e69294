package report

import (
	"errors"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/plan"
	"github.com/posture-score/posture/internal/score"
)

// planned has one action of each sort that a plan tells apart.
func planned() *engine.Assessment {
	act := func(id, title string, most score.Points, needs ...engine.Prerequisite) engine.Action {
		return engine.Action{
			ID: id, Title: title, Status: engine.ToAddress, Outcome: engine.NotMet, Prerequisites: needs,
			Points: engine.ActionPoints{Max: most}, Difficulty: "low", UserImpact: "moderate", Complexity: "unknown",
		}
	}
	a := &engine.Assessment{
		Tenant: engine.Tenant{Name: "Contoso\x1b[31m"}, EvaluatedAt: time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC),
		Actions: []engine.Action{
			act("Accepted", "Live with it no longer", 3_00),
			act("Bought", "Buy a license, and then do this", 5_00, engine.Prerequisite{ServicePlans: []string{"AAD_PREMIUM", "AAD_PREMIUM_P2"}}),
			act("First", "Do this before the other", 50),
			act("Second", "Do this when the first is done, which has a title that goes on for much longer than a line", 10_00, engine.Prerequisite{Control: "First"}),
			act("Unknown", "Nobody\x1b[2J can tell", 4_00),
		},
	}
	a.Actions[0].Status = engine.RiskAccepted
	a.Actions[4].Outcome = engine.NoEvidence
	a.Score = engine.Score{Achieved: 10_00, Total: 32_50, Percent: score.Percent(10_00, 32_50)}
	return a
}

func TestPlan(t *testing.T) {
	all := plan.Options{IgnoreLicenses: true, IncludeAccepted: true}
	tests := []struct {
		name    string
		target  score.Points
		options plan.Options
		style   Style
	}{
		{"plan", 100_00, all, Style{}},
		{"plan-color", 60_00, plan.Options{}, Style{Color: true}},
		{"plan-reached", 30_00, plan.Options{}, Style{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := planned()
			found := must.Get(plan.Cheapest(a, test.target, test.options))(t)
			golden(t, test.name, "table", test.style, Plan{Assessment: a, Plan: found})
		})
	}
}

func TestPlanJSON(t *testing.T) {
	a := planned()
	a.Tenant.Name = "Contoso"
	found := must.Get(plan.Cheapest(a, 60_00, plan.Options{}))(t)
	golden(t, "plan-json", "json", Style{}, Plan{Assessment: a, Plan: found})
}

func TestUnreachable(t *testing.T) {
	a := planned()
	a.Actions[2].Prerequisites = []engine.Prerequisite{{Control: "Accepted"}}
	_, err := plan.Cheapest(a, 100_00, plan.Options{AssessedOnly: true})
	var unreachable *plan.UnreachableError
	if !errors.As(err, &unreachable) {
		t.Fatal(err)
	}
	golden(t, "plan-unreachable", "table", Style{}, Plan{Assessment: a, Unreachable: unreachable})
	golden(t, "plan-unreachable-json", "json", Style{}, Plan{Assessment: a, Unreachable: unreachable})
}
