package report

import (
	"fmt"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/actions"
	"github.com/posture-score/posture/internal/score"
)

// Explanation is the page of the arithmetic of an action, line by line.
type Explanation struct {
	Action
	Explanation *actions.Explanation
}

func (page Explanation) document() any {
	return struct {
		header
		Policy *policy `json:"policy"`
		*actions.Explanation
	}{newHeader(page.Assessment), page.policy(), page.Explanation}
}

func (page Explanation) text(p *printer) {
	x := page.Explanation
	p.hang("", clip(clean(x.Title), maxText), p.bold)
	p.hang("", fmt.Sprintf("%s in %s, as of %s", clean(x.ID), clean(tenantName(page.Assessment)), page.Assessment.EvaluatedAt.Format("2006-01-02 15:04 MST")), p.faint)
	p.rule(&page.Action, x)
	p.title("Points")
	p.field("at most", x.Max.String())
	if x.Stage == engine.Preview {
		p.field("stage", previewed)
	}
	p.step("by evidence", x.ByEvidence)
	p.step("by status", x.Achieved)
	p.step("left", x.Left)
	p.title("Licenses and prerequisites")
	p.field("licenses", licensed(x))
	waits := "for nothing"
	if len(x.Waits) > 0 {
		waits = "for " + strings.Join(x.Waits, ", ")
	}
	p.field("waits", waits)
	p.field("effect", "none on points; the views leave out what lacks a license")
	p.contributions(x)
	p.title("Share of the total")
	p.sharing("at most", x.Max, x.Shares.Max, x)
	p.sharing("achieved", x.Achieved.Points, x.Shares.Achieved, x)
	p.sharing("left", x.Left.Points, x.Shares.Left, x)
	p.ranking(x.Ranking)
}

// rule prints which rule was evaluated, over what, and its outcome.
func (p *printer) rule(page *Action, x *actions.Explanation) {
	p.title("Rule")
	switch known := page.policy(); {
	case known == nil:
		p.field("rule", "the catalog at hand has no such control")
	case known.Package == "":
		p.field("rule", "none: a person attests it")
	default:
		p.field("rule", "data."+known.Package)
		if !known.Same {
			p.field(" ", "the catalog at hand has another text of it than was evaluated")
		}
	}
	p.field("kind", x.Kind)
	p.field("outcome", spaced(string(x.Outcome)))
	for i, reason := range page.Action.Reasons[:min(len(page.Action.Reasons), maxReasons)] {
		p.field(first(i, "because"), clip(reason, maxText))
	}
	if r := x.Records; r != nil {
		p.field("records", fmt.Sprintf("%d − %d out of scope − %d excluded = %d in scope", r.Records, r.OutOfScope, r.Excluded, r.InScope))
		p.field("compliant", fmt.Sprintf("%d; %d − %d = %d failing", r.Compliant, r.InScope, r.Compliant, r.InScope-r.Compliant))
	}
}

func (p *printer) step(name string, s actions.Step) {
	text := s.Formula
	if s.Exact != "" {
		text += " = " + s.Exact
	}
	switch {
	case s.Exact != "":
		text += " → " + s.Points.String()
	case text != s.Points.String() && text != "none":
		text += " = " + s.Points.String()
	}
	if s.Because != "" {
		text += ": " + spaced(s.Because)
	}
	p.field(name, text)
}

func licensed(x *actions.Explanation) string {
	switch {
	case !x.LicensesKnown:
		return "count as held, since the evidence tells none"
	case x.Licensed:
		return "held, or none needed"
	}
	return "missing"
}

func (p *printer) contributions(x *actions.Explanation) {
	p.title("In the score and its views")
	for _, part := range x.Views {
		p.hang("  "+pad(spaced(part.Name), 15)+"  ", fmt.Sprintf("%s of %s, %s percent points of the total: %s", part.Points, part.Score, hundredths(part.Percent), part.Because), plain)
	}
}

func (p *printer) sharing(name string, points, percent score.Points, x *actions.Explanation) {
	if x.Outcome == engine.NotApplicable {
		p.field(name, "none: the action is not in the total")
		return
	}
	p.field(name, fmt.Sprintf("%s ÷ %s = %s percent points", points, x.Shares.Total, hundredths(percent)))
}

// Ranking is the page of the numbers behind the rank of an action.
type Ranking struct {
	Action  *engine.Action
	Ranking *actions.Ranking
}

func (page Ranking) document() any { return page.Ranking }

func (page Ranking) table(p *printer) {
	p.hang("", clip(clean(page.Action.Title), maxText)+" ("+clip(clean(page.Action.ID), maxName)+")", p.bold)
	p.ranking(page.Ranking)
}

func (p *printer) ranking(r *actions.Ranking) {
	p.title("Rank")
	p.field("points left", r.Left.String())
	for _, level := range []struct {
		name string
		actions.Level
	}{{"difficulty", r.Difficulty}, {"user impact", r.UserImpact}, {"complexity", r.Complexity}} {
		p.field(level.name, fmt.Sprintf("%s: %d", level.Level.Level, level.Weight))
	}
	p.field("effort", fmt.Sprintf("%d + %d + %d = %d", r.Difficulty.Weight, r.UserImpact.Weight, r.Complexity.Weight, r.Effort))
	p.field("value", fmt.Sprintf("%s ÷ %d = %s", r.Left, r.Effort, r.Value))
	if r.Why != "" {
		p.field("rank", "none: "+r.Why)
		return
	}
	p.field("rank", fmt.Sprintf("%d of %d, the greatest value first", r.Rank, r.Of))
	if len(r.Waits) > 0 {
		p.field("waits", "for "+strings.Join(r.Waits, ", ")+", which does not change its place")
	}
	own := r.Standing
	lines, placed := []actions.Standing{}, false
	for _, n := range r.Neighbours {
		if n.Rank > own.Rank && !placed {
			lines, placed = append(lines, own), true
		}
		lines = append(lines, n)
	}
	if !placed {
		lines = append(lines, own)
	}
	for i, n := range lines {
		text := fmt.Sprintf("%d. %s: %s ÷ %d = %s", n.Rank, clip(clean(n.ID), maxName), n.Left, n.Effort, n.Value)
		if n.ID == own.ID {
			text += "  ← this one"
		}
		p.field(first(i, "neighbours"), text)
	}
}
