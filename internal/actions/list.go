package actions

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine"
)

// The words of a filter by yes or no.
const (
	Yes = "yes"
	No  = "no"
)

// The directions of a list.
const (
	ascending  = "asc"
	descending = "desc"
)

// Bounds of what a URL may ask for. Nobody types as much.
const (
	maxSearch = 200 // characters of a search
	maxValues = 100 // of one parameter
)

// List is a list of actions as a URL asks for it: which ones, in which order, grouped by what, with which columns.
type List struct {
	Query
	Sort    string   // one of [SortColumns]; empty for the rank
	Desc    bool     // the greatest first
	Group   string   // one of [Groupings]; empty for none
	Columns []string // in the order asked for, once each; nil for the usual ones
}

// SortColumns returns the columns that a list sorts by.
func SortColumns() []string {
	return []string{
		"rank", "title", "impact", "points", "status", "regressed", "license", "category", "product", "evaluated", "tag", "notes", "outcome", "left", "id",
	}
}

// parameter is a filter of a URL.
type parameter struct {
	name   string
	values *[]string
}

func (l *List) parameters() []parameter {
	return []parameter{
		{"status", &l.Statuses},
		{"category", &l.Categories},
		{"product", &l.Products},
		{"license", &l.Licenses},
		{"outcome", &l.Outcomes},
		{"tag", &l.Tags},
		{"threat", &l.Threats},
		{"framework", &l.Frameworks},
		{"stage", &l.Stages},
		{"regressed", &l.Regressed},
		{"review", &l.Reviews},
	}
}

// ParseList reads the parameters of a URL: q, a filter by its name as often as it has values, sort, dir (asc or desc), group, and column as
// often as there are columns, or columns with commas between them. It leaves out what it does not know, and returns an [UnknownValueError] for each, in the order of the parameters.
// Parameters of other names, and empty values, are passed over.
func ParseList(values url.Values, columns []string) (List, []error) {
	var l List
	var problems []error
	l.Search = strings.TrimSpace(clip(strings.ToValidUTF8(values.Get("q"), "\uFFFD"), maxSearch))
	for _, p := range l.parameters() {
		*p.values = given(values[p.name])
	}
	l.keep(&problems, l.fixed())
	choice := func(name string, known []string) string {
		value := values.Get(name)
		if value == "" || slices.Contains(known, value) {
			return value
		}
		problems = append(problems, &UnknownValueError{Field: name, Value: value, Known: known})
		return ""
	}
	l.Sort = choice("sort", SortColumns())
	l.Group = choice("group", Groupings())
	l.Desc = choice("dir", []string{ascending, descending}) == descending && l.Sort != ""
	asked := slices.Clone(values["column"])
	for _, value := range values["columns"] {
		asked = append(asked, strings.Split(value, ",")...)
	}
	for _, name := range given(asked) {
		if slices.Contains(columns, name) {
			l.Columns = append(l.Columns, name)
		} else {
			problems = append(problems, &UnknownValueError{Field: "column", Value: name, Known: columns})
		}
	}
	return l, problems
}

// given returns the values that are not empty, once each.
func given(values []string) []string {
	var list []string
	for _, value := range values[:min(len(values), maxValues)] {
		if value != "" && !slices.Contains(list, value) {
			list = append(list, value)
		}
	}
	return list
}

func clip(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most])
	}
	return text
}

// keep removes the values of filters that are not known.
func (l *List) keep(problems *[]error, filters []filter) {
	for _, f := range filters {
		var kept []string
		for _, value := range *f.asked {
			if err := f.check(value); err != nil {
				*problems = append(*problems, err)
			} else {
				kept = append(kept, value)
			}
		}
		*f.asked = kept
	}
}

// Find returns the actions of the list in its order. It removes filter values that no action of the assessment can have, and returns an
// [UnknownValueError] for each.
func (l *List) Find(a *engine.Assessment) ([]*engine.Action, []error) {
	var problems []error
	l.keep(&problems, l.of(a))
	found := []*engine.Action{}
	for i := range a.Actions {
		if action := &a.Actions[i]; l.Matches(action) {
			found = append(found, action)
		}
	}
	l.SortActions(found)
	return found, problems
}

// Matches reports whether an action is in the list: it passes the filters, and each word of the search is somewhere in it.
func (l *List) Matches(a *engine.Action) bool {
	words := l.Query
	words.Search = ""
	if !words.matches(a) {
		return false
	}
	text := ""
	for i, word := range strings.Fields(fold(l.Search)) {
		if i == 0 {
			text = fold(l.searched(a))
		}
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// searched returns the text of an action that a search looks at.
func (l *List) searched(a *engine.Action) string {
	return strings.Join(append([]string{a.ID, a.Title, a.Product, l.Titles[a.Product], a.Category}, Tags(a)...), " ")
}

// SortActions sorts actions by the column of the list, then by rank, then by id. What has no value comes last, whatever the direction.
func (l *List) SortActions(list []*engine.Action) {
	compare := l.comparison()
	slices.SortFunc(list, func(a, b *engine.Action) int { return cmp.Or(compare(a, b), byRank(a, b), byID(a, b)) })
}

func (l *List) comparison() order {
	text := func(of func(*engine.Action) string) order {
		return func(a, b *engine.Action) int {
			x, y := fold(of(a)), fold(of(b))
			return cmp.Or(last(x == "", y == ""), l.directed(cmp.Compare(x, y)))
		}
	}
	number := func(of func(*engine.Action) int64) order {
		return func(a, b *engine.Action) int { return l.directed(cmp.Compare(of(a), of(b))) }
	}
	switch l.Sort {
	case "title":
		return text(func(a *engine.Action) string { return a.Title })
	case "category":
		return text(func(a *engine.Action) string { return a.Category })
	case "product":
		return text(func(a *engine.Action) string { return a.Product })
	case "tag":
		return text(func(a *engine.Action) string { return strings.Join(Tags(a), " ") })
	case "id":
		return text(func(a *engine.Action) string { return a.ID })
	case "impact":
		return number(func(a *engine.Action) int64 { return int64(a.Impact) })
	case "points":
		return number(func(a *engine.Action) int64 { return int64(a.Points.Achieved) })
	case "left":
		return number(func(a *engine.Action) int64 { return int64(a.Left()) })
	case "notes":
		return number(func(a *engine.Action) int64 { return int64(Notes(a)) })
	case "regressed":
		return number(func(a *engine.Action) int64 { return int64(l.Marks[a.ID].Lost) })
	case "license":
		return number(func(a *engine.Action) int64 { return yes(!a.Licensed()) })
	case "evaluated":
		return number(func(a *engine.Action) int64 { return yes(a.Outcome.Assessed()) })
	case "status":
		return func(a, b *engine.Action) int {
			return l.directed(byIndex(Statuses(), string(a.Status), string(b.Status)))
		}
	case "outcome":
		return func(a, b *engine.Action) int {
			return l.directed(byIndex(Outcomes(), string(a.Outcome), string(b.Outcome)))
		}
	}
	return func(a, b *engine.Action) int {
		return cmp.Or(last(a.Rank == 0, b.Rank == 0), l.directed(cmp.Compare(a.Rank, b.Rank)))
	}
}

func (l *List) directed(order int) int {
	if l.Desc {
		return -order
	}
	return order
}

func last(a, b bool) int { return cmp.Compare(yes(a), yes(b)) }

func yes(condition bool) int64 {
	if condition {
		return 1
	}
	return 0
}

// Notes returns how many notes an action has in the register.
func Notes(a *engine.Action) int {
	if a.Decision == nil {
		return 0
	}
	return len(a.Decision.Notes)
}

// Values returns the list as the parameters of a URL: [ParseList] makes the same list of them.
func (l *List) Values() url.Values {
	values := url.Values{}
	set := func(name, value string) {
		if value != "" {
			values.Set(name, value)
		}
	}
	set("q", l.Search)
	for _, p := range l.parameters() {
		if len(*p.values) > 0 {
			values[p.name] = slices.Clone(*p.values)
		}
	}
	set("sort", l.Sort)
	set("group", l.Group)
	if len(l.Columns) > 0 {
		values["column"] = slices.Clone(l.Columns)
	}
	if l.Desc {
		values.Set("dir", descending)
	}
	return values
}

// Filtered reports whether the list leaves actions out.
func (l *List) Filtered() bool {
	return l.Search != "" || slices.ContainsFunc(l.parameters(), func(p parameter) bool { return len(*p.values) > 0 })
}
