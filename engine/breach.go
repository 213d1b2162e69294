package engine

import (
	"slices"
	"strings"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/rego/eval"
	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/schemas"
)

// Invariant: what departs from its schema matters to those that read it, and to nobody else.

// maxBreaches bounds how many places of a dataset are told apart. What lies beyond counts as everywhere.
const maxBreaches = 200

// breach is a place in a record that structurally departs from its schema.
type breach struct {
	flaw
	path   []string // of names of members and places in lists; empty for the whole record
	absent bool     // a required field is not there; otherwise something else is than what should be
}

// breaches are the places in the records of a dataset, each with the first record that departs there.
type breaches struct {
	list []breach
	seen map[string]bool
}

// add notes a breach, if its place is a new one.
func (b *breaches) add(found breach) {
	place := placeOf(found.path)
	if found.absent {
		place += "\x00?"
	}
	if b.seen[place] || len(b.list) > maxBreaches {
		return
	}
	if len(b.list) == maxBreaches {
		found.path, found.absent = nil, false
	}
	if b.seen == nil {
		b.seen = map[string]bool{}
	}
	b.seen[place] = true
	b.list = append(b.list, found)
}

// placeOf is the same for each element of a list.
func placeOf(path []string) string {
	steps := make([]string, len(path))
	for i, step := range path {
		if steps[i] = step; strings.Trim(step, "0123456789") == "" {
			steps[i] = "0"
		}
	}
	return strings.Join(steps, "\x00")
}

// touching returns the first breach that paths into a record read, of those that are looked for; nil if there is none.
func (b *breaches) touching(paths *jsonscan.FieldMask, wanted func(*breach) bool) *breach {
	for i := range b.list {
		if found := &b.list[i]; wanted(found) && touches(paths, found.path) {
			return found
		}
	}
	return nil
}

// anyTouched says whether paths read one of some places.
func anyTouched(paths *jsonscan.FieldMask, places [][]string) bool {
	for _, place := range places {
		if touches(paths, place) {
			return true
		}
	}
	return false
}

// touches says whether paths read a place: it, something around it that is read as a whole, or something in it. A step may be a place in a
// list or the name of a member.
func touches(paths *jsonscan.FieldMask, place []string) bool {
	switch {
	case paths == nil:
		return false
	case paths.Whole || len(place) == 0:
		return true
	}
	return touches(paths.Each, place[1:]) || touches(paths.Fields[place[0]], place[1:])
}

// reads and reach are what a rule reads: to be given it, and to be judged by it. Topdown is given everything.
func reads(r *eval.Rule) eval.AccessPaths { return r.AccessPaths() }
func reach(r *eval.Rule) eval.AccessPaths { return r.StaticAccessPaths() }

// broken says why what the control reads whole of a dataset can't be trusted, or "". What is absent is missing evidence to a tenant-wide
// control, and no reason to distrust the rest.
func (r *run) broken(control *catalog.Control, name string) string {
	tenantWide := control.Kind == catalog.KindSetting || control.Kind == catalog.KindGraded
	found := r.breached(control, name, func(b *breach) bool { return !b.absent || !tenantWide })
	if found == nil {
		return ""
	}
	return found.at(0)
}

// lacksRequired says whether a required field is not there that a tenant-wide control reads.
func (r *run) lacksRequired(control *catalog.Control) bool {
	return slices.ContainsFunc(control.Context, func(name string) bool {
		return r.breached(control, name, func(b *breach) bool { return b.absent }) != nil
	})
}

// breached returns the first breach in what the control reads whole of a dataset, of those that are looked for; nil if there is none.
func (r *run) breached(control *catalog.Control, name string, wanted func(*breach) bool) *breach {
	s := r.sources[name]
	if s.whole == nil || len(s.breaches.list) == 0 {
		return nil
	}
	paths := r.engine.documentPaths(control, name, reach)
	if s.spec.Kind != schemas.Document && !paths.Whole {
		paths = paths.Each // of the records in the list
	}
	return s.breaches.touching(paths, wanted)
}
