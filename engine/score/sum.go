package score

import (
	"maps"
	"slices"
)

// Item is one action that counts: an applicable control with what it earned.
type Item struct {
	Category string
	Product  string
	Achieved Points
	Max      Points
	Assessed bool // false if the evidence was missing or the rule failed: its points stay in the total all the same
}

// Score is what a set of actions adds up to.
type Score struct {
	Achieved      Points // at most AssessedTotal
	Total         Points
	AssessedTotal Points // the part of Total that could be assessed
	Percent       Points // Achieved of Total, in hundredths of a percent
	Categories    []Group
	Products      []Group
}

// Group is the part of a score that belongs to one category or product.
type Group struct {
	Name     string
	Achieved Points
	Total    Points
}

// Sum adds up the items. The order of items has no effect. Groups are sorted by name and add up to the total.
func Sum(items []Item) Score {
	var s Score
	categories, products := map[string]Group{}, map[string]Group{}
	for _, item := range items {
		s.Achieved += item.Achieved
		s.Total += item.Max
		if item.Assessed {
			s.AssessedTotal += item.Max
		}
		addTo(categories, item.Category, item)
		addTo(products, item.Product, item)
	}
	s.Percent = Percent(s.Achieved, s.Total)
	s.Categories, s.Products = sorted(categories), sorted(products)
	return s
}

func addTo(groups map[string]Group, name string, item Item) {
	group := groups[name]
	groups[name] = Group{Name: name, Achieved: group.Achieved + item.Achieved, Total: group.Total + item.Max}
}

func sorted(groups map[string]Group) []Group {
	list := make([]Group, 0, len(groups))
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		list = append(list, groups[name])
	}
	return list
}
