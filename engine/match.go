package engine

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Invariant: a record meets every control whose match it satisfies or may satisfy, and no other.

// matchIndex finds the controls whose first match is on the field, by the value that they match.
type matchIndex struct {
	slot    int
	tasks   []*task
	byValue map[string][]*task
}

// concern is a control that a record is about, and why it may not be, or "".
type concern struct {
	task  *task
	doubt string
}

// enlist puts a task that matches into the index of its first field.
func (g *group) enlist(t *task) {
	slot, value := t.matchSlots[0], t.matched[0]
	i := slices.IndexFunc(g.matched, func(x *matchIndex) bool { return x.slot == slot })
	if i < 0 {
		i = len(g.matched)
		g.matched = append(g.matched, &matchIndex{slot: slot, byValue: map[string][]*task{}})
	}
	x := g.matched[i]
	x.tasks = append(x.tasks, t)
	x.byValue[value] = append(x.byValue[value], t)
}

// concerned returns the controls whose match the record satisfies; found gives matchKey of what a slot holds. If a field that tells
// controls apart has no value of the kind that is matched, nobody knows whose record it is: it concerns all of them that its other
// fields don't rule out, in doubt.
func (g *group) concerned(found func(slot int) string) []concern {
	concerns := slices.Clone(g.always)
	for _, x := range g.matched {
		value, tasks := found(x.slot), x.tasks
		if x.comparable(value) {
			tasks = x.byValue[value]
		}
		for _, t := range tasks {
			if matches, doubt := t.matches(found); matches {
				concerns = append(concerns, concern{t, doubt})
			}
		}
	}
	return concerns
}

// comparable says whether a value is of the kind (text, number, boolean) of one that is matched.
func (x *matchIndex) comparable(found string) bool {
	return slices.ContainsFunc(x.tasks, func(t *task) bool { return sameKind(found, t.matched[0]) })
}

// matches says whether the record satisfies all of the control's match, as far as its fields tell; doubt names one that doesn't.
func (t *task) matches(found func(slot int) string) (matches bool, doubt string) {
	for i, match := range t.control.Coverage.Match {
		value, wanted := found(t.matchSlots[i]), t.matched[i]
		switch {
		case value == wanted:
		case sameKind(value, wanted):
			return false, ""
		default:
			doubt = "the record has no usable " + match.Field
		}
	}
	return true, doubt
}

// matchKey writes a scalar so that equal values, and only those, are written alike. Anything else matches nothing.
func matchKey(value any) string {
	switch value := value.(type) {
	case string:
		return "s" + value
	case bool:
		return fmt.Sprintf("b%t", value)
	case json.Number:
		if f, err := value.Float64(); err == nil {
			return fmt.Sprintf("n%g", f)
		}
	}
	return ""
}

// sameKind says whether two values that matchKey wrote are of the same kind.
func sameKind(found, wanted string) bool {
	return found != "" && wanted != "" && found[0] == wanted[0]
}
