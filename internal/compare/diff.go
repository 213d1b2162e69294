package compare

import (
	"slices"

	"github.com/posture-score/posture/engine/catalog"
)

// Diff is what differs between two catalogs. Everything in it is sorted by id.
type Diff struct {
	Old, New Side
	Added    []*catalog.Control // in the new catalog alone
	Removed  []*catalog.Control // in the old catalog alone
	Changed  []Control
	Products []Product
}

// Side sums up one of the catalogs.
type Side struct {
	Version  string
	Digest   string
	Controls int
	Points   int64 // of all controls, in hundredths of a point
}

// Control is a control that both catalogs have, and that differs.
type Control struct {
	Old, New *catalog.Control
	Changes  []Change // at least one, in the order of the kinds
}

// Product is a product that only one of the catalogs has, or that differs.
type Product struct {
	ID       string
	Old, New *catalog.Product // nil where the catalog doesn't have it
	Changes  []Change         // none where one of the catalogs doesn't have it
}

// Catalogs compares an old catalog with a new one.
func Catalogs(old, latest *catalog.Catalog) *Diff {
	d := &Diff{Old: side(old), New: side(latest), Products: products(old, latest)}
	rego := &rego{old: old, latest: latest, known: map[[2]string][]Change{}}
	for _, before := range old.Controls() {
		after, ok := latest.Control(before.ID)
		if !ok {
			d.Removed = append(d.Removed, before)
			continue
		}
		if changes := sorted(append(compare(before, after), rego.compare(before, after)...)); len(changes) > 0 {
			d.Changed = append(d.Changed, Control{Old: before, New: after, Changes: changes})
		}
	}
	for _, after := range latest.Controls() {
		if _, ok := old.Control(after.ID); !ok {
			d.Added = append(d.Added, after)
		}
	}
	return d
}

// Same says whether nothing differs, the version included.
func (d *Diff) Same() bool {
	return d.Old.Version == d.New.Version && len(d.Added)+len(d.Removed)+len(d.Changed)+len(d.Products) == 0
}

func side(c *catalog.Catalog) Side {
	s := Side{Version: c.Version(), Digest: c.Digest()}
	for _, control := range c.Controls() {
		s.Controls++
		s.Points += control.Counted()
	}
	return s
}

// products compares the products that the catalogs declare or have controls of.
func products(old, latest *catalog.Catalog) []Product {
	before, after := declared(old), declared(latest)
	var list []Product
	for _, id := range union(before, after) {
		p := Product{ID: id, Old: before[id], New: after[id]}
		if p.Old != nil && p.New != nil {
			var c changes
			c.text(Title, p.Old.Title, p.New.Title)
			c.list(ServicePlans, "", p.Old.ServicePlans, p.New.ServicePlans)
			if slices.Equal(p.Old.ServicePlans, p.New.ServicePlans) { // the same names may stand for other ids
				c.list(ServicePlans, "", p.Old.PlanIDs, p.New.PlanIDs)
			}
			if p.Changes = c; len(c) == 0 {
				continue
			}
		}
		list = append(list, p)
	}
	return list
}

func declared(c *catalog.Catalog) map[string]*catalog.Product {
	found := map[string]*catalog.Product{}
	for _, product := range c.Products() {
		if c.Declares(product) {
			found[product.ID] = product
		}
	}
	return found
}

// sorted brings changes into the order of their kinds, and those of one kind into that of their names.
func sorted(list []Change) []Change {
	slices.SortStableFunc(list, func(a, b Change) int { return a.compare(b) })
	return list
}
