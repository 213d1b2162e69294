package report

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/actions"
	"github.com/posture-score/posture/internal/score"
)

// column is one column of a list of actions.
type column struct {
	name   string
	head   string // in the table
	export string // in CSV and Markdown: the name in the portal's export, if it has the column
	number bool   // aligned right, and not foreign text
	date   bool   // a day
	drop   int    // when it is left out of a table that has no room, as in gridColumn; 0 for after those that have a number
	text   func(a *engine.Assessment, action *engine.Action) string
	formal func(action *engine.Action) string // for CSV and Markdown; nil if it is the same as text
}

func (c column) exported(a *engine.Assessment, action *engine.Action) string {
	if c.formal != nil {
		return c.formal(action)
	}
	return c.text(a, action)
}

// ActionColumns returns the names of all columns of a list of actions.
func ActionColumns() []string {
	var names []string
	for _, c := range allColumns() {
		names = append(names, c.name)
	}
	return names
}

func tableColumns() []string {
	return []string{"rank", "id", "title", "left", "points", "status", "impact"}
}

// toDoColumns returns the columns of a list of what is to do.
func toDoColumns() []string { return []string{"rank", "left", "id", "title", "reasons"} }

// exportColumns returns the columns of the portal's export in its order, and two that it lacks.
func exportColumns() []string {
	return []string{"rank", "title", "impact", "points", "status", "category", "product", "license", "id", "waits"}
}

func columnsOf(names ...string) []column {
	var list []column
	all := allColumns()
	for _, name := range names {
		if i := slices.IndexFunc(all, func(c column) bool { return c.name == name }); i >= 0 {
			list = append(list, all[i])
		}
	}
	return list
}

func allColumns() []column {
	return append([]column{
		plainColumn("id", "ID", "ID", func(a *engine.Action) string { return a.ID }),
		plainColumn("title", "TITLE", "Recommended action", func(a *engine.Action) string { return a.Title }),
		{name: "category", head: "CATEGORY", export: "Category", text: fact(func(a *engine.Action) string { return a.Category }), formal: func(a *engine.Action) string { return capital(a.Category) }},
		plainColumn("product", "PRODUCT", "Product", func(a *engine.Action) string { return a.Product }),
		{name: "status", head: "STATUS", export: "Status", drop: 2, text: fact(shownStatus), formal: portalStatus},
		plainColumn("outcome", "OUTCOME", "Outcome", func(a *engine.Action) string { return spaced(string(a.Outcome)) }),
		{name: "license", head: "LICENSE", export: "Have license?", text: license},
		plainColumn("waits", "WAITS FOR", "Waits for", func(a *engine.Action) string { return strings.Join(actions.Waits(a), ", ") }),
		plainColumn("stage", "STAGE", "Stage", func(a *engine.Action) string { return a.Stage.String() }),
		plainColumn("tier", "TIER", "Tier", func(a *engine.Action) string { return spaced(a.Tier) }),
		plainColumn("kind", "KIND", "Kind", func(a *engine.Action) string { return a.Kind }),
		plainColumn("difficulty", "DIFFICULTY", "Difficulty", func(a *engine.Action) string { return a.Difficulty }),
		plainColumn("user_impact", "USER IMPACT", "User impact", func(a *engine.Action) string { return a.UserImpact }),
		plainColumn("complexity", "COMPLEXITY", "Complexity", func(a *engine.Action) string { return a.Complexity }),
		plainColumn("threats", "THREATS", "Threats", func(a *engine.Action) string { return strings.Join(a.Threats, ", ") }),
		plainColumn("frameworks", "FRAMEWORKS", "Frameworks", func(a *engine.Action) string { return strings.Join(references(a.Frameworks), ", ") }),
		plainColumn("tags", "TAGS", "Tags", func(a *engine.Action) string { return strings.Join(actions.Tags(a), ", ") }),
		plainColumn("owner", "OWNER", "Owner", registered(func(d *engine.Decision) string { return d.Owner })),
		{name: "due", head: "DUE", export: "Due", date: true, text: fact(registered(func(d *engine.Decision) string { return date(d.Due) }))},
		{name: "expires", head: "EXPIRES", export: "Expires", date: true, text: fact(registered(func(d *engine.Decision) string { return date(d.Expires) }))},
		plainColumn("ticket", "TICKET", "Ticket", registered(func(d *engine.Decision) string { return d.Ticket })),
		{name: "reasons", head: "REASONS", export: "Reasons", drop: 1, text: fact(func(a *engine.Action) string { return strings.Join(a.Reasons, "; ") })},
		plainColumn("findings", "FINDINGS", "Findings", func(a *engine.Action) string { return strings.Join(a.Findings, "; ") }),
	}, numberColumns()...)
}

func numberColumns() []column {
	return []column{
		{name: "rank", head: "RANK", export: "Rank", number: true, text: fact(func(a *engine.Action) string {
			if a.Rank == 0 {
				return ""
			}
			return strconv.Itoa(a.Rank)
		})},
		{name: "left", head: "LEFT", export: "Points left", number: true, text: fact(func(a *engine.Action) string { return a.Left().String() })},
		{name: "points", head: "POINTS", export: "Points achieved", number: true, drop: 3, text: fact(shownPoints)},
		{name: "impact", head: "IMPACT", export: "Score impact", number: true, drop: 1, text: fact(func(a *engine.Action) string {
			return "+" + hundredths(a.Impact) + " %"
		})},
		{name: "effort", head: "EFFORT", export: "Effort", number: true, text: fact(func(a *engine.Action) string {
			return strconv.Itoa(score.Effort(a.Difficulty, a.UserImpact, a.Complexity))
		})},
	}
}

// gridColumn returns the column as a table has it, in which it is the one of that index.
func (c column) gridColumn(i int) gridColumn {
	t := gridColumn{head: c.head, right: c.number, id: c.name == "id", drop: c.drop}
	switch {
	case t.id, c.number, c.date, c.name == "status":
	default:
		t.least = leastText
	}
	if c.drop == 0 && !slices.Contains([]string{"rank", "id", "title", "left"}, c.name) {
		const after = 100 // the columns that have an order
		t.drop = after - i
	}
	return t
}

func plainColumn(name, head, export string, text func(*engine.Action) string) column {
	return column{name: name, head: head, export: export, text: fact(text)}
}

func fact(text func(*engine.Action) string) func(*engine.Assessment, *engine.Action) string {
	return func(_ *engine.Assessment, a *engine.Action) string { return text(a) }
}

func registered(text func(*engine.Decision) string) func(*engine.Action) string {
	return func(a *engine.Action) string {
		if a.Decision == nil {
			return ""
		}
		return text(a.Decision)
	}
}

// license returns the portal's word for whether the licenses of an action are held. Without evidence it is Unknown.
func license(a *engine.Assessment, action *engine.Action) string {
	switch {
	case !a.Evidence.Licenses:
		return "Unknown"
	case action.Licensed():
		return "Yes"
	}
	return "No"
}

// shownStatus returns a status for people; for an action that does not apply, that instead.
func shownStatus(a *engine.Action) string {
	if a.Outcome == engine.NotApplicable {
		return spaced(string(a.Outcome))
	}
	return spaced(string(a.Status))
}

// shownPoints returns the points achieved and the points possible; for a preview, which has none, its stage.
func shownPoints(a *engine.Action) string {
	if a.Stage == engine.Preview {
		return string(a.Stage)
	}
	return a.Points.Achieved.String() + "/" + a.Points.Max.String()
}

// portalStatus returns the name of a status in Microsoft's portal.
func portalStatus(a *engine.Action) string {
	switch a.Status {
	case engine.ThirdParty:
		return "Resolved through third party"
	case engine.AlternateMitigation:
		return "Resolved through alternate mitigation"
	}
	return capital(spaced(string(a.Status)))
}

// references returns the entries of frameworks, each as FRAMEWORK:ENTRY.
func references(frameworks map[string][]string) []string {
	var list []string
	for _, name := range sortedKeys(frameworks) {
		for _, id := range frameworks[name] {
			list = append(list, name+":"+id)
		}
	}
	return list
}

func spaced(word string) string { return strings.ReplaceAll(word, "_", " ") }

func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

func hundredths(p score.Points) string { return strconv.FormatFloat(p.Float(), 'f', 2, 64) }

func date(at *time.Time) string {
	if at == nil {
		return ""
	}
	return at.UTC().Format(time.DateOnly)
}
