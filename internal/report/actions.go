package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/actions"
	"github.com/posture-score/posture/internal/score"
)

// ActionList is some actions of an assessment, in order, and how to show them.
type ActionList struct {
	Assessment *engine.Assessment
	Actions    []*engine.Action
	GroupBy    string   // one of [actions.Groupings], or ""
	Columns    []string // of [ActionColumns]; nil for the default of the format
}

// listedAction is an action in the JSON of a list: with what is computed from it.
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

// listVersion is the version of the JSON of a list.
const listVersion = "1"

// ActionsJSON writes a list as JSON, with all that is known of each action.
func ActionsJSON(w io.Writer, list ActionList) error {
	document := struct {
		SchemaVersion string         `json:"schema_version"`
		Tenant        engine.Tenant  `json:"tenant"`
		EvaluatedAt   string         `json:"evaluated_at"`
		Actions       []listedAction `json:"actions"`
		Groups        []listedGroup  `json:"groups,omitempty"`
	}{
		SchemaVersion: listVersion, Tenant: list.Assessment.Tenant, EvaluatedAt: list.Assessment.EvaluatedAt.Format("2006-01-02T15:04:05Z07:00"),
		Actions: []listedAction{},
	}
	for _, group := range list.groups() {
		ids := []string{}
		for _, a := range group.Actions {
			ids = append(ids, a.ID)
			document.Actions = append(document.Actions, listedAction{
				Action: a, Left: a.Left(), Effort: score.Effort(a.Difficulty, a.UserImpact, a.Complexity), Waits: actions.Waits(a),
			})
		}
		if list.GroupBy != "" {
			document.Groups = append(document.Groups, listedGroup{Group: group, IDs: ids})
		}
	}
	return JSON(w, document)
}

func (l *ActionList) groups() []actions.Group { return actions.GroupBy(l.Actions, l.GroupBy) }

// columns returns the columns to show, with the one that is grouped by in front where a format has no headings.
func (l *ActionList) columns(usual []string, grouped bool) []column {
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

// ActionsCSV writes a list as CSV, its columns named as in the portal's export where that has them. Text that a spreadsheet would
// take for a formula is made text.
func ActionsCSV(w io.Writer, list ActionList) error {
	out := csv.NewWriter(w)
	shown := list.columns(exportColumns(), true)
	row := make([]string, len(shown))
	for i, c := range shown {
		row[i] = c.export
	}
	if err := out.Write(row); err != nil {
		return err
	}
	for _, group := range list.groups() {
		for _, a := range group.Actions {
			for i, c := range shown {
				if row[i] = clean(c.exported(list.Assessment, a)); !c.number {
					row[i] = inert(row[i])
				}
			}
			if err := out.Write(row); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

// inert keeps a spreadsheet from running text as a formula, by an apostrophe in front of it (OWASP, "CSV Injection").
func inert(text string) string {
	if first := strings.TrimLeft(text, " '\u00a0"); first != "" && strings.ContainsAny(first[:1], "=+-@") {
		return "'" + text
	}
	for _, wide := range []string{"＝", "＋", "－", "＠"} {
		if strings.HasPrefix(strings.TrimLeft(text, " "), wide) {
			return "'" + text
		}
	}
	return text
}

// ActionsMarkdown writes a list as a Markdown table, one for each group.
func ActionsMarkdown(w io.Writer, list ActionList) error {
	p := &printer{w: w}
	shown := list.columns(append(tableColumns(), "waits"), false)
	for i, group := range list.groups() {
		if list.GroupBy != "" {
			if i > 0 {
				p.printf("\n")
			}
			p.printf("## %s\n\n", literal(groupTitle(group)))
		}
		heads, rules := make([]string, len(shown)), make([]string, len(shown))
		for i, c := range shown {
			heads[i], rules[i] = c.export, "---"
			if c.number {
				rules[i] = "--:"
			}
		}
		p.printf("| %s |\n| %s |\n", strings.Join(heads, " | "), strings.Join(rules, " | "))
		for _, a := range group.Actions {
			cells := make([]string, len(shown))
			for i, c := range shown {
				cells[i] = literal(clean(c.exported(list.Assessment, a)))
			}
			p.printf("| %s |\n", strings.Join(cells, " | "))
		}
	}
	return p.err
}

// literal escapes what Markdown, or the HTML in it, would take for more than text.
func literal(text string) string {
	var safe strings.Builder
	for _, r := range text {
		switch {
		case r == '<':
			safe.WriteString("&lt;")
			continue
		case r == '>':
			safe.WriteString("&gt;")
			continue
		case r == '&':
			safe.WriteString("&amp;")
			continue
		case strings.ContainsRune("\\`*_{}[]()#!|~", r):
			safe.WriteByte('\\')
		}
		safe.WriteRune(r)
	}
	// What looks like an address becomes a link by itself in some readers.
	return strings.ReplaceAll(safe.String(), "://", ":\\//")
}

// Actions writes a list as a table. What a blocked action waits for stands under it, unless a column tells.
func Actions(w io.Writer, list ActionList, style Style) error {
	p := &printer{Style: style, w: w}
	if len(list.Actions) == 0 {
		p.printf("No action matches.\n")
		return p.err
	}
	shown := list.columns(tableColumns(), false)
	widths := list.widths(shown)
	fit(shown, widths, p.columns())
	for i, group := range list.groups() {
		if list.GroupBy != "" {
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
			p.row(&list, shown, widths, a)
		}
	}
	p.printf("\n%s\n", list.summary())
	return p.err
}

// Bounds of what a cell takes of a terminal, in columns. The other formats have all of it.
const (
	widest   = 64
	narrowed = 24 // texts are cut to this, and not further, to make a line fit
	usualID  = 32 // a longer id is shown whole all the same, and takes room from the text beside it
)

func cell(c column, a *engine.Assessment, action *engine.Action) string {
	return clip(clean(c.text(a, action)), widest)
}

// fit narrows the columns that hold texts, the title first, until a line fits.
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

func (l *ActionList) widths(shown []column) []int {
	widths := make([]int, len(shown))
	for i, c := range shown {
		widths[i] = columns(c.head)
		for _, a := range l.Actions {
			widths[i] = max(widths[i], columns(cell(c, l.Assessment, a)))
		}
	}
	return widths
}

func (p *printer) row(l *ActionList, shown []column, widths []int, a *engine.Action) {
	cells := make([]string, len(shown))
	told := false
	for i, c := range shown {
		cells[i] = cell(c, l.Assessment, a)
		told = told || c.name == "waits"
	}
	p.printf("%s\n", line(shown, widths, cells))
	if waits := actions.Waits(a); len(waits) > 0 && !told && !a.Settled() {
		p.hang("      ", "waits for "+clean(strings.Join(waits, ", ")), p.faint)
	}
}

// line puts cells into their columns, numbers to the right. What an id takes too much, the text after it gives.
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

func (l *ActionList) summary() string {
	left := score.Points(0)
	for _, a := range l.Actions {
		left += a.Left()
	}
	return fmt.Sprintf("%d of %s, %s left to earn", len(l.Actions), plural(len(l.Assessment.Actions), "action"), worth(left))
}
