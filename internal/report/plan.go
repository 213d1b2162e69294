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
	p.headline(page.Assessment)
	p.achieved(page.Assessment.Score)
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
	p.title(fmt.Sprintf("To reach %s%%: %s, effort %d", found.Target, plural(len(found.Steps), "action"), found.Effort))
	t := grid{indent: "  ", columns: []gridColumn{
		{head: "STEP", right: true},
		{head: "POINTS", right: true},
		{head: "EFFORT", right: true, drop: 1},
		{head: "THEN", right: true},
		{head: "ACTION", id: true},
		{head: "TITLE", least: leastText},
	}}
	for i, step := range found.Steps {
		t.add(strconv.Itoa(i+1), "+"+step.Points.String(), strconv.Itoa(step.Effort), percent(step.After), step.ID, step.Title)
		for _, condition := range conditions(step) {
			t.below("- " + condition)
		}
	}
	p.grid(&t)
}

// conditions returns what else a step requires.
func conditions(step plan.Step) []string {
	var list []string
	if len(step.Waits) > 0 {
		list = append(list, "after "+strings.Join(step.Waits, ", "))
	}
	for _, license := range step.Licenses {
		list = append(list, "lacks the license "+license)
	}
	if step.Status == engine.RiskAccepted {
		list = append(list, "its risk was accepted")
	}
	if !step.Assessed {
		list = append(list, "not assessed: collect evidence first, it may be done already")
	}
	return list
}

// unreachable prints why a target can't be reached.
func (p *printer) unreachable(u *plan.UnreachableError) {
	p.printf("At most       %s   %s of %s points\n", p.bold(percent(u.Most)), u.Most.Points, u.Total)
	p.printf("\nThe target of %s%% can't be reached.\n", u.Target)
	if len(u.Obstacles) > 0 {
		p.title("In the way, the most points first")
	}
	width := 0
	for _, o := range u.Obstacles {
		width = max(width, len(o.Points.String()))
	}
	for _, o := range u.Obstacles {
		p.hang("  "+padLeft(o.Points.String(), width)+"  ", clean(obstacle(o)), plain)
		p.hang("  "+strings.Repeat(" ", width)+"  ", clean(strings.Join(o.Actions, ", ")), p.faint)
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

func percent(m plan.Mark) string { return fmt.Sprintf("%.2f%%", m.Percent.Float()) }
