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
	ToDo       bool     // the actions are those that are to do, of which the table says why
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

// table prints what a blocked action waits for under the action, unless a column shows it. It prints nothing where there is nothing: that is
// no line of a table, and the command says it.
func (l Actions) table(p *printer) {
	if len(l.Actions) == 0 {
		return
	}
	usual := tableColumns()
	if l.ToDo {
		usual = toDoColumns()
	}
	shown := l.columns(usual, false)
	var t grid
	for i, c := range shown {
		t.columns = append(t.columns, c.gridColumn(i))
	}
	waits := slices.ContainsFunc(shown, func(c column) bool { return c.name == "waits" })
	for _, group := range l.groups() {
		if l.GroupBy != "" {
			t.rows = append(t.rows, gridRow{title: groupTitle(group)})
		}
		for _, a := range group.Actions {
			cells := make([]string, len(shown))
			for i, c := range shown {
				cells[i] = c.text(l.Assessment, a)
			}
			t.add(cells...)
			if blockers := actions.Waits(a); len(blockers) > 0 && !waits && !a.Settled() {
				t.below("waits for " + strings.Join(blockers, ", "))
			}
		}
	}
	p.grid(&t)
	p.printf("\n")
	p.hang("", l.summary(), plain)
	if l.ToDo {
		p.hang("", "This is what is to do; --all lists the rest, too.", p.faint)
	}
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
