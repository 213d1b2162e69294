package report

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/plan"
)

// Plan is the page of a plan: what to reach, and step by step what to do and what the score is then; or why the target can't be
// reached. One of Plan and Unreachable is nil.
type Plan struct {
	Assessment  *engine.Assessment
	Plan        *plan.Plan
	Unreachable *plan.UnreachableError
}

func (page Plan) document() any {
	return struct {
		header
		Plan        *plan.Plan             `json:"plan"`
		Unreachable *plan.UnreachableError `json:"unreachable"`
	}{newHeader(page.Assessment), page.Plan, page.Unreachable}
}

func (page Plan) table(p *printer) {
	p.standing(page.Assessment)
	if page.Unreachable != nil {
		p.unreachable(page.Unreachable)
		return
	}
	found := page.Plan
	if len(found.Steps) == 0 {
		p.printf("The target of %s%% is reached already: there is nothing to do.\n", found.Target)
		return
	}
	p.printf("With plan     %s   %s of %s points\n", p.bold(percent(found.After)), found.After.Points, found.Total)
	p.printf("\n%s\n", p.bold(fmt.Sprintf("To reach %s%%: %s, effort %d", found.Target, plural(len(found.Steps), "action"), found.Effort)))
	p.printf("  %s\n", p.faint("         POINTS  EFFORT     THEN  ACTION"))
	for i, step := range found.Steps {
		p.printf("  %s  %s  %s  %s  %s  %s\n", padLeft(fmt.Sprintf("%d.", i+1), 4), padLeft("+"+step.Points.String(), 9),
			padLeft(strconv.Itoa(step.Effort), 6), padLeft(percent(step.After), 7), clean(step.ID), clip(clean(step.Title), maxTitle))
		p.conditions(step)
	}
}

// maxTitle is the width of a title in columns; the JSON is not cut.
const maxTitle = 60

// conditions prints what else a step requires.
func (p *printer) conditions(step plan.Step) {
	if len(step.Waits) > 0 {
		p.condition("after " + strings.Join(step.Waits, ", "))
	}
	for _, license := range step.Licenses {
		p.condition("lacks the license " + license)
	}
	if step.Status == engine.RiskAccepted {
		p.condition("its risk was accepted")
	}
	if !step.Assessed {
		p.condition("not assessed: collect evidence first, it may be done already")
	}
}

func (p *printer) condition(text string) { p.printf("         - %s\n", p.faint(clean(text))) }

// unreachable prints why a target can't be reached.
func (p *printer) unreachable(u *plan.UnreachableError) {
	p.printf("At most       %s   %s of %s points\n", p.bold(percent(u.Most)), u.Most.Points, u.Total)
	p.printf("\nThe target of %s%% can't be reached.\n", u.Target)
	if len(u.Obstacles) > 0 {
		p.printf("\n%s\n", p.bold("In the way, the most points first"))
	}
	width := 0
	for _, o := range u.Obstacles {
		width = max(width, len(o.Points.String()))
	}
	for _, o := range u.Obstacles {
		p.printf("  %s  %s\n", padLeft(o.Points.String(), width), clean(obstacle(o)))
		p.printf("  %s  %s\n", strings.Repeat(" ", width), p.faint(clean(strings.Join(o.Actions, ", "))))
	}
}

// obstacle returns in words what keeps points out of reach.
func obstacle(o plan.Obstacle) string {
	switch o.Cause {
	case plan.License:
		return "lacking the license " + strings.Join(o.Names, ", and ")
	case plan.Accepted:
		return "the risk was accepted"
	case plan.Unassessed:
		return "not assessed"
	default:
		return "waiting for what can't be planned: " + strings.Join(o.Names, ", ")
	}
}

// standing prints the tenant and its score.
func (p *printer) standing(a *engine.Assessment) {
	p.printf("%s, as of %s\n\n", p.bold(clean(tenantName(a))), a.EvaluatedAt.Format("2006-01-02 15:04 MST"))
	p.printf("Secure score  %s   %s of %s points\n", p.bold(fmt.Sprintf("%.2f%%", a.Score.Percent.Float())), a.Score.Achieved, a.Score.Total)
}

func percent(m plan.Mark) string { return fmt.Sprintf("%.2f%%", m.Percent.Float()) }
