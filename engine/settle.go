package engine

import (
	"fmt"
	"slices"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/score"
)

// settle joins what the evidence shows with what the organization decided, once every control has its outcome.
func (r *run) settle(actions []Action) {
	for i := range actions {
		a := &actions[i]
		control, _ := r.engine.catalog.Control(a.ID)
		var decision *Decision
		if d, ok := r.settings.Decisions[a.ID]; ok {
			decision = &d
		}
		a.decide(decision, control.Exception == "", r.settings.Now)
		if control.Exception != "" {
			a.except(r.exceptions(control.Exception), r.settings.Now)
		}
		r.findBaselineExceptions(control, a)
		if decision != nil {
			a.findExclusions(decision.Exclude, control.Kind == catalog.KindCoverage, r.settings.Now)
		}
	}
	for i := range actions {
		control, _ := r.engine.catalog.Control(actions[i].ID)
		r.findSource(control, &actions[i])
	}
	r.prerequisites(actions)
	rank(actions)
	for i := range actions {
		slices.Sort(actions[i].Findings)
	}
}

// unknown tells of decisions about controls that the catalog does not have, or evaluates no more.
func (r *run) unknown() []string {
	findings := []string{}
	for _, id := range sortedNames(r.settings.Decisions) {
		switch control, ok := r.engine.catalog.Control(id); {
		case !ok:
			findings = append(findings, fmt.Sprintf("a decision about %q is unused: the catalog has no such control.%s", id, r.engine.catalog.Suggest(id)))
		case control.Stage == catalog.StageDeprecated:
			findings = append(findings, fmt.Sprintf("a decision about %q is unused: the control is deprecated%s", id, instead(control)))
		}
	}
	return findings
}

// instead says what replaced a deprecated control, if anything did.
func instead(control *catalog.Control) string {
	if control.ReplacedBy == "" {
		return "."
	}
	return fmt.Sprintf(", and %q replaces it.", control.ReplacedBy)
}

// item is what the action is for the score.
func (a *Action) item() score.Item {
	return score.Item{
		Category: a.Category, Product: a.Product, Achieved: a.Points.Achieved, Max: a.Points.Max,
		Assessed: a.Outcome.Assessed() || a.Status.Resolves(),
		Planned:  a.Status == Planned, Licensed: a.Licensed(), Accepted: a.Status == RiskAccepted,
	}
}

// rank gives every action with points left its place, and what it would add to the score.
func rank(actions []Action) {
	total := score.Points(0)
	var candidates []score.Candidate
	for _, a := range actions {
		if a.Counts() {
			total += a.Points.Max
		}
		if a.Left() > 0 && a.Status != RiskAccepted {
			candidates = append(candidates, score.Candidate{
				ID: a.ID, Left: a.Left(), Effort: score.Effort(a.Difficulty, a.UserImpact, a.Complexity),
			})
		}
	}
	places := map[string]int{}
	for i, c := range score.Rank(candidates) {
		places[c.ID] = i + 1
	}
	for i := range actions {
		actions[i].Rank = places[actions[i].ID]
		actions[i].Impact = score.Percent(actions[i].Left(), total)
	}
}
