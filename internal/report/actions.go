package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/actions"
	"github.com/posture-score/posture/internal/score"
)

// Actions is the page of some actions of an assessment, in order.
type Actions struct {
	Assessment *engine.Assessment
	Actions    []*engine.Action
	GroupBy    string   // one of [actions.Groupings], or ""
	Columns    []string // of [ActionColumns]; nil for the default of the format
}

// listedAction is an action in the JSON of a list, with computed fields.
type listedAction struct {
	*engine.Action
	Left   score.Points `json:"left"`
	Effort int          `json:"effort"`
	Waits  []string     `json:"waits_for"`
}

// listedGroup is a group in the JSON of a list, with the ids of its actions.
type listedGroup struct {
	actions.Group
	IDs []string `json:"actions"`
}

func (l Actions) document() any {
	document := struct {
		header
		Actions []listedAction `json:"actions"`
		Groups  []listedGroup  `json:"groups,omitempty"`
	}{header: newHeader(l.Assessment), Actions: []listedAction{}}
	for _, group := range l.groups() {
		ids := []string{}
		for _, a := range group.Actions {
			ids = append(ids, a.ID)
			document.Actions = append(document.Actions, listedAction{
				Action: a, Left: a.Left(), Effort: score.Effort(a.Difficulty, a.UserImpact, a.Complexity), Waits: actions.Waits(a),
			})
		}
		if l.GroupBy != "" {
			document.Groups = append(document.Groups, listedGroup{Group: group, IDs: ids})
		}
	}
	return document
}

func (l *Actions) groups() []actions.Group { return actions.GroupBy(l.Actions, l.GroupBy) }

// columns returns the columns to show. In a format without headings the column that is grouped by comes first.
func (l *Actions) columns(usual []string, grouped bool) []column {
	names := l.Columns
	if names == nil {
		names = usual
	}
	var shown []column
	if grouped && l.GroupBy != "" && !slices.Contains(names, l.GroupBy) {
		shown = append(shown, columnsOf(l.GroupBy)...)
	}
	return append(shown, columnsOf(names...)...)
}

// sheet returns the list with the columns of the portal's export, by the same names.
func (l Actions) sheet() sheet {
	var list []*engine.Action
	for _, group := range l.groups() {
		list = append(list, group.Actions...)
	}
	return l.exported(l.columns(exportColumns(), true), list)
}

// sheets returns a sheet for each group.
func (l Actions) sheets() []sheet {
	shown := l.columns(append(tableColumns(), "waits"), false)
	var list []sheet
	for _, group := range l.groups() {
		sheet := l.exported(shown, group.Actions)
		if l.GroupBy != "" {
			sheet.title = groupTitle(group)
		}
		list = append(list, sheet)
	}
	return list
}

// exported returns actions as a sheet, with texts in full length.
func (l *Actions) exported(shown []column, list []*engine.Action) sheet {
	var s sheet
	for _, c := range shown {
		s.heads = append(s.heads, head{name: c.export, number: c.number, date: c.date})
	}
	for _, a := range list {
		row := make([]string, len(shown))
		for i, c := range shown {
			row[i] = c.exported(l.Assessment, a)
		}
		s.rows = append(s.rows, row)
	}
	return s
}

// table prints what a blocked action waits for under the action, unless a column shows it.
func (l Actions) table(p *printer) {
	if len(l.Actions) == 0 {
		p.printf("No action matches.\n")
		return
	}
	shown := l.columns(tableColumns(), false)
	widths := l.widths(shown)
	fit(shown, widths, p.columns())
	for i, group := range l.groups() {
		if l.GroupBy != "" {
			if i > 0 {
				p.printf("\n")
			}
			p.printf("%s\n", p.bold(clean(groupTitle(group))))
		}
		heads := make([]string, len(shown))
		for i, c := range shown {
			heads[i] = c.head
		}
		p.printf("%s\n", p.bold(line(shown, widths, heads)))
		for _, a := range group.Actions {
			p.row(&l, shown, widths, a)
		}
	}
	p.printf("\n%s\n", l.summary())
}

// Bounds of the width of a cell in the text, in columns. Other formats are not cut.
const (
	widest   = 64
	narrowed = 24 // the least width that texts are cut to, to make a line fit
	usualID  = 32 // a longer id is not cut: it takes room from the text beside it
)

func cell(c column, a *engine.Assessment, action *engine.Action) string {
	return clip(clean(c.text(a, action)), widest)
}

// fit narrows text columns, the title first, until a line fits.
func fit(shown []column, widths []int, most int) {
	over := 2*(len(shown)-1) - most
	for _, width := range widths {
		over += width
	}
	for i, c := range shown {
		if c.name == "id" && over > 0 && widths[i] > usualID {
			less := min(over, widths[i]-usualID)
			widths[i] -= less
			over -= less
		}
	}
	for _, titles := range []bool{true, false} {
		for i, c := range shown {
			if (c.name == "title") == titles && !c.number && c.name != "id" && over > 0 && widths[i] > narrowed {
				less := min(over, widths[i]-narrowed)
				widths[i] -= less
				over -= less
			}
		}
	}
}

func (l *Actions) widths(shown []column) []int {
	widths := make([]int, len(shown))
	for i, c := range shown {
		widths[i] = columns(c.head)
		for _, a := range l.Actions {
			widths[i] = max(widths[i], columns(cell(c, l.Assessment, a)))
		}
	}
	return widths
}

func (p *printer) row(l *Actions, shown []column, widths []int, a *engine.Action) {
	cells := make([]string, len(shown))
	shownAlready := false
	for i, c := range shown {
		cells[i] = cell(c, l.Assessment, a)
		shownAlready = shownAlready || c.name == "waits"
	}
	p.printf("%s\n", line(shown, widths, cells))
	if waits := actions.Waits(a); len(waits) > 0 && !shownAlready && !a.Settled() {
		p.hang("      ", "waits for "+clean(strings.Join(waits, ", ")), p.faint)
	}
}

// line returns cells in their columns, numbers aligned right. A text column gives up the room that an id before it takes too much.
func line(shown []column, widths []int, cells []string) string {
	var text strings.Builder
	debt := 0
	for i, c := range shown {
		if i > 0 {
			text.WriteString("  ")
		}
		width := widths[i]
		switch {
		case c.number:
			text.WriteString(padLeft(cells[i], width))
		case c.name == "id":
			text.WriteString(pad(cells[i], width))
			debt += max(0, columns(cells[i])-width)
		default:
			less := max(0, min(debt, width-narrowed))
			text.WriteString(pad(clip(cells[i], width-less), width-less))
			debt -= less
		}
	}
	return strings.TrimRight(text.String(), " ")
}

func groupTitle(g actions.Group) string {
	return fmt.Sprintf("%s: %s, %s of %s, %s left", strings.ReplaceAll(g.Name, "_", " "), plural(len(g.Actions), "action"), g.Achieved, worth(g.Total), g.Left)
}

func (l *Actions) summary() string {
	left := score.Points(0)
	for _, a := range l.Actions {
		left += a.Left()
	}
	return fmt.Sprintf("%d of %s, %s left to earn", len(l.Actions), plural(len(l.Assessment.Actions), "action"), worth(left))
}
