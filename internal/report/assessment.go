package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/score"
	"github.com/posture-score/posture/policies"
)

// Assessment writes an assessment as a person wants to see it: the score, its split by category, the actions worth most, and
// what could not be assessed and why.
func Assessment(w io.Writer, a *engine.Assessment, style Style) error {
	p := &printer{Style: style, w: w}
	p.headline(a)
	p.categories(a.Score.Categories)
	p.open(a.Actions)
	p.done(a.Actions)
	p.unassessed(a)
	for _, warning := range a.Evidence.Warnings {
		p.printf("warning: %s\n", clean(warning))
	}
	return p.err
}

func (p *printer) headline(a *engine.Assessment) {
	tenant := a.Tenant.Name
	if tenant == "" {
		tenant = a.Tenant.ID
	}
	if tenant == "" {
		tenant = "Unnamed tenant"
	}
	p.printf("%s, as of %s\n\n", p.bold(clean(tenant)), a.EvaluatedAt.Format("2006-01-02 15:04 MST"))
	p.printf("Secure score  %s   %s of %s points\n", p.bold(fmt.Sprintf("%.2f%%", a.Score.Percent.Float())), a.Score.Achieved, a.Score.Total)
	if rest := a.Score.Total - a.Score.AssessedTotal; rest > 0 {
		p.printf("%s\n", p.faint(fmt.Sprintf("Evidence was enough to assess %s of these points; the other %s count as not achieved.", a.Score.AssessedTotal, rest)))
	}
	p.printf("\n")
}

// barWidth is the length of a category's bar, in characters.
const barWidth = 20

func (p *printer) categories(categories []engine.Category) {
	order := policies.Categories()
	sorted := slices.Clone(categories)
	slices.SortFunc(sorted, func(a, b engine.Category) int {
		return cmp.Compare(slices.Index(order, a.Category), slices.Index(order, b.Category))
	})
	for _, c := range sorted {
		percent := score.Percent(c.Achieved, c.Total)
		full := int(int64(percent) * barWidth / int64(score.Full))
		p.printf("  %s %s%s %s   %s of %s\n", pad(c.Category, 14), strings.Repeat("█", full), p.faint(strings.Repeat("░", barWidth-full)),
			padLeft(fmt.Sprintf("%.2f%%", percent.Float()), 7), c.Achieved, c.Total)
	}
}

// open lists the actions that can still earn points, those worth most first.
func (p *printer) open(actions []engine.Action) {
	list := filter(actions, func(a engine.Action) bool { return a.Outcome == engine.NotMet || a.Outcome == engine.Partial })
	slices.SortStableFunc(list, func(a, b engine.Action) int { return cmp.Compare(left(b), left(a)) })
	if len(list) == 0 {
		return
	}
	p.printf("\n%s\n", p.bold("To do, the most points first"))
	for _, a := range list {
		p.printf("  %s  %s  %s\n", padLeft("+"+left(a).String(), 6), clean(a.ID), clean(a.Title))
		p.printf("          %s\n", p.faint(earned(a)))
		p.reasons(a.Reasons)
		p.failing(a.Failing)
	}
}

// earned says how far an action is.
func earned(a engine.Action) string {
	text := fmt.Sprintf("%s of %s points, %s", a.Points.Achieved, a.Points.Max, strings.ReplaceAll(string(a.Outcome), "_", " "))
	if a.Coverage != nil {
		text += fmt.Sprintf(": %d of %d comply", a.Coverage.Compliant, a.Coverage.InScope)
	}
	return text
}

// Bounds of what the table shows of one action; the JSON has all.
const (
	maxReasons = 3
	maxFailing = 3
)

func (p *printer) reasons(reasons []string) {
	for _, reason := range reasons[:min(len(reasons), maxReasons)] {
		p.printf("          - %s\n", clean(reason))
	}
	if more := len(reasons) - maxReasons; more > 0 {
		p.printf("          - and %s\n", plural(more, "more reason"))
	}
}

func (p *printer) failing(failing *engine.Failing) {
	if failing == nil || failing.Total == 0 {
		return
	}
	shown := failing.Shown[:min(len(failing.Shown), maxFailing)]
	names := make([]string, len(shown))
	for i, name := range shown {
		names[i] = clip(clean(name), 60)
	}
	text := "failing: " + strings.Join(names, ", ")
	if more := failing.Total - int64(len(shown)); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	p.printf("          %s\n", p.faint(text))
}

// done lists what earns full points, and what does not apply.
func (p *printer) done(actions []engine.Action) {
	for _, section := range []struct {
		title   string
		outcome engine.Outcome
	}{{"Completed", engine.Complete}, {"Not applicable", engine.NotApplicable}} {
		list := filter(actions, func(a engine.Action) bool { return a.Outcome == section.outcome })
		if len(list) == 0 {
			continue
		}
		p.printf("\n%s\n", p.bold(section.title))
		for _, a := range list {
			points := a.Points.Achieved.String()
			if a.Outcome == engine.NotApplicable {
				points = "-"
			}
			p.printf("  %s  %s  %s\n", padLeft(points, 6), clean(a.ID), clean(a.Title))
			p.reasons(a.Reasons)
		}
	}
}

// unassessed tells what could not be assessed, by cause.
func (p *printer) unassessed(a *engine.Assessment) {
	list := filter(a.Actions, func(a engine.Action) bool { return !a.Outcome.Assessed() })
	if len(list) == 0 {
		return
	}
	points := map[string]score.Points{}
	ids := map[string][]string{}
	var causes []string
	for _, action := range list {
		cause := strings.Join(action.Reasons, "; ")
		if action.Outcome == engine.Errored {
			cause = "error: " + cause
		}
		if ids[cause] == nil {
			causes = append(causes, cause)
		}
		ids[cause] = append(ids[cause], action.ID)
		points[cause] += action.Points.Max
	}
	slices.SortStableFunc(causes, func(a, b string) int { return cmp.Or(cmp.Compare(points[b], points[a]), cmp.Compare(a, b)) })
	p.printf("\n%s\n", p.bold(fmt.Sprintf("Could not be assessed: %s worth %s points", plural(len(list), "action"), a.Score.Total-a.Score.AssessedTotal)))
	for _, cause := range causes {
		p.printf("  %s  %s\n", padLeft(points[cause].String(), 6), clean(cause))
		p.printf("          %s\n", p.faint(clean(strings.Join(ids[cause], ", "))))
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
