package page

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/actions"
	"github.com/posture-score/posture/internal/score"
)

// listColumn is a column of the list of actions.
type listColumn struct {
	Name, Title string
	Kind        string // text, number or date: how it is sorted
	Sort        string // address that sorts by it
	Order       string // ascending, descending, or empty: as the list is sorted now
	Shown       bool
	Searched    bool
}

// listRow is an action in the list: its cells as they are shown, and what they are filtered and sorted by where that differs.
type listRow struct {
	ID, Title, Link                string
	Rank                           string
	Impact, ImpactValue            string
	Points, PointsValue            string
	Status, StatusKey, StatusClass string
	StatusValue                    int
	Lost, LostValue, LostWhy       string
	License, LicenseKey            string
	Category, CategoryKey          string
	Product, ProductKey            string
	Outcome, OutcomeKey            string
	Evaluated                      string
	Tags                           []string
	Notes                          string
	Threats, Reviews               string
	Tier, Frameworks, Stage        string // only if the list asks for them
}

// listGroup is some rows under a heading, which is empty if the list is not grouped.
type listGroup struct {
	Title, Sum string
	Rows       []listRow
}

// listChoice is an option of a filter.
type listChoice struct {
	Value, Title string
	Chosen       bool
}

// listField is a filter of the toolbar, with the value that it has.
type listField struct {
	Name, Title string
	Choices     []listChoice
	Chosen      bool // it has a value
}

// listExtra is a filter value that no field of the toolbar shows.
type listExtra struct{ Name, Value, Title, Without string }

// listTab is the tab of all actions.
type listTab struct {
	*frame
	List     *actions.List
	Columns  []listColumn
	Hidden   string // places of the columns that are hidden, from 1
	Span     int
	Groups   []listGroup
	Rest     []listRow // that do not match: scripts filter without a round trip
	Shown    int64
	Total    int64
	Left     score.Points // of those that match
	Fields   []listField
	More     []listField // filters that are less used
	MoreOpen bool
	Grouping listField
	Extras   []listExtra
	Problems []string
	Clear    string // address of the list without filters
	Export   string // address of the list as CSV; empty in a file
	Tasks    string // address of the list's tasks as CSV, to which the form of the filters adds them; empty in a file
	Details  []detailEntry
	Rules    []rulePart
}

// detailEntry is an action of the single file, closed.
type detailEntry struct {
	Title string
	Model *detail
}

// usualColumns are the columns of the list, those that are hidden at first last.
func listColumns() []listColumn {
	return []listColumn{
		{Name: "rank", Title: "Rank", Kind: "number", Shown: true},
		{Name: "title", Title: "Recommended action", Kind: "text", Shown: true, Searched: true},
		{Name: "impact", Title: "Score impact", Kind: "number", Shown: true},
		{Name: "points", Title: "Points achieved", Kind: "number", Shown: true},
		{Name: "status", Title: "Status", Kind: "text", Shown: true},
		{Name: "regressed", Title: "Regressed", Kind: "number", Shown: true},
		{Name: "license", Title: "License held", Kind: "text", Shown: true},
		{Name: "category", Title: "Category", Kind: "text", Shown: true, Searched: true},
		{Name: "product", Title: "Product", Kind: "text", Shown: true, Searched: true},
		{Name: "tag", Title: "Tags", Kind: "text", Shown: true, Searched: true},
		{Name: "notes", Title: "Notes", Kind: "number"},
		{Name: "outcome", Title: "Outcome", Kind: "text"},
		{Name: "evaluated", Title: "Last evaluated", Kind: "date"},
	}
}

func columnNames() []string {
	var names []string
	for _, c := range listColumns() {
		names = append(names, c.Name)
	}
	return names
}

// actionsOf returns the model of the tab, or of one action.
func actionsOf(f *frame) (any, error) {
	if f.Request.ID != "" {
		return detailOf(f)
	}
	list, problems := f.snapshot.List(f.Request.Query, columnNames())
	a := f.snapshot.Decided()
	found, more := list.Find(a)
	t := &listTab{frame: f, List: &list, Shown: int64(len(found)), Total: int64(len(a.Actions))}
	t.tell(append(problems, more...))
	t.columns()
	t.fill(a, found)
	t.toolbar(a)
	if f.File {
		t.Details, t.Rules = detailsOf(f), rulesOf(f.snapshot)
	} else {
		t.Export = t.Links.API("actions.csv") + encoded(list.Values())
		t.Tasks = t.Links.API("actions", "tasks.csv")
	}
	return t, nil
}

// maxProblems is how many mistakes of an address are told.
const maxProblems = 5

// tell says what of the address is not known.
func (t *listTab) tell(problems []error) {
	for i, err := range problems {
		if i == maxProblems {
			t.Problems = append(t.Problems, fmt.Sprintf("%d more filters of the address are unknown.", len(problems)-i))
			return
		}
		var unknown *actions.UnknownValueError
		if errors.As(err, &unknown) {
			t.Problems = append(t.Problems, fmt.Sprintf("The %s %q is unknown, and was left out.", unknown.Field, shortened(unknown.Value, maxShown)))
		}
	}
}

// maxShown is how many characters of an unknown value are repeated.
const maxShown = 80

func shortened(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

func encoded(values url.Values) string {
	if len(values) == 0 {
		return ""
	}
	return "?" + values.Encode()
}

// address returns the address of this list after a change.
func (t *listTab) address(change func(*actions.List)) string {
	changed := *t.List
	change(&changed)
	if t.File {
		return t.Links.Tab("actions")
	}
	return t.Links.Tab("actions") + encoded(changed.Values())
}

// columns says which columns are shown, and where each one's head leads.
func (t *listTab) columns() {
	by := cmp.Or(t.List.Sort, "rank")
	var hidden []string
	for i, c := range listColumns() {
		if t.List.Columns != nil {
			c.Shown = slices.Contains(t.List.Columns, c.Name)
		}
		if !c.Shown {
			hidden = append(hidden, strconv.Itoa(i+1))
		}
		down := c.Kind == "number" && c.Name != "rank" // the greatest first
		if by == c.Name {
			down = !t.List.Desc
			if c.Order = "ascending"; t.List.Desc {
				c.Order = "descending"
			}
		}
		c.Sort = t.address(func(l *actions.List) { l.Sort, l.Desc = c.Name, down })
		t.Columns = append(t.Columns, c)
	}
	t.Hidden = strings.Join(hidden, " ")
	t.Span = len(t.Columns)
}

// fill makes the rows: those that match, in their groups, and the others.
func (t *listTab) fill(a *engine.Assessment, found []*engine.Action) {
	products := t.snapshot.ProductTitles()
	for _, group := range actions.GroupBy(found, t.List.Group) {
		g := listGroup{Rows: make([]listRow, 0, len(group.Actions))}
		t.Left += group.Left
		if t.List.Group != "" {
			g.Title = filterWord(t.List.Group, group.Name, products)
			g.Sum = fmt.Sprintf("%s, %s of %s points", plural(int64(len(group.Actions)), "action"), points(group.Achieved), points(group.Total))
		}
		for _, action := range group.Actions {
			g.Rows = append(g.Rows, t.row(a, action, products))
		}
		t.Groups = append(t.Groups, g)
	}
	if !t.List.Filtered() {
		return
	}
	var rest []*engine.Action
	for i := range a.Actions {
		if action := &a.Actions[i]; !t.List.Matches(action) {
			rest = append(rest, action)
		}
	}
	actions.Sort(rest, "rank")
	for _, action := range rest {
		t.Rest = append(t.Rest, t.row(a, action, products))
	}
}

// filterWord returns what a value of a field is called.
func filterWord(field, value string, products map[string]string) string {
	switch field {
	case "status":
		return status(engine.Status(value))
	case "product":
		return cmp.Or(products[value], value)
	case "tag":
		return value
	case "framework":
		name, entry, _ := strings.Cut(value, ":")
		return strings.TrimSpace(frameworkTitle(name) + " " + entry)
	case "license":
		if value == actions.Held {
			return "Held"
		}
		return "Missing"
	}
	return capital(spaced(value))
}

func (t *listTab) row(a *engine.Assessment, action *engine.Action, products map[string]string) listRow {
	r := listRow{
		ID: action.ID, Title: action.Title, Link: t.Links.Action(action.ID),
		ImpactValue: action.Impact.String(),
		Points:      pointsOf(action), PointsValue: action.Points.Achieved.String(),
		Status: status(action.Status), StatusKey: string(action.Status), StatusClass: chip(action.Status), StatusValue: slices.Index(actions.Statuses(), string(action.Status)),
		CategoryKey: action.Category, Category: capital(action.Category), ProductKey: action.Product, Product: filterWord("product", action.Product, products),
		Outcome: outcome(action.Outcome), OutcomeKey: string(action.Outcome), Tags: actions.Tags(action), Threats: strings.Join(action.Threats, " "),
		Reviews: t.reviews(action), LicenseKey: actions.Held, License: "Yes",
	}
	if action.Impact > 0 {
		r.Impact = "+" + percent(action.Impact)
	}
	if action.Rank > 0 {
		r.Rank = strconv.Itoa(action.Rank)
	}
	if action.Outcome == engine.NotApplicable {
		r.Status, r.StatusClass = outcome(action.Outcome), chip(action.Outcome)
	}
	if !action.Licensed() {
		r.LicenseKey, r.License = actions.Missing, "No"
	} else if !a.Evidence.Licenses {
		r.License = "Unknown"
	}
	if action.Outcome.Assessed() {
		r.Evaluated = day(a.EvaluatedAt)
	}
	if mark, ok := t.List.Marks[action.ID]; ok && mark.Lost > 0 {
		r.Lost, r.LostValue, r.LostWhy = signed(-score.Delta(mark.Lost)), mark.Lost.String(), strings.Join(mark.Why, ", ")
	}
	if n := actions.Notes(action); n > 0 {
		r.Notes = strconv.Itoa(n)
	}
	if t.List.Group == "tier" {
		r.Tier = action.Tier
	}
	if len(t.List.Stages) > 0 {
		r.Stage = action.Stage.String()
	}
	if t.List.Matches(action) { // scripts look for the very words that were asked for
		r.Frameworks = strings.Join(t.List.Frameworks, " ")
	}
	return r
}

// pointsOf returns the points of an action of the most that it can have.
func pointsOf(a *engine.Action) string {
	switch {
	case a.Stage == engine.Preview:
		return "Preview"
	case a.Outcome == engine.NotApplicable:
		return "–"
	}
	return points(a.Points.Achieved) + " / " + points(a.Points.Max)
}

func (t *listTab) reviews(a *engine.Action) string {
	var list []string
	for _, review := range actions.Reviews() {
		if t.List.Marks.In(a, review) {
			list = append(list, string(review))
		}
	}
	return strings.Join(list, " ")
}

// toolbar makes the fields that filter and group.
func (t *listTab) toolbar(a *engine.Assessment) {
	l := t.List
	products := t.snapshot.ProductTitles()
	var there, tags []string
	for i := range a.Actions {
		there = append(there, a.Actions[i].Product)
		tags = append(tags, actions.Tags(&a.Actions[i])...)
	}
	slices.SortFunc(there, func(a, b string) int {
		return cmp.Or(cmp.Compare(filterWord("product", a, products), filterWord("product", b, products)), cmp.Compare(a, b))
	})
	slices.Sort(tags)
	reviews := make([]string, 0, len(actions.Reviews()))
	for _, review := range actions.Reviews() {
		reviews = append(reviews, string(review))
	}
	field := func(name, title string, values, chosen []string) listField {
		for _, value := range chosen[min(1, len(chosen)):] {
			t.also(name, value, products)
		}
		f := listField{Name: name, Title: title, Chosen: len(chosen) > 0}
		for _, value := range slices.Compact(values) {
			f.Choices = append(f.Choices, listChoice{Value: value, Title: filterWord(name, value, products), Chosen: len(chosen) > 0 && chosen[0] == value})
		}
		return f
	}
	t.Fields = []listField{
		field("review", "To review", reviews, l.Reviews),
		field("status", "Status", actions.Statuses(), l.Statuses),
		field("category", "Category", catalog.Categories(), l.Categories),
		field("product", "Product", there, l.Products),
	}
	t.More = []listField{
		field("license", "License", []string{actions.Held, actions.Missing}, l.Licenses),
		field("outcome", "Outcome", actions.Outcomes(), l.Outcomes),
		field("threat", "Protects against", catalog.Threats(), l.Threats),
		field("regressed", "Regressed", []string{actions.Yes, actions.No}, l.Regressed),
	}
	if len(tags) > 0 {
		t.More = append(t.More, field("tag", "Tag", tags, l.Tags))
	}
	t.MoreOpen = slices.ContainsFunc(t.More, func(f listField) bool { return f.Chosen })
	for _, value := range l.Frameworks {
		t.also("framework", value, products)
	}
	for _, value := range l.Stages {
		t.also("stage", value, products)
	}
	t.Grouping = listField{Name: "group", Title: "Group by"}
	for _, name := range []string{"status", "category", "product", "outcome"} {
		t.Grouping.Choices = append(t.Grouping.Choices, listChoice{Value: name, Title: capital(name), Chosen: l.Group == name})
	}
	if l.Group == "tier" {
		t.Grouping.Choices = append(t.Grouping.Choices, listChoice{Value: "tier", Title: "Tier", Chosen: true})
	}
	t.Clear = t.address(func(changed *actions.List) {
		*changed = actions.List{Sort: l.Sort, Desc: l.Desc, Group: l.Group, Columns: l.Columns}
	})
}

// also tells a filter value that no field shows, with the address of the list without it.
func (t *listTab) also(name, value string, products map[string]string) {
	values := t.List.Values()
	values[name] = slices.DeleteFunc(values[name], func(v string) bool { return v == value })
	if len(values[name]) == 0 {
		delete(values, name)
	}
	t.Extras = append(t.Extras, listExtra{
		Name: name, Value: value, Title: capital(name) + ": " + filterWord(name, value, products), Without: t.Links.Tab("actions") + encoded(values),
	})
}
