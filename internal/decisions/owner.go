package decisions

import (
	"cmp"
	"slices"
	"strings"

	"github.com/posture-score/posture/internal/score"
)

// Owner is whom decisions belong to, with sums over them.
type Owner struct {
	Name     string       `json:"owner"`    // empty for decisions without one
	Planned  int          `json:"planned"`  // actions that are planned and still to be done
	Points   score.Points `json:"points"`   // that are left on them
	Effort   int          `json:"effort"`   // of them
	Due      int          `json:"due"`      // of them, within [Ahead] days
	Overdue  int          `json:"overdue"`  // of them
	Expiring int          `json:"expiring"` // decisions that end within [Ahead] days
	Soon     int          `json:"soon"`     // of them, within [Soon] days
	Expired  int          `json:"expired"`  // decisions that have ended
	Items    []Item       `json:"actions"`  // the most urgent first; never null
}

// ByOwner groups decisions by owner, whose names compare without case. Owners are sorted by name; what nobody owns comes last.
func ByOwner(items []Item) []Owner {
	owners := []Owner{}
	index := map[string]int{}
	for _, item := range items {
		key := fold(item.Owner)
		at, known := index[key]
		if !known {
			at = len(owners)
			index[key] = at
			owners = append(owners, Owner{Name: item.Owner, Items: []Item{}})
		}
		owners[at].add(item)
	}
	slices.SortFunc(owners, func(a, b Owner) int {
		switch {
		case a.Name == "":
			return 1
		case b.Name == "":
			return -1
		}
		return cmp.Compare(fold(a.Name), fold(b.Name))
	})
	for i := range owners {
		slices.SortStableFunc(owners[i].Items, Compare)
	}
	return owners
}

// Sum returns the sums over all owners, under no name and without items.
func Sum(owners []Owner) Owner {
	var sum Owner
	for i := range owners {
		o := &owners[i]
		sum.Planned, sum.Points, sum.Effort = sum.Planned+o.Planned, sum.Points+o.Points, sum.Effort+o.Effort
		sum.Due, sum.Overdue = sum.Due+o.Due, sum.Overdue+o.Overdue
		sum.Expiring, sum.Soon, sum.Expired = sum.Expiring+o.Expiring, sum.Soon+o.Soon, sum.Expired+o.Expired
	}
	return sum
}

func (o *Owner) add(item Item) {
	o.Items = append(o.Items, item)
	o.Name = max(o.Name, item.Owner)
	if item.Planned() {
		o.Planned++
		o.Points += item.Left
		o.Effort += item.Effort
	}
	switch {
	case item.DueIn == nil || *item.DueIn > Ahead:
	case *item.DueIn < 0:
		o.Overdue++
	default:
		o.Due++
	}
	switch {
	case item.EndsIn == nil || *item.EndsIn > Ahead:
	case *item.EndsIn <= 0:
		o.Expired++
	default:
		o.Expiring++
		if *item.EndsIn <= Soon {
			o.Soon++
		}
	}
}

// Compare sorts decisions by state, the most urgent first; then by the day that is next, then by points left, then by id.
func Compare(a, b Item) int {
	return cmp.Or(
		cmp.Compare(slices.Index(States(), a.State), slices.Index(States(), b.State)),
		cmp.Compare(next(a), next(b)),
		cmp.Compare(b.Left, a.Left),
		cmp.Compare(a.ID, b.ID),
	)
}

// next returns the day that a decision waits for; one without comes after all others.
func next(i Item) string {
	const never = "~"
	if i.State == Expired || i.State == Expiring {
		return cmp.Or(i.Expires, never)
	}
	return cmp.Or(i.Due, i.Expires, never)
}

func fold(text string) string { return strings.ToLower(strings.ToUpper(text)) }

// SameOwner reports whether two names are of one owner.
func SameOwner(a, b string) bool { return fold(strings.TrimSpace(a)) == fold(strings.TrimSpace(b)) }
