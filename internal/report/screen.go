package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/actions"
	"github.com/posture-score/posture/internal/score"
)

// Screen says how much of an assessment its table has. The zero value is what fits one screen.
type Screen struct {
	All   bool // every action with its reasons
	Quiet bool // one line
	Top   int  // how many actions that come next are listed; 0 for 10
}

// leastTitle is the width that the titles of what comes next keep as long as ids can be cut instead.
const leastTitle = 40

// usualTop is how many of the actions that come next fit one screen with the rest.
const usualTop = 10

// Bounds of what one screen has of what could not be assessed, and of warnings.
const (
	screenCauses   = 4
	screenWarnings = 3
)

// summary prints what fits one screen, and how to see more.
func (page Assessment) summary(p *printer) {
	a := page.Assessment
	page.head(p, p.outlook)
	if c := page.Comparison; c != nil {
		p.title("Compared with " + clip(clean(c.Benchmark), maxText))
		p.cohorts(c.Cohorts)
		for _, note := range c.Notes {
			p.hang("  - ", clip(clean(note), maxText), plain)
		}
	}
	p.next(a, page.Screen.Top)
	p.folded(a)
	p.warnings(a)
	p.printf("\n")
	p.hang("", page.more(), p.faint)
}

// outlook prints the views of the score on one line.
func (p *printer) outlook(s engine.Score) {
	var list []string
	for _, view := range []struct {
		name string
		engine.View
	}{{"planned", s.Planned}, {"current licenses", s.CurrentLicense}, {"achievable", s.Achievable}} {
		if view.Points > 0 {
			list = append(list, view.name+" "+percentText(view.Percent))
		}
	}
	if len(list) > 0 {
		p.hang(pad("Views", 14), strings.Join(list, ", "), plain)
	}
}

// next lists the actions that come first in the ranking.
func (p *printer) next(a *engine.Assessment, top int) {
	list := toDo(a)
	if len(list) == 0 {
		return
	}
	if top <= 0 {
		top = usualTop
	}
	sum := score.Points(0)
	for _, action := range list {
		sum += action.Left()
	}
	shown := list[:min(len(list), top)]
	count := plural(len(list), "action")
	if len(shown) < len(list) {
		count = fmt.Sprintf("%d of %s", len(shown), count)
	}
	p.title(fmt.Sprintf("Next: %s, %s to gain", count, worth(sum)))
	t := grid{indent: "  ", columns: []gridColumn{
		{head: "RANK", right: true},
		{head: "GAIN", right: true},
		{head: "ACTION", least: leastTitle},
		{head: "ID", id: true},
		{head: "STATE", drop: 1},
	}}
	for _, action := range shown {
		state := spaced(string(action.Outcome))
		if len(actions.Waits(action)) > 0 {
			state += ", waits"
		}
		t.add(fmt.Sprint(action.Rank), "+"+action.Left().String(), action.Title, action.ID, state)
	}
	p.grid(&t)
}

// toDo returns the actions that have a rank, in its order.
func toDo(a *engine.Assessment) []*engine.Action {
	var list []*engine.Action
	for i := range a.Actions {
		if a.Actions[i].Rank > 0 {
			list = append(list, &a.Actions[i])
		}
	}
	actions.Sort(list, "rank")
	return list
}

// folded prints what could not be assessed, in one line for each of the causes that are worth most.
func (p *printer) folded(a *engine.Assessment) {
	u := unassessed(a)
	if len(u.actions) == 0 {
		return
	}
	failed := 0
	for _, action := range u.actions {
		if action.Outcome == engine.Errored {
			failed++
		}
	}
	text := fmt.Sprintf("Not assessed: %s worth %s", plural(len(u.actions), "action"), worth(a.Score.Total-a.Score.AssessedTotal))
	if failed > 0 {
		text += fmt.Sprintf(", of which %d by an error", failed)
	}
	p.title(text)
	reasons := map[string]string{} // of datasets that could not be collected
	for _, d := range a.Evidence.Datasets {
		if d.Status == engine.Failed {
			reasons[d.Name] = d.Reason
		}
	}
	t := grid{indent: "  ", columns: []gridColumn{{head: "ACTIONS", right: true}, {head: "POINTS", right: true}, {head: "REASON", least: leastText}}}
	for _, cause := range u.causes[:min(len(u.causes), screenCauses)] {
		text := cause
		if lacking := u.lacking[cause]; len(lacking) == 1 && reasons[lacking[0]] != "" {
			text += ": " + clip(clean(reasons[lacking[0]]), maxText)
		}
		t.add(fmt.Sprint(len(u.ids[cause])), u.points[cause].String(), text)
	}
	if rest := u.causes[min(len(u.causes), screenCauses):]; len(rest) > 0 {
		count, points := 0, score.Points(0)
		for _, cause := range rest {
			count += len(u.ids[cause])
			points += u.points[cause]
		}
		t.add(fmt.Sprint(count), points.String(), plural(len(rest), "other reason"))
	}
	p.grid(&t)
}

// warnings prints the first warnings of the evidence and findings about decisions, and how many there are.
func (p *printer) warnings(a *engine.Assessment) {
	list := slices.Concat(a.Evidence.Warnings, findings(a))
	if n := len(a.Engine.Fallbacks); n > 0 {
		list = append(list, plural(n, "rule")+" could not be compiled, and ran slowly")
	}
	if len(list) == 0 {
		return
	}
	title := fmt.Sprintf("Warnings: %d", len(list))
	if len(list) > screenWarnings {
		title = fmt.Sprintf("Warnings: %d of %d", screenWarnings, len(list))
	}
	p.title(title)
	const lead = "  - "
	most := min(maxText, p.room()-len(lead)) // one line of a terminal
	for _, warning := range list[:min(len(list), screenWarnings)] {
		p.hang(lead, p.shorten(p.glyphs(clean(warning)), most, false), plain)
	}
}

// more says how to see more than one screen.
func (page Assessment) more() string {
	return fmt.Sprintf("--all tells of all %s, --top N of more. See also 'posture actions', 'posture action show', 'posture explain'.",
		plural(len(page.Actions), "action"))
}

// line returns an assessment in one line: the score and counts.
func (page Assessment) line() string {
	s := page.Score
	text := "-  nothing to score"
	if s.Total > 0 {
		text = fmt.Sprintf("%s  %s of %s", percentText(s.Percent), s.Achieved, worth(s.Total))
	}
	counts := map[verdict]int{}
	for i := range page.Actions {
		counts[verdictOf(&page.Actions[i])]++
	}
	for _, part := range []struct {
		name    string
		verdict verdict
	}{{"to do", open}, {"met", met}, {"decided", accepted}, {"without evidence", unknown}, {"failed", broken}} {
		if counts[part.verdict] > 0 {
			text += fmt.Sprintf(", %d %s", counts[part.verdict], part.name)
		}
	}
	return text
}
