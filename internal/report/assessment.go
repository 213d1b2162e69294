package report

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/actions"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/cohort"
	"github.com/posture-score/posture/internal/gate"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/score"
)

// Assessment is the page of an assessment: the score, its split by category, the actions worth most, and what could not be assessed
// and why.
type Assessment struct {
	*engine.Assessment
	Comparison *cohort.Comparison    // with a benchmark; may be nil
	Gates      []gate.Verdict        // nil if there are none
	File       func(io.Writer) error // writes it as a file for a browser
	Graph      func(io.Writer) error // writes it as answers of Microsoft Graph

	History  []history.Entry          // of the tenant, newest first; nil without a store
	Controls *catalog.Catalog         // says where controls are declared, and how to comply with them; may be nil
	Baseline *attribution.Attribution // says what changed since an assessment before; may be nil
	Template *Template                // of the format template
	Screen   Screen                   // of the format table
}

func (page Assessment) html(w io.Writer) error { return page.File(w) }

func (page Assessment) graph(w io.Writer) error { return page.Graph(w) }

// sheet returns all actions as 'posture actions --format csv' has them, and after them the gates.
func (page Assessment) sheet() sheet {
	list := make([]*engine.Action, len(page.Actions))
	for i := range page.Actions {
		list[i] = &page.Actions[i]
	}
	actions.Sort(list, "rank")
	s := Actions{Assessment: page.Assessment, Actions: list}.sheet()
	s.rows = append(s.rows, page.gateRows(s.heads)...)
	return s
}

func (page Assessment) document() any {
	return struct {
		*engine.Assessment
		Comparison *cohort.Comparison `json:"comparison,omitempty"`
		Gates      []gate.Verdict     `json:"gates,omitempty"`
	}{page.Assessment, page.Comparison, page.Gates}
}

func (page Assessment) table(p *printer) {
	switch {
	case page.Screen.Quiet:
		p.printf("%s\n", page.line())
	case page.Screen.All:
		page.everything(p)
	default:
		page.summary(p)
	}
}

// everything prints each action with its reasons.
func (page Assessment) everything(p *printer) {
	a := page.Assessment
	page.head(p, p.views)
	p.comparison(page.Comparison)
	counted := filter(a.Actions, func(a engine.Action) bool { return a.Counts() || a.Outcome == engine.NotApplicable })
	p.open(counted)
	p.resolved(counted)
	p.done(counted)
	p.unassessed(a)
	p.previews(a.Actions)
	p.findings(a)
	p.fallbacks(a.Engine.Fallbacks)
	if len(a.Evidence.Warnings) > 0 {
		p.title("Warnings")
	}
	for _, warning := range a.Evidence.Warnings {
		p.hang("  - ", clip(clean(warning), maxText), plain)
	}
}

// head prints whose assessment it is, the score, its views by the function that is given, what it adds up from, and the gates.
func (page Assessment) head(p *printer, views func(engine.Score)) {
	p.headline(page.Assessment)
	p.achieved(page.Score)
	views(page.Score)
	p.assessedShare(page.Score)
	p.categories(page.Score.Categories)
	p.gates(page.Gates)
}

// headline prints whose assessment it is, and as of when.
func (p *printer) headline(a *engine.Assessment) {
	name, at := clean(tenantName(a)), ", as of "+a.EvaluatedAt.Format("2006-01-02 15:04 MST")
	if columns(name+at) <= p.columns() {
		p.printf("%s%s\n\n", p.bold(name), at)
		return
	}
	p.hang("", name+at, p.bold)
	p.printf("\n")
}

// achieved prints the score.
func (p *printer) achieved(s engine.Score) {
	if s.Total == 0 {
		p.printf("Secure score  %s   no action applies, so there is nothing to score\n", p.bold("-"))
		return
	}
	p.printf("Secure score  %s   %s of %s points\n", p.bold(percentText(s.Percent)), s.Achieved, s.Total)
}

// assessedShare prints how much of the total the evidence was enough for, unless that is all.
func (p *printer) assessedShare(s engine.Score) {
	rest := s.Total - s.AssessedTotal
	switch {
	case rest <= 0:
	case s.AssessedTotal == 0:
		p.hang("", "The evidence was not enough to assess any of them: all count as not achieved.", p.faint)
	default:
		p.hang("", fmt.Sprintf("The evidence was enough to assess %s, of which %s are achieved; the other %s count as not achieved.",
			worth(s.AssessedTotal), percentText(score.Percent(s.Achieved, s.AssessedTotal)), rest), p.faint)
	}
}

// barWidth is the length of a category's bar, in characters: less on a narrow terminal.
func (p *printer) barWidth() int { return min(20, p.columns()-48) }

func (p *printer) categories(categories []engine.Category) {
	order := catalog.Categories()
	sorted := slices.Clone(categories)
	slices.SortFunc(sorted, func(a, b engine.Category) int {
		return cmp.Compare(slices.Index(order, a.Category), slices.Index(order, b.Category))
	})
	if len(sorted) > 0 {
		p.printf("\n")
	}
	bar := p.barWidth()
	for _, c := range sorted {
		percent := score.Percent(c.Achieved, c.Total)
		full := int(int64(percent) * int64(bar) / int64(score.Full))
		p.printf("  %s %s%s %s   %s of %s\n", pad(c.Category, 14), strings.Repeat("█", full), p.faint(strings.Repeat("░", bar-full)),
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
	p.title(fmt.Sprintf("To do: %s worth %s, the most first", plural(len(list), "action"), worth(sum)))
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
	for _, record := range failing.Shown[:min(len(failing.Shown), maxFailing)] {
		next := text + named(record)
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

// views prints the views of the score that differ from the score and its total.
func (p *printer) views(s engine.Score) {
	for _, view := range []struct {
		name, meaning string
		engine.View
		redundant score.Points // the value that adds nothing
	}{
		{"Planned", "with all that is planned", s.Planned, s.Achieved},
		{"Licensed", "with all that the current licenses allow", s.CurrentLicense, s.Total},
		{"Achievable", "with what the current licenses allow, less accepted risks", s.Achievable, s.CurrentLicense.Points},
	} {
		// An assessment without decisions and licenses has no views.
		if view.Points != view.redundant && view.Points > 0 {
			p.hang(pad(view.name, 14)+percentText(view.Percent)+"   ", fmt.Sprintf("%s of %s points, %s", view.Points, s.Total, view.meaning), plain)
		}
	}
}

// decided reports whether a decision closes an action, rather than the evidence.
func decided(a engine.Action) bool { return a.Status.Resolves() || a.Status == engine.RiskAccepted }

// resolved lists the actions that are closed by the organization or by an exception in the evidence.
func (p *printer) resolved(actions []engine.Action) {
	list := filter(actions, decided)
	if len(list) == 0 {
		return
	}
	p.title("Resolved by decision: " + plural(len(list), "action"))
	for _, a := range list {
		p.head(a.Points.Achieved.String(), a)
		p.hang(indented, decision(a), p.faint)
	}
}

// decision returns in one line what was decided, by whom, why and until when.
func decision(a engine.Action) string {
	text := fmt.Sprintf("%s, %s by the evidence", spaced(string(a.Status)), a.Points.ByEvidence)
	if a.Status == engine.RiskAccepted {
		text += fmt.Sprintf(", %s left", a.Left())
	}
	d := a.Decision
	if d == nil || d.Status != a.Status {
		return text + ": an exception in the evidence"
	}
	if d.Expires != nil {
		text += ", until " + date(d.Expires)
	}
	if d.ApprovedBy != "" {
		text += ", approved by " + clip(clean(d.ApprovedBy), maxName)
	}
	if d.Reason != "" {
		text += ": " + clip(clean(d.Reason), maxText)
	}
	return text
}

// intended returns the owner and due date of a planned action.
func intended(a engine.Action) string {
	if a.Status != engine.Planned {
		return ""
	}
	text := ", planned"
	if a.Decision == nil {
		return text
	}
	if a.Decision.Owner != "" {
		text += " by " + clip(clean(a.Decision.Owner), maxName)
	}
	if a.Decision.Due != nil {
		text += " until " + date(a.Decision.Due)
	}
	return text
}

// maxFindings is how many findings the text shows; the JSON has all.
const maxFindings = 15

// maxNamed is how many actions a finding about several actions names.
const maxNamed = 3

// findings lists the findings about decisions: first those about the register as a whole, then those about actions that it names,
// then those about other actions: licenses, exceptions and sources. A finding about several actions is listed once.
func (p *printer) findings(a *engine.Assessment) {
	list := findings(a)
	if len(list) == 0 {
		return
	}
	p.title("Findings: " + fmt.Sprint(len(list)))
	for _, finding := range list[:min(len(list), maxFindings)] {
		p.hang("  - ", strings.TrimSpace(clip(clean(finding), maxText)), plain)
	}
	if rest := len(list) - maxFindings; rest > 0 {
		p.printf("  - and %d more\n", rest)
	}
}

// findings returns the findings about decisions, in the order in which they are listed.
func findings(a *engine.Assessment) []string {
	list := append([]string{}, a.Findings...)
	for _, named := range []bool{true, false} {
		about := map[string][]string{} // ids, by finding
		var order []string
		for _, action := range a.Actions {
			if (action.Decision != nil) != named {
				continue
			}
			for _, finding := range action.Findings {
				if about[finding] == nil {
					order = append(order, finding)
				}
				about[finding] = append(about[finding], action.ID)
			}
		}
		for _, finding := range order {
			list = append(list, some(about[finding])+": "+finding)
		}
	}
	return list
}

// some returns the first of some ids, and how many there are more.
func some(ids []string) string {
	if len(ids) <= maxNamed {
		return strings.Join(ids, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(ids[:maxNamed-1], ", "), len(ids)-maxNamed+1)
}

// unknowns are the actions that could not be assessed, by cause.
type unknowns struct {
	actions []engine.Action
	causes  []string // those worth most first
	ids     map[string][]string
	points  map[string]score.Points
	lacking map[string][]string // the datasets that a cause is about
	needed  map[string]bool     // the datasets of all causes
}

func unassessed(a *engine.Assessment) unknowns {
	u := unknowns{ids: map[string][]string{}, points: map[string]score.Points{}, lacking: map[string][]string{}, needed: map[string]bool{}}
	u.actions = filter(a.Actions, func(a engine.Action) bool { return a.Counts() && !a.Outcome.Assessed() && !a.Status.Resolves() })
	present := map[string]bool{}
	for _, d := range a.Evidence.Datasets {
		present[d.Name] = d.Status == engine.Collected
	}
	for _, action := range u.actions {
		missing := slices.DeleteFunc(slices.Clone(action.Missing), func(name string) bool { return present[name] })
		cause := cause(action, missing)
		u.ids[cause] = append(u.ids[cause], clip(clean(action.ID), maxName))
		u.points[cause] += action.Points.Max
		u.lacking[cause] = missing
		for _, name := range missing {
			u.needed[name] = true
		}
	}
	u.causes = slices.SortedFunc(maps.Keys(u.ids), func(a, b string) int { return cmp.Or(cmp.Compare(u.points[b], u.points[a]), cmp.Compare(a, b)) })
	return u
}

// unassessed prints the actions that could not be assessed, by cause, and then the evidence that is missing.
func (p *printer) unassessed(a *engine.Assessment) {
	u := unassessed(a)
	if len(u.actions) == 0 {
		return
	}
	rest := a.Score.Total - a.Score.AssessedTotal
	p.title(fmt.Sprintf("Could not be assessed: %s worth %s", plural(len(u.actions), "action"), worth(rest)))
	for _, cause := range u.causes {
		p.hang("  "+padLeft(u.points[cause].String(), 7)+"  ", cause, plain)
		p.hang(indented, strings.Join(u.ids[cause], ", "), p.faint)
	}
	p.missing(a.Evidence.Datasets, u.needed)
}

// cause returns why an action could not be assessed. Actions with the same cause are grouped.
func cause(a engine.Action, missing []string) string {
	reasons := make([]string, 0, maxReasons)
	for _, reason := range a.Reasons[:min(len(a.Reasons), maxReasons)] {
		reasons = append(reasons, clip(clean(reason), maxText))
	}
	switch {
	case a.Outcome == engine.Errored:
		return "error: " + strings.Join(reasons, "; ")
	case len(missing) > 0:
		return "lacking " + clean(strings.Join(missing, ", "))
	}
	return strings.Join(reasons, "; ")
}

// missing lists the datasets that are needed and missing: those that failed, with the reason, then those that were not collected.
func (p *printer) missing(datasets []engine.Dataset, needed map[string]bool) {
	var failed, absent []engine.Dataset
	wide := 0
	for _, d := range datasets {
		switch {
		case !needed[d.Name]:
		case d.Status == engine.Failed:
			failed = append(failed, d)
			wide = max(wide, columns(clean(d.Name)))
		default:
			absent = append(absent, d)
		}
	}
	if len(failed) > 0 {
		p.title("Could not be collected: " + plural(len(failed), "dataset"))
	}
	for _, d := range failed {
		p.hang("  "+pad(clean(d.Name), wide)+"  ", clip(clean(d.Reason), maxText), plain)
	}
	if len(absent) > 0 {
		names := make([]string, len(absent))
		for i, d := range absent {
			names[i] = clean(d.Name)
		}
		p.title("Not in the evidence: " + plural(len(absent), "dataset"))
		p.hang("  ", strings.Join(names, ", "), plain)
	}
}
