package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/score"
)

// Assessment is the page of an assessment: the score, its split by category, the actions worth most, and what could not be assessed
// and why.
type Assessment struct{ *engine.Assessment }

func (page Assessment) document() any { return page.Assessment }

func (page Assessment) table(p *printer) {
	a := page.Assessment
	p.headline(a)
	p.categories(a.Score.Categories)
	counted := filter(a.Actions, func(a engine.Action) bool { return a.Counts() || a.Outcome == engine.NotApplicable })
	p.open(counted)
	p.resolved(counted)
	p.done(counted)
	p.unassessed(a)
	p.previews(a.Actions)
	p.findings(a)
	p.fallbacks(a.Engine.Fallbacks)
	if len(a.Evidence.Warnings) > 0 {
		p.printf("\n%s\n", p.bold("Warnings"))
	}
	for _, warning := range a.Evidence.Warnings {
		p.hang("  - ", clip(clean(warning), maxText), plain)
	}
}

func (p *printer) headline(a *engine.Assessment) {
	p.printf("%s, as of %s\n\n", p.bold(clean(tenantName(a))), a.EvaluatedAt.Format("2006-01-02 15:04 MST"))
	p.score(a.Score)
}

func (p *printer) score(s engine.Score) {
	if s.Total == 0 {
		p.printf("Secure score  %s   no action applies, so there is nothing to score\n", p.bold("-"))
		return
	}
	p.printf("Secure score  %s   %s of %s points\n", p.bold(fmt.Sprintf("%.2f%%", s.Percent.Float())), s.Achieved, s.Total)
	p.views(s)
	rest := s.Total - s.AssessedTotal
	switch {
	case rest <= 0:
	case s.AssessedTotal == 0:
		p.hang("", "The evidence was not enough to assess any of them: all count as not achieved.", p.faint)
	default:
		p.hang("", fmt.Sprintf("The evidence was enough to assess %s, of which %.2f%% are achieved; the other %s count as not achieved.",
			worth(s.AssessedTotal), score.Percent(s.Achieved, s.AssessedTotal).Float(), rest), p.faint)
	}
}

// barWidth is the length of a category's bar, in characters.
const barWidth = 20

func (p *printer) categories(categories []engine.Category) {
	order := catalog.Categories()
	sorted := slices.Clone(categories)
	slices.SortFunc(sorted, func(a, b engine.Category) int {
		return cmp.Compare(slices.Index(order, a.Category), slices.Index(order, b.Category))
	})
	if len(sorted) > 0 {
		p.printf("\n")
	}
	for _, c := range sorted {
		percent := score.Percent(c.Achieved, c.Total)
		full := int(int64(percent) * barWidth / int64(score.Full))
		p.printf("  %s %s%s %s   %s of %s\n", pad(c.Category, 14), strings.Repeat("█", full), p.faint(strings.Repeat("░", barWidth-full)),
			padLeft(fmt.Sprintf("%.2f%%", percent.Float()), 7), c.Achieved, c.Total)
	}
}

// indented is the indentation of lines about an action, under its title.
const indented = "           "

// head prints the line of an action: its points in a column, its title, its id.
func (p *printer) head(points string, a engine.Action) {
	p.hang("  "+padLeft(points, 7)+"  ", clip(clean(a.Title), maxText)+" ("+clip(clean(a.ID), maxName)+")", plain)
}

// open lists the actions that can still earn points, those worth most first.
func (p *printer) open(actions []engine.Action) {
	list := filter(actions, func(a engine.Action) bool {
		return (a.Outcome == engine.NotMet || a.Outcome == engine.Partial) && !decided(a)
	})
	slices.SortStableFunc(list, func(a, b engine.Action) int { return cmp.Compare(left(b), left(a)) })
	if len(list) == 0 {
		return
	}
	var sum score.Points
	for _, a := range list {
		sum += left(a)
	}
	p.printf("\n%s\n", p.bold(fmt.Sprintf("To do: %s worth %s, the most first", plural(len(list), "action"), worth(sum))))
	for _, a := range list {
		p.head("+"+left(a).String(), a)
		p.hang(indented, earned(a), p.faint)
		p.reasons(a.Reasons)
		p.failing(a.Failing)
	}
}

// earned returns the points and progress of an action.
func earned(a engine.Action) string {
	return fmt.Sprintf("%s of %s, %s", a.Points.Achieved, worth(a.Points.Max), progress(a)) + intended(a)
}

// progress returns the outcome of an action and how many records comply.
func progress(a engine.Action) string {
	text := spaced(string(a.Outcome))
	if a.Everyone {
		text += ": for everyone, by policy"
	}
	if a.Coverage != nil {
		text += fmt.Sprintf(": %d of %d comply", a.Coverage.Compliant, a.Coverage.InScope)
	}
	return text
}

// Bounds of what the text shows of one action; the JSON has everything.
const (
	maxReasons = 3
	maxFailing = 3
	maxText    = 320 // columns of a title or a reason
	maxName    = 60  // columns of the name of a record
)

func (p *printer) reasons(reasons []string) {
	for _, reason := range reasons[:min(len(reasons), maxReasons)] {
		p.hang(indented+"- ", clip(clean(reason), maxText), plain)
	}
	if more := len(reasons) - maxReasons; more > 0 {
		p.printf("%s- and %s\n", indented, plural(more, "more reason"))
	}
}

func (p *printer) failing(failing *engine.Failing) {
	if failing == nil || failing.Total == 0 {
		return
	}
	text, shown := "failing: ", int64(0)
	for _, name := range failing.Shown[:min(len(failing.Shown), maxFailing)] {
		next := text + clip(clean(name), maxName)
		if shown > 0 && columns(indented+next)+len(more(failing.Total)) > p.columns() {
			break
		}
		text, shown = next+", ", shown+1
	}
	text = strings.TrimRight(text, ", ")
	if failing.Total > shown {
		text += more(failing.Total - shown)
	}
	p.hang(indented, text, p.faint)
}

func more(count int64) string { return fmt.Sprintf(" and %d more", count) }

// done lists the actions that earn full points, and those that do not apply.
func (p *printer) done(actions []engine.Action) {
	for _, section := range []struct {
		title   string
		outcome engine.Outcome
	}{{"Completed", engine.Complete}, {"Not applicable", engine.NotApplicable}} {
		list := filter(actions, func(a engine.Action) bool { return a.Outcome == section.outcome })
		if len(list) == 0 {
			continue
		}
		p.printf("\n%s\n", p.bold(section.title+": "+plural(len(list), "action")))
		for _, a := range list {
			points := a.Points.Achieved.String()
			if a.Outcome == engine.NotApplicable {
				points = "-"
			}
			p.head(points, a)
			p.reasons(a.Reasons)
		}
	}
}

// previews lists the actions that are evaluated and not counted.
func (p *printer) previews(actions []engine.Action) {
	list := filter(actions, func(a engine.Action) bool { return a.Stage == engine.Preview && a.Outcome != engine.NotApplicable })
	if len(list) == 0 {
		return
	}
	p.title("Preview: " + plural(len(list), "action") + ", in no total")
	for _, a := range list {
		p.head("-", a)
		p.hang(indented, progress(a), p.faint)
	}
}

func left(a engine.Action) score.Points { return a.Points.Max - a.Points.Achieved }

func filter(actions []engine.Action, keep func(engine.Action) bool) []engine.Action {
	var kept []engine.Action
	for _, a := range actions {
		if keep(a) {
			kept = append(kept, a)
		}
	}
	return kept
}

func worth(points score.Points) string {
	if points == 100 {
		return "1 point"
	}
	return points.String() + " points"
}
