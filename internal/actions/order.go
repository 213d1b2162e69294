package actions

import (
	"cmp"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/score"
)

type order func(a, b *engine.Action) int

// orders returns the comparisons by name. Points and impact sort in descending order.
func orders() map[string]order {
	return map[string]order{
		"rank":   byRank,
		"points": func(a, b *engine.Action) int { return cmp.Compare(b.Points.Achieved, a.Points.Achieved) },
		"left":   func(a, b *engine.Action) int { return cmp.Compare(b.Left(), a.Left()) },
		"id":     byID,
		"title":  func(a, b *engine.Action) int { return cmp.Compare(fold(a.Title), fold(b.Title)) },
		"status": func(a, b *engine.Action) int { return byIndex(Statuses(), string(a.Status), string(b.Status)) },
		"impact": func(a, b *engine.Action) int { return cmp.Compare(b.Impact, a.Impact) },
	}
}

// Orders returns the names of the sort orders.
func Orders() []string { return []string{"rank", "points", "left", "id", "title", "status", "impact"} }

// Sort sorts actions by one of [Orders], then by rank, then by id.
func Sort(list []*engine.Action, by string) {
	first := orders()[by]
	if first == nil {
		first = byRank
	}
	slices.SortFunc(list, func(a, b *engine.Action) int { return cmp.Or(first(a, b), byRank(a, b), byID(a, b)) })
}

// byRank sorts actions without a rank last.
func byRank(a, b *engine.Action) int {
	if a.Rank == 0 || b.Rank == 0 {
		return cmp.Compare(b.Rank, a.Rank)
	}
	return cmp.Compare(a.Rank, b.Rank)
}

func byID(a, b *engine.Action) int { return strings.Compare(a.ID, b.ID) }

// byIndex compares words by their index in a list; words that are not in it come last, by name.
func byIndex(list []string, a, b string) int {
	index := func(word string) int {
		if i := slices.Index(list, word); i >= 0 {
			return i
		}
		return len(list)
	}
	return cmp.Or(cmp.Compare(index(a), index(b)), cmp.Compare(a, b))
}

// Group is the actions with the same value of a field.
type Group struct {
	Name     string           `json:"name"` // empty if actions were not grouped
	Achieved score.Points     `json:"achieved"`
	Total    score.Points     `json:"total"` // of those that apply
	Left     score.Points     `json:"left"`
	Actions  []*engine.Action `json:"-"`
}

// Groupings returns the fields that actions can be grouped by.
func Groupings() []string { return []string{"status", "category", "product", "outcome", "tier"} }

// GroupBy groups actions by the value of a field, keeping their order within a group. An empty
// field makes one group. Statuses, categories, outcomes and tiers are sorted in their own order,
// other groups by name.
func GroupBy(list []*engine.Action, by string) []Group {
	groups := map[string]*Group{}
	for _, a := range list {
		name := word(a, by)
		if groups[name] == nil {
			groups[name] = &Group{Name: name}
		}
		groups[name].add(a)
	}
	order := map[string][]string{
		"status": Statuses(), "category": catalog.Categories(), "outcome": Outcomes(), "tier": {"core", "defense_in_depth", "advanced"},
	}
	made := []Group{}
	names := sorted(groups)
	slices.SortFunc(names, func(a, b string) int { return byIndex(order[by], a, b) })
	for _, name := range names {
		made = append(made, *groups[name])
	}
	return made
}

func word(a *engine.Action, by string) string {
	switch by {
	case "status":
		return string(a.Status)
	case "category":
		return a.Category
	case "product":
		return a.Product
	case "outcome":
		return string(a.Outcome)
	case "tier":
		return a.Tier
	}
	return ""
}

func (g *Group) add(a *engine.Action) {
	g.Actions = append(g.Actions, a)
	g.Left += a.Left()
	if a.Counts() {
		g.Achieved += a.Points.Achieved
		g.Total += a.Points.Max
	}
}
