package actions

import (
	"fmt"
	"math/big"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/score"
)

// Explanation is the arithmetic of one action, recomputed from its parts.
type Explanation struct {
	ID            string         `json:"id"`
	Title         string         `json:"title"`
	Kind          string         `json:"kind"`
	Stage         engine.Stage   `json:"stage,omitempty"` // absent of an action that counts
	Outcome       engine.Outcome `json:"outcome"`
	Records       *Records       `json:"records,omitempty"` // of coverage controls that were assessed
	Max           score.Points   `json:"max"`
	ByEvidence    Step           `json:"by_evidence"`
	Status        engine.Status  `json:"status"`
	Achieved      Step           `json:"achieved"`
	Left          Step           `json:"left"`
	Licensed      bool           `json:"licensed"`
	LicensesKnown bool           `json:"licenses_known"` // if not, every license counts as held
	Waits         []string       `json:"waits_for"`      // never null
	Views         []Part         `json:"views"`          // the score and its views, each with what the action adds; never null
	Shares        Shares         `json:"shares"`
	Ranking       *Ranking       `json:"ranking"`
}

// Records counts the records of a population. OutOfScope, Excluded and InScope add up to Records.
type Records struct {
	Records    int64 `json:"records"`
	OutOfScope int64 `json:"out_of_scope"` // by the rule, or too old to count
	Excluded   int64 `json:"excluded"`     // by the organization
	InScope    int64 `json:"in_scope"`
	Compliant  int64 `json:"compliant"`
}

// Step is one line of the arithmetic.
type Step struct {
	Formula string       `json:"formula"`           // "9 × 25 ÷ 52"
	Exact   string       `json:"exact,omitempty"`   // "4.326923…", if the points are rounded
	Points  score.Points `json:"points"`            // the result
	Because string       `json:"because,omitempty"` // a sentence without a full stop
}

// Part is what an action contributes to a score.
type Part struct {
	Name    string       `json:"name"`
	Score   score.Points `json:"score"`   // the whole score
	Points  score.Points `json:"points"`  // of this action
	Percent score.Points `json:"percent"` // of the total, in percentage points
	Because string       `json:"because"`
}

// Shares are the shares of an action in the total, in percentage points.
type Shares struct {
	Total    score.Points `json:"total"` // points of the whole assessment
	Max      score.Points `json:"max"`
	Achieved score.Points `json:"achieved"`
	Left     score.Points `json:"left"`
}

// Explain recomputes the numbers of an action. It is an error if they differ from those of the assessment.
func Explain(a *engine.Assessment, action *engine.Action) (*Explanation, error) {
	x := &Explanation{
		ID: action.ID, Title: action.Title, Kind: action.Kind, Stage: action.Stage, Outcome: action.Outcome, Max: action.Points.Max, Status: action.Status,
		Licensed: action.Licensed(), LicensesKnown: a.Evidence.Licenses, Waits: Waits(action),
		Records: records(action), ByEvidence: byEvidence(action), Ranking: Rank(a, action),
	}
	x.Achieved = achieved(action, x.ByEvidence.Points)
	x.Left = left(action, x.Achieved.Points)
	x.Views = parts(a, action, x)
	x.Shares = Shares{Total: a.Score.Total}
	if action.Outcome != engine.NotApplicable {
		x.Shares.Max = score.Percent(x.Max, a.Score.Total)
		x.Shares.Achieved = score.Percent(x.Achieved.Points, a.Score.Total)
		x.Shares.Left = score.Percent(x.Left.Points, a.Score.Total)
	}
	return x, x.check(action)
}

// check compares the computed numbers with those of the assessment.
func (x *Explanation) check(a *engine.Action) error {
	for _, number := range []struct {
		name             string
		computed, stated score.Points
	}{
		{"points by the evidence", x.ByEvidence.Points, a.Points.ByEvidence},
		{"points achieved", x.Achieved.Points, a.Points.Achieved},
		{"points left", x.Left.Points, a.Left()},
		{"impact", x.Shares.Left, a.Impact},
	} {
		if number.computed != number.stated {
			return fmt.Errorf("the assessment does not add up at %s: its %s: %s, but its parts make %s", a.ID, number.name, number.stated, number.computed)
		}
	}
	return nil
}

func records(a *engine.Action) *Records {
	if a.Coverage == nil {
		return nil
	}
	r := &Records{Records: a.Coverage.Records, InScope: a.Coverage.InScope, Compliant: a.Coverage.Compliant}
	if a.Excluded != nil {
		r.Excluded = a.Excluded.Total
	}
	r.OutOfScope = r.Records - r.InScope - r.Excluded
	return r
}

// byEvidence returns the points that the evidence alone earns.
func byEvidence(a *engine.Action) Step {
	most := a.Points.Max
	switch {
	case a.Outcome == engine.NotApplicable:
		return Step{Formula: "none", Because: "the action does not apply to this tenant, so it counts nowhere"}
	case !a.Outcome.Assessed():
		return Step{Formula: "0", Because: "the evidence was not enough to decide, which earns nothing"}
	case a.Outcome == engine.Complete && a.Coverage != nil && a.Coverage.InScope == 0:
		return Step{Formula: most.String(), Points: most, Because: "nothing is in scope, which earns full points"}
	case a.Coverage != nil && a.Coverage.InScope > 0:
		return covered(a)
	case a.Everyone && a.Outcome == engine.Complete:
		return Step{Formula: most.String(), Points: most, Because: "everyone complies, by policy"}
	case a.Everyone:
		return Step{Formula: "0", Because: "nobody complies, by policy"}
	case a.Fraction != "":
		return graded(a)
	case a.Outcome == engine.Complete:
		return Step{Formula: most.String(), Points: most, Because: "the evidence shows that it is done"}
	}
	return Step{Formula: "0", Because: "the evidence shows that it is not done"}
}

// covered returns the points of a coverage control. One that is not met although records comply has
// no partial credit.
func covered(a *engine.Action) Step {
	most, compliant, inScope := a.Points.Max, a.Coverage.Compliant, a.Coverage.InScope
	if a.Outcome == engine.NotMet && compliant > 0 {
		return Step{Formula: "0", Because: fmt.Sprintf("all or nothing: %d of %d comply", compliant, inScope)}
	}
	return rounded(fmt.Sprintf("%s × %d ÷ %d", most, compliant, inScope), most, big.NewRat(compliant, inScope))
}

func graded(a *engine.Action) Step {
	fraction, ok := new(big.Rat).SetString(string(a.Fraction))
	if !ok {
		return Step{Formula: "none", Because: "its fraction is no number"}
	}
	return rounded(fmt.Sprintf("%s × %s", a.Points.Max, a.Fraction), a.Points.Max, fraction)
}

func rounded(formula string, most score.Points, fraction *big.Rat) Step {
	exact := new(big.Rat).Mul(fraction, big.NewRat(int64(most), 100))
	step := Step{Formula: formula, Points: score.Fraction(most, fraction)}
	if exact.Cmp(big.NewRat(int64(step.Points), 100)) == 0 {
		return step
	}
	step.Exact = decimals(exact)
	step.Because = "rounded half up to two decimals"
	if up := new(big.Rat).Sub(exact, big.NewRat(int64(step.Points), 100)); up.Cmp(big.NewRat(1, 200)) >= 0 {
		step.Because = "rounding never completes an action, so a hundredth is missing"
	}
	return step
}

// achieved returns the points after the status is applied.
func achieved(a *engine.Action, byEvidence score.Points) Step {
	step := Step{Formula: byEvidence.String(), Points: byEvidence, Because: "the status " + string(a.Status) + " changes no points"}
	switch {
	case a.Outcome == engine.NotApplicable:
		step = Step{Formula: "none", Because: "a status has no effect on it"}
	case a.Status.Resolves():
		step = Step{Formula: a.Points.Max.String(), Points: a.Points.Max, Because: "the status " + string(a.Status) + " earns the full points"}
	case a.Status == engine.Completed:
		step.Because = "the status completed follows from the evidence"
	case a.Status == engine.RiskAccepted:
		step.Because = "the status risk_accepted earns no more than the evidence shows"
	}
	return step
}

func left(a *engine.Action, achieved score.Points) Step {
	if a.Outcome == engine.NotApplicable {
		return Step{Formula: "none", Because: "the action does not apply to this tenant"}
	}
	return Step{Formula: fmt.Sprintf("%s − %s", a.Points.Max, achieved), Points: a.Points.Max - achieved}
}

// parts returns what an action contributes to the score and to its views.
func parts(a *engine.Assessment, action *engine.Action, x *Explanation) []Part {
	s := a.Score
	list := []Part{
		{Name: "score", Score: s.Achieved},
		{Name: "planned", Score: s.Planned.Points},
		{Name: "current_license", Score: s.CurrentLicense.Points},
		{Name: "achievable", Score: s.Achievable.Points},
	}
	accepted := action.Status == engine.RiskAccepted
	for i, part := range []struct {
		rest    bool // includes the points left
		because string
	}{
		{false, "what is achieved"},
		{action.Status == engine.Planned, either(action.Status == engine.Planned, "it is planned", "it is not planned")},
		{x.Licensed, either(x.Licensed, "its licenses are held", "it lacks a license")},
		{
			x.Licensed && !accepted,
			either(!x.Licensed, "it lacks a license", either(accepted, "its risk is accepted", "its licenses are held, and its risk is not accepted")),
		},
	} {
		p := &list[i]
		p.Because = part.because
		if action.Outcome == engine.NotApplicable {
			p.Because = "it does not apply"
			continue
		}
		if p.Points = x.Achieved.Points; part.rest {
			p.Points += x.Left.Points
		}
		p.Percent = score.Percent(p.Points, s.Total)
	}
	return list
}

func either(condition bool, yes, no string) string {
	if condition {
		return yes
	}
	return no
}
