package compare

import (
	"bytes"

	"github.com/posture-score/posture/engine/catalog"
)

// rego compares the rules of controls, those that several controls share once.
type rego struct {
	old, latest *catalog.Catalog
	known       map[[2]string][]Change // by the packages of both controls
}

func (r *rego) compare(old, latest *catalog.Control) []Change {
	key := [2]string{old.Package, latest.Package}
	if old.Package == latest.Package && r.old.RuleDigest(old) == r.latest.RuleDigest(latest) {
		return nil
	}
	found, ok := r.known[key]
	if !ok {
		found = packages(r.old.Rego(old), r.latest.Rego(latest), old.Package, latest.Package)
		r.known[key] = found
	}
	return found
}

// packages compares the Rego of a control, of which some is in its own package.
func packages(old, latest []catalog.Module, oldPackage, latestPackage string) []Change {
	var c changes
	before, after := byPackage(old), byPackage(latest)
	c.module(Rule, latestPackage, before[oldPackage], after[latestPackage])
	if oldPackage != "" && latestPackage != "" {
		c.text(RulePlace, oldPackage, latestPackage)
	}
	delete(before, oldPackage)
	delete(after, latestPackage)
	for _, name := range union(before, after) {
		c.module(SharedRule, name, before[name], after[name])
	}
	return c
}

// module compares two texts of a package; one that isn't there is nil.
func (c *changes) module(kind Kind, name string, old, latest *catalog.Module) {
	switch {
	case old == nil && latest == nil:
	case old == nil:
		*c = append(*c, Change{Kind: kind, Name: name, New: latest.Package})
	case latest == nil:
		*c = append(*c, Change{Kind: kind, Name: old.Package, Old: old.Package})
	case bytes.Equal(old.Source, latest.Source):
	case !catalog.SameRego(old.Source, latest.Source):
		*c = append(*c, Change{Kind: kind, Name: name, Old: old.Package, New: latest.Package})
	case old.Package == latest.Package: // else it moved, and has another package in its text at least
		*c = append(*c, Change{Kind: RuleText, Name: name, Old: old.Package, New: latest.Package})
	}
}

func byPackage(modules []catalog.Module) map[string]*catalog.Module {
	found := map[string]*catalog.Module{}
	for i := range modules {
		found[modules[i].Package] = &modules[i]
	}
	return found
}
