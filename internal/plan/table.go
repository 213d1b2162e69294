package plan

import "github.com/posture-score/posture/internal/score"

// choice sums up a set of nodes.
type choice struct {
	points score.Points
	count  int
	exists bool // false if there is no such set
}

// table holds for every effort the best set that costs exactly that much: the one with most points, then with fewest nodes, then
// with the first ids.
//
// Invariant: this order does not change when the same nodes are added to both sets, so the best set is made of best subsets.
type table struct {
	size    int // nodes that a set can hold
	choices []choice
	sets    []uint64 // concatenated
}

// newTable returns the table of the empty set.
func newTable(size int) *table {
	return &table{size: size, choices: []choice{{exists: true}}, sets: newSet(size)}
}

// set returns the set at an effort, which shares the memory of the table.
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

// improve stores the union of two disjoint sets at an effort if it is better than the set there.
func (t *table) improve(effort int, c choice, a, b set) {
	if here := &t.choices[effort]; !here.exists || c.points != here.points || c.count != here.count {
		if here.exists && (c.points < here.points || c.points == here.points && c.count > here.count) {
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

// before reports whether the ids of the union of two sets come before those of a third.
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
		if c.exists {
			moved.improve(e+effort, choice{points: c.points + points, count: c.count + 1, exists: true}, t.set(e), one)
		}
	}
	return moved
}

// merge takes the better set at each effort from another table over the same nodes.
func (t *table) merge(other *table) {
	t.grow(len(other.choices) - 1)
	none := newSet(t.size)
	for e, c := range other.choices {
		if c.exists {
			t.improve(e, c, other.set(e), none)
		}
	}
}

// join combines every set of the table with every set of another table, over other nodes. It goes from the highest effort down, so
// that it reads entries that it has not changed yet.
func (t *table) join(other *table) {
	t.grow(len(t.choices) + len(other.choices) - 2)
	for e := len(t.choices) - 1; e > 0; e-- {
		for add := 1; add < min(e+1, len(other.choices)); add++ {
			base, more := t.choices[e-add], other.choices[add]
			if base.exists && more.exists {
				t.improve(e, choice{points: base.points + more.points, count: base.count + more.count, exists: true}, t.set(e-add), other.set(add))
			}
		}
	}
}

// remap returns the same table over more nodes, where node i has the index indexes[i]. Indexes are ascending.
func (t *table) remap(indexes []int, size int) *table {
	wide := &table{size: size, choices: t.choices, sets: make([]uint64, len(t.choices)*words(size))}
	for e := range t.choices {
		for _, i := range t.set(e).members() {
			wide.set(e).add(indexes[i])
		}
	}
	return wide
}

// cheapest returns the set of least effort with at least these points, or nil.
func (t *table) cheapest(points score.Points) set {
	for e, c := range t.choices {
		if c.exists && c.points >= points {
			return t.set(e)
		}
	}
	return nil
}
