package plan

import "github.com/posture-score/posture/internal/score"

// choice is what a set of nodes comes to.
type choice struct {
	points score.Points
	count  int
	some   bool // false: there is no such set
}

// table holds for every effort the best set that costs exactly that much. Best is the most points, then the fewest nodes, then
// the ids that come first. That order holds on when the same nodes are added to both sides, so the best of a whole is made of the
// best of its parts.
type table struct {
	size    int // nodes that a set can hold
	choices []choice
	sets    []uint64 // one after another
}

// newTable returns the table of the empty set.
func newTable(size int) *table {
	return &table{size: size, choices: []choice{{some: true}}, sets: newSet(size)}
}

// set returns the set at an effort. It is part of the table.
func (t *table) set(effort int) set {
	w := words(t.size)
	return t.sets[effort*w : (effort+1)*w : (effort+1)*w]
}

// grow makes room for sets that cost up to an effort.
func (t *table) grow(effort int) {
	if more := effort + 1 - len(t.choices); more > 0 {
		t.choices = append(t.choices, make([]choice, more)...)
		t.sets = append(t.sets, make([]uint64, more*words(t.size))...)
	}
}

// offer puts the union of two disjoint sets at an effort if it is better than what is there.
func (t *table) offer(effort int, c choice, a, b set) {
	if here := &t.choices[effort]; !here.some || c.points != here.points || c.count != here.count {
		if here.some && (c.points < here.points || c.points == here.points && c.count > here.count) {
			return
		}
		*here = c
	} else if !before(a, b, t.set(effort)) {
		return
	}
	for i, at := 0, t.set(effort); i < len(at); i++ {
		at[i] = a[i] | b[i]
	}
}

// before says whether the ids of the union of two sets come before those of a third.
func before(a, b, than set) bool {
	for i, word := range than {
		if union := a[i] | b[i]; union != word {
			return union > word
		}
	}
	return false
}

// with returns the table of the same sets with one more node in each.
func (t *table) with(node, effort int, points score.Points) *table {
	moved := &table{size: t.size}
	moved.grow(len(t.choices) - 1 + effort)
	one := newSet(t.size)
	one.add(node)
	for e, c := range t.choices {
		if c.some {
			moved.offer(e+effort, choice{points: c.points + points, count: c.count + 1, some: true}, t.set(e), one)
		}
	}
	return moved
}

// merge takes from another table what is better there. Both are of the same nodes.
func (t *table) merge(other *table) {
	t.grow(len(other.choices) - 1)
	none := newSet(t.size)
	for e, c := range other.choices {
		if c.some {
			t.offer(e, c, other.set(e), none)
		}
	}
}

// join combines every set of the table with every set of another, which has none of its nodes. At each effort it takes one set of
// the other table, or the empty one. Efforts are taken from the highest down, so what is read has not been changed yet.
func (t *table) join(other *table) {
	t.grow(len(t.choices) + len(other.choices) - 2)
	for e := len(t.choices) - 1; e > 0; e-- {
		for add := 1; add < min(e+1, len(other.choices)); add++ {
			base, more := t.choices[e-add], other.choices[add]
			if base.some && more.some {
				t.offer(e, choice{points: base.points + more.points, count: base.count + more.count, some: true}, t.set(e-add), other.set(add))
			}
		}
	}
}

// spread returns the same table for sets of more nodes, among which each node has another place. The order of nodes stays.
func (t *table) spread(places []int, size int) *table {
	wide := &table{size: size, choices: t.choices, sets: make([]uint64, len(t.choices)*words(size))}
	for e := range t.choices {
		for _, i := range t.set(e).members() {
			wide.set(e).add(places[i])
		}
	}
	return wide
}

// reach returns the best set among the cheapest that have the points, or nil.
func (t *table) reach(points score.Points) set {
	for e, c := range t.choices {
		if c.some && c.points >= points {
			return t.set(e)
		}
	}
	return nil
}
