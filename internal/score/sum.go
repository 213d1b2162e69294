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
	Planned  bool // the organization plans to do it
	Licensed bool // the tenant holds the licenses that it needs
	Accepted bool // the organization accepts the risk of not doing it
}

// left is what the item can still earn.
func (i Item) left() Points { return i.Max - i.Achieved }

// Score is what a set of actions adds up to.
type Score struct {
	Achieved      Points // at most AssessedTotal
	Total         Points
	AssessedTotal Points // the part of Total that could be assessed
	Percent       Points // Achieved of Total, in hundredths of a percent
	Views
	Categories []Group
	Products   []Group
}

// Views are what could be achieved. Achieved <= Planned <= Total, and Achieved <= Achievable <= CurrentLicense <= Total.
type Views struct {
	Planned        Points // with all planned actions done
	CurrentLicense Points // with every action done that the tenant's licenses allow
	Achievable     Points // the same without the actions whose risk was accepted
}

func (v *Views) add(item Item) {
	v.Planned += item.Achieved
	v.CurrentLicense += item.Achieved
	v.Achievable += item.Achieved
	if item.Planned {
		v.Planned += item.left()
	}
	if item.Licensed {
		v.CurrentLicense += item.left()
		if !item.Accepted {
			v.Achievable += item.left()
		}
	}
}

// Group is the part of a score that belongs to one category or product.
type Group struct {
	Name     string
	Achieved Points
	Total    Points
	Views
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
		s.add(item)
		addTo(categories, item.Category, item)
		addTo(products, item.Product, item)
	}
	s.Percent = Percent(s.Achieved, s.Total)
	s.Categories, s.Products = sorted(categories), sorted(products)
	return s
}

func addTo(groups map[string]Group, name string, item Item) {
	group := groups[name]
	group.Name = name
	group.Achieved += item.Achieved
	group.Total += item.Max
	group.add(item)
	groups[name] = group
}

func sorted(groups map[string]Group) []Group {
	list := make([]Group, 0, len(groups))
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		list = append(list, groups[name])
	}
	return list
}
