package report

import (
	"errors"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/plan"
	"github.com/posture-score/posture/internal/score"
)

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
			a := assessment(t, "planned")
			found := must.Get(plan.Cheapest(a, test.target, test.options))(t)
			golden(t, test.name, "table", test.style, Plan{Assessment: a, Plan: found})
		})
	}
}

func TestPlanJSON(t *testing.T) {
	a := assessment(t, "planned")
	a.Tenant.Name = "Contoso"
	found := must.Get(plan.Cheapest(a, 60_00, plan.Options{}))(t)
	golden(t, "plan-json", "json", Style{}, Plan{Assessment: a, Plan: found})
}

func TestUnreachable(t *testing.T) {
	a := assessment(t, "planned")
	a.Actions[2].Prerequisites = []engine.Prerequisite{{Control: "Accepted"}}
	_, err := plan.Cheapest(a, 100_00, plan.Options{AssessedOnly: true})
	var unreachable *plan.UnreachableError
	if !errors.As(err, &unreachable) {
		t.Fatal(err)
	}
	golden(t, "plan-unreachable", "table", Style{}, Plan{Assessment: a, Unreachable: unreachable})
	golden(t, "plan-unreachable-json", "json", Style{}, Plan{Assessment: a, Unreachable: unreachable})
}
