package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/score"
)

// Attribution is the page that says why a score changed.
type Attribution struct {
	Attribution *attribution.Attribution
	All         bool // the table names every action that changed, too those that moved no points
}

func (page Attribution) document() any { return page.Attribution }

func (page Attribution) table(p *printer) {
	a := page.Attribution
	p.printf("%s\n", p.bold(clean(cmp.Or(a.New.Tenant.Name, a.New.Tenant.ID))))
	p.side("from", a.Old)
	p.side("to", a.New)
	p.printf("\n")
	p.parts(a)
	p.changes(page.changes(), len(a.Actions))
	p.incomparable(a.Incomparable)
	for _, note := range a.Notes {
		p.printf("\n")
		p.hang("Note: ", clean(note), plain)
	}
}

// side prints one of the assessments.
func (p *printer) side(word string, s attribution.Side) {
	p.printf("  %s  %s   %s  %s of %s points\n", pad(word, 4), s.EvaluatedAt.UTC().Format("2006-01-02 15:04 MST"),
		p.bold(padLeft(hundredths(s.Percent)+"%", 7)), s.Achieved, s.Total)
}

// parts prints the parts of the change. They add up to it.
func (p *printer) parts(a *attribution.Attribution) {
	t := grid{indent: "  ", columns: []gridColumn{
		{head: "CAUSE", least: 16},
		{head: "POINTS", right: true},
		{head: "OF TOTAL", right: true},
		{head: "PERCENT", right: true},
		{head: "ACTIONS", right: true, drop: 1},
	}}
	sum := func(name string, amount attribution.Amount, actions string) {
		t.add(name, amount.Points.String(), amount.Total.String(), percentPoints(amount.Percent), actions)
	}
	for _, part := range a.Causes {
		sum(causeName(part), part.Amount, fmt.Sprint(part.Actions))
	}
	sum("not explained", a.Residual, "")
	sum("change", a.Change, fmt.Sprint(len(a.Actions)))
	t.rows[len(t.rows)-1].bold = true
	p.grid(&t)
}

// percentPoints writes a change of a percentage with two decimals.
func percentPoints(d score.Delta) string {
	switch {
	case d > 0:
		return "+" + hundredths(score.Points(d))
	case d < 0:
		return "-" + hundredths(score.Points(-d))
	}
	return "0.00"
}

func causeName(part attribution.Part) string {
	if part.Detail == "" {
		return string(part.Cause)
	}
	return string(part.Cause) + ": " + part.Detail
}

// changes returns the actions that the table names: what moved most first.
func (page Attribution) changes() []attribution.Change {
	list := slices.Clone(page.Attribution.Actions)
	if !page.All {
		list = slices.DeleteFunc(list, func(c attribution.Change) bool { return c.Amount().Zero() && c.Word != attribution.Decided })
	}
	weight := func(c attribution.Change) score.Delta {
		amount := c.Amount()
		return max(amount.Points, -amount.Points) + max(amount.Total, -amount.Total)
	}
	slices.SortStableFunc(list, func(a, b attribution.Change) int { return cmp.Compare(weight(b), weight(a)) })
	return list
}

// changes prints actions with what moved them.
func (p *printer) changes(list []attribution.Change, all int) {
	if len(list) > 0 {
		p.title("Actions")
	}
	seen := map[string]bool{}
	for i := range list {
		p.change(&list[i], seen)
	}
	if more := all - len(list); more > 0 {
		p.printf("\n")
		p.hang("", plural(more, "changed action")+" moved no points; --all names them.", p.faint)
	}
}

// change prints one action. Records that were named before are not named again.
func (p *printer) change(c *attribution.Change, seen map[string]bool) {
	amount := c.Amount()
	p.printf("  %s  %s  %s\n", padLeft(amount.Points.String(), 7), p.bold(clean(c.ID)), clean(string(c.Word)))
	lead := strings.Repeat(" ", 11)
	p.hang(lead, clean(c.Title), p.faint)
	p.hang(lead, clean(states(c)), plain)
	if len(c.Parts) > 1 {
		var parts []string
		for _, part := range c.Parts {
			parts = append(parts, causeName(part)+" "+part.Points.String())
		}
		p.hang(lead, clean(strings.Join(parts, ", ")), plain)
	}
	for _, line := range movedLines(c.Records) {
		if count, _, named := strings.Cut(line, ":"); named && seen[line] {
			line = count + ": the same as above"
		} else {
			seen[line] = true
		}
		p.hang(lead, clean(line), plain)
	}
	for _, line := range fieldLines(c.Fields) {
		p.hang(lead, clean(line), plain)
	}
	if d := c.Decision; d != nil && c.Word == attribution.Decided {
		p.hang(lead, clean(decidedBy(d.Reason, d.ApprovedBy, d.Owner)), plain)
	}
}

// decidedBy says what a register knows of a decision.
func decidedBy(reason, approvedBy, owner string) string {
	text := "decision"
	if approvedBy != "" {
		text += ", approved by " + approvedBy
	}
	if owner != "" {
		text += ", owned by " + owner
	}
	if reason != "" {
		text += ": " + reason
	}
	return text
}

// states says what an action was and is.
func states(c *attribution.Change) string {
	if c.Before == nil {
		return "new: " + stateWords(c.After)
	}
	if c.After == nil {
		return "was " + stateWords(c.Before)
	}
	before, after := stateWords(c.Before), stateWords(c.After)
	if before == after {
		return before
	}
	return before + " → " + after
}

func stateWords(s *attribution.State) string {
	text := spaced(string(s.Outcome))
	if s.Status != "" && s.Status != "to_address" && s.Status != "completed" {
		text += ", " + spaced(string(s.Status))
	}
	if s.Counts {
		text += " " + s.Achieved.String() + "/" + s.Max.String()
	}
	if n := s.Coverage; n != nil {
		text += fmt.Sprintf(" (%d of %d)", n.Compliant, n.InScope)
	}
	return text
}

// maxMoved is how many records a line of the table names.
const maxMoved = 3

// movedLines says which records moved.
func movedLines(m *attribution.Moved) []string {
	if m == nil {
		return nil
	}
	var list []string
	for _, set := range []struct {
		words string
		set   *attribution.Set
	}{
		{"stopped being compliant", m.Regressed},
		{"became compliant", m.Improved},
		{"came", m.Came},
		{"left", m.Left},
		{"fail now", m.Failing},
		{"fail no more", m.Resolved},
	} {
		if set.set == nil {
			continue
		}
		shown := set.set.Shown[:min(maxMoved, len(set.set.Shown))]
		text := fmt.Sprintf("%d %s", set.set.Total, set.words)
		if len(shown) > 0 {
			texts := make([]string, len(shown))
			for i, record := range shown {
				texts[i] = named(record)
			}
			text += ": " + strings.Join(texts, ", ")
		}
		if more := set.set.Total - int64(len(shown)); more > 0 && len(shown) > 0 {
			text += fmt.Sprintf(" and %d more", more)
		}
		list = append(list, text)
	}
	return list
}

// fieldLines says which fields of documents changed.
func fieldLines(changes *engine.DocumentChanges) []string {
	if changes == nil {
		return nil
	}
	var list []string
	for _, f := range changes.Shown[:min(maxMoved, len(changes.Shown))] {
		at := f.Dataset
		if f.Record != nil {
			at += " " + named(*f.Record)
		}
		list = append(list, strings.TrimSpace(at+" "+f.Field)+": "+cmp.Or(f.Old, "nothing")+" → "+cmp.Or(f.New, "nothing"))
	}
	if more := changes.Total - len(list); more > 0 && len(list) > 0 {
		list = append(list, fmt.Sprintf("and %d more fields that it reads", more))
	}
	return list
}

// incomparable prints how many actions could not be compared, by reason.
func (p *printer) incomparable(list []attribution.Incomparably) {
	if len(list) == 0 {
		return
	}
	p.title(fmt.Sprintf("Not compared: %s", plural(len(list), "action")))
	counts := map[string]int{}
	for _, x := range list {
		counts[x.Reason]++
	}
	for _, reason := range sortedKeys(counts) {
		p.printf("  %s  %s\n", padLeft(fmt.Sprint(counts[reason]), 7), clean(reason))
	}
}

// sheet is a row for each part of each action.
func (page Attribution) sheet() sheet {
	s := sheet{heads: []head{
		{name: "ID"},
		{name: "Recommended action"},
		{name: "Category"},
		{name: "Product"},
		{name: "Change"},
		{name: "Cause"},
		{name: "Detail"},
		{name: "Points", number: true},
		{name: "Of total", number: true},
		{name: "Percent", number: true},
		{name: "Before"},
		{name: "After"},
	}}
	words := func(state *attribution.State) string {
		if state == nil {
			return ""
		}
		return stateWords(state)
	}
	for _, c := range page.Attribution.Actions {
		for _, part := range c.Parts {
			s.rows = append(s.rows, []string{
				c.ID, c.Title, c.Category, c.Product, string(c.Word), string(part.Cause), part.Detail,
				part.Points.String(), part.Total.String(), percentPoints(part.Percent), words(c.Before), words(c.After),
			})
		}
	}
	return s
}

// sheets are the causes, and the actions that moved points.
func (page Attribution) sheets() []sheet {
	a := page.Attribution
	causes := sheet{
		title: fmt.Sprintf("%s: %s%% to %s%%", cmp.Or(a.New.Tenant.Name, a.New.Tenant.ID), hundredths(a.Old.Percent), hundredths(a.New.Percent)),
		heads: []head{{name: "Cause"}, {name: "Points", number: true}, {name: "Of total", number: true}, {name: "Percent", number: true}},
	}
	add := func(name string, amount attribution.Amount) {
		causes.rows = append(causes.rows, []string{name, amount.Points.String(), amount.Total.String(), percentPoints(amount.Percent)})
	}
	for _, part := range a.Causes {
		add(causeName(part), part.Amount)
	}
	add("not explained", a.Residual)
	add("change", a.Change)
	actions := sheet{title: "Actions", heads: []head{{name: "Points", number: true}, {name: "Recommended action"}, {name: "Change"}, {name: "From and to"}}}
	for _, c := range page.changes() {
		actions.rows = append(actions.rows, []string{c.Amount().Points.String(), c.Title, string(c.Word), states(&c)})
	}
	return []sheet{causes, actions}
}
