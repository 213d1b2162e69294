package actions_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/actions"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/score"
	"github.com/posture-score/posture/schemas"
)

func builtin(t *testing.T) *engine.Engine {
	t.Helper()
	registry := must.Get(schemas.Builtin())(t)
	source := must.Get(catalog.Builtin())(t)
	cat := must.Get(catalog.Load(t.Context(), registry, source))(t)
	return must.Get(engine.Compile(t.Context(), cat, engine.Options{}))(t)
}

// decisions sets the status of every action of an assessment, each status in turn, and excludes one
// failing record of each.
func decisions(a *engine.Assessment) map[string]engine.Decision {
	made := map[string]engine.Decision{}
	for i, action := range a.Actions {
		d := engine.Decision{Status: engine.Status(actions.Statuses()[i%5]), Reason: "a test"}
		if action.Failing != nil && len(action.Failing.Shown) > 0 && i%3 == 0 {
			d.Exclude = []engine.Exclusion{{Key: action.Failing.Shown[0].Key, Reason: "a test"}}
		}
		made[action.ID] = d
	}
	return made
}

// TestExplanationsAddUp explains every action of the sample tenants, without and with decisions.
// Each number has to be the engine's, and all of them together make the score and its views.
func TestExplanationsAddUp(t *testing.T) {
	compiled := builtin(t)
	for _, tenant := range []string{"contoso", "fabrikam", "tailspin"} {
		t.Run(tenant, func(t *testing.T) {
			settings := engine.AssessOptions{}
			for range 2 {
				bundle := must.Get(evidence.Open(t.Context(), filepath.Join("..", "..", "testdata", tenant), evidence.DefaultLimits()))(t)
				a := must.Get(compiled.Assess(t.Context(), bundle, settings))(t)
				must.Do(t, bundle.Close())
				addUp(t, a)
				settings.Decisions = decisions(a)
			}
		})
	}
}

func addUp(t *testing.T, a *engine.Assessment) {
	t.Helper()
	sums := map[string]score.Points{}
	for i := range a.Actions {
		action := &a.Actions[i]
		x, err := actions.Explain(a, action)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, part := range x.Views {
			sums[part.Name] += part.Points
		}
		if r := x.Records; r != nil && (r.OutOfScope < 0 || r.OutOfScope+r.Excluded+r.InScope != r.Records || r.Compliant > r.InScope) {
			t.Errorf("%s: records don't add up: %+v", action.ID, *r)
		}
		if action.Kind == string(catalog.KindGraded) && action.Outcome.Assessed() && action.Outcome != engine.NotApplicable && action.Fraction == "" {
			t.Errorf("%s: its fraction is missing", action.ID)
		}
		if r := x.Ranking; (r.Why == "") != (r.Rank > 0) || r.Effort != r.Difficulty.Weight+r.UserImpact.Weight+r.Complexity.Weight {
			t.Errorf("%s: its rank does not add up: %+v", action.ID, r)
		}
	}
	want := map[string]score.Points{
		"score": a.Score.Achieved, "planned": a.Score.Planned.Points, "current_license": a.Score.CurrentLicense.Points,
		"achievable": a.Score.Achievable.Points,
	}
	expect.Equalf(t, want, sums, "what the actions add is not the score")
}

// alone is an assessment of one action, which gets the rest of its numbers.
func alone(a engine.Action, known bool) *engine.Assessment {
	a.ID = "One"
	if a.Status == "" {
		a.Status = engine.ToAddress
	}
	if a.Outcome != engine.NotApplicable {
		a.Impact = score.Percent(a.Points.Max-a.Points.Achieved, 100_00)
	}
	all := &engine.Assessment{EvaluatedAt: time.Unix(0, 0), Evidence: engine.Evidence{Licenses: known}, Actions: []engine.Action{a}}
	all.Score.Total = 100_00
	return all
}

func coverage(compliant, inScope, records int64) *engine.Coverage {
	return &engine.Coverage{Compliant: compliant, InScope: inScope, Records: records}
}

func earned(achieved, byEvidence, most score.Points) engine.ActionPoints {
	return engine.ActionPoints{Achieved: achieved, ByEvidence: byEvidence, Max: most}
}

func TestExplain(t *testing.T) {
	lacking := []engine.Prerequisite{{ServicePlans: []string{"P1"}}}
	for name, test := range map[string]struct {
		action engine.Action
		want   string // by evidence; achieved; left; the parts of the score, planned, current license, achievable
	}{
		"25 of 52": {
			engine.Action{Coverage: coverage(25, 52, 60), Outcome: engine.Partial, Points: earned(4_33, 4_33, 9_00)},
			"9 × 25 ÷ 52 = 4.326923… → 4.33, rounded half up to two decimals; 4.33, the status to_address changes no points; 9 − 4.33 = 4.67; 4.33 4.33 9 9",
		},
		"half of all": {
			engine.Action{Coverage: coverage(50, 100, 100), Outcome: engine.Partial, Points: earned(5_00, 5_00, 10_00)},
			"10 × 50 ÷ 100 = 5; 5, the status to_address changes no points; 10 − 5 = 5; 5 5 10 10",
		},
		"all but one": {
			engine.Action{Coverage: coverage(999_999, 1_000_000, 1_000_000), Outcome: engine.Partial, Points: earned(9_99, 9_99, 10_00)},
			"10 × 999999 ÷ 1000000 = 9.99999 → 9.99, rounding never completes an action, so a hundredth is missing; 9.99, the status to_address changes no points; 10 − 9.99 = 0.01; 9.99 9.99 10 10",
		},
		"planned": {
			engine.Action{Coverage: coverage(1, 4, 4), Outcome: engine.Partial, Points: earned(2_50, 2_50, 10_00), Status: engine.Planned},
			"10 × 1 ÷ 4 = 2.5; 2.5, the status planned changes no points; 10 − 2.5 = 7.5; 2.5 10 10 10",
		},
		"risk accepted": {
			engine.Action{Coverage: coverage(1, 4, 4), Outcome: engine.Partial, Points: earned(2_50, 2_50, 10_00), Status: engine.RiskAccepted},
			"10 × 1 ÷ 4 = 2.5; 2.5, the status risk_accepted earns no more than the evidence shows; 10 − 2.5 = 7.5; 2.5 2.5 10 2.5",
		},
		"resolved elsewhere": {
			engine.Action{Outcome: engine.NoEvidence, Points: earned(10_00, 0, 10_00), Status: engine.ThirdParty, Prerequisites: lacking},
			"0, the evidence was not enough to decide, which earns nothing; 10, the status third_party earns the full points; 10 − 10 = 0; 10 10 10 10",
		},
		"a license is missing": {
			engine.Action{Outcome: engine.NotMet, Points: earned(0, 0, 10_00), Prerequisites: lacking},
			"0, the evidence shows that it is not done; 0, the status to_address changes no points; 10 − 0 = 10; 0 0 0 0",
		},
		"all or nothing": {
			engine.Action{Coverage: coverage(3, 4, 4), Outcome: engine.NotMet, Points: earned(0, 0, 10_00)},
			"0, all or nothing: 3 of 4 comply; 0, the status to_address changes no points; 10 − 0 = 10; 0 0 10 10",
		},
		"empty, and full points": {
			engine.Action{Coverage: coverage(0, 0, 4), Outcome: engine.Complete, Points: earned(1_00, 1_00, 1_00), Status: engine.Completed},
			"1, nothing is in scope, which earns full points; 1, the status completed follows from the evidence; 1 − 1 = 0; 1 1 1 1",
		},
		"graded": {
			engine.Action{Fraction: "0.6666666666666666", Outcome: engine.Partial, Points: earned(3_33, 3_33, 5_00)},
			"5 × 0.6666666666666666 = 3.333333… → 3.33, rounded half up to two decimals; 3.33, the status to_address changes no points; 5 − 3.33 = 1.67; 3.33 3.33 5 5",
		},
		"set": {
			engine.Action{Outcome: engine.Complete, Points: earned(2_00, 2_00, 2_00), Status: engine.Completed},
			"2, the evidence shows that it is done; 2, the status completed follows from the evidence; 2 − 2 = 0; 2 2 2 2",
		},
		"nowhere": {
			engine.Action{Outcome: engine.NotApplicable, Points: earned(0, 0, 10_00)},
			"none = 0, the action does not apply to this tenant, so it counts nowhere; none = 0, a status has no effect on it; none = 0, the action does not apply to this tenant; 0 0 0 0",
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := alone(test.action, true)
			x := must.Get(actions.Explain(a, &a.Actions[0]))(t)
			var parts []string
			for _, part := range x.Views {
				parts = append(parts, part.Points.String())
			}
			got := strings.Join([]string{short(x.ByEvidence), short(x.Achieved), short(x.Left), strings.Join(parts, " ")}, "; ")
			expect.Equal(t, test.want, got)
		})
	}
}

// short writes a step in short form.
func short(s actions.Step) string {
	text := s.Formula
	switch {
	case s.Exact != "":
		text += " = " + s.Exact + " → " + s.Points.String()
	case s.Formula != s.Points.String():
		text += " = " + s.Points.String()
	}
	if s.Because != "" {
		text += ", " + s.Because
	}
	return text
}

// TestExplainFindsOut has assessments whose numbers were changed.
func TestExplainFindsOut(t *testing.T) {
	for want, change := range map[string]func(*engine.Action){
		"its points by the evidence: 9, but its parts make 4.33": func(a *engine.Action) { a.Points.ByEvidence = 9_00 },
		"its points achieved: 9, but its parts make 4.33":        func(a *engine.Action) { a.Points.Achieved = 9_00 },
		"its impact: 1, but its parts make 4.67":                 func(a *engine.Action) { a.Impact = 1_00 },
	} {
		a := alone(engine.Action{Coverage: coverage(25, 52, 60), Outcome: engine.Partial, Points: earned(4_33, 4_33, 9_00)}, true)
		change(&a.Actions[0])
		if _, err := actions.Explain(a, &a.Actions[0]); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("got %v, want it to end in %q", err, want)
		}
	}
}
