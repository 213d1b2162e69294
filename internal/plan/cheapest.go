package plan

import (
	"errors"

	"github.com/posture-score/posture/internal/score"
)

// ErrEntangled is the error of actions whose prerequisites depend on each other in so many ways that an exact answer would take
// too long. No catalog of a sensible make comes near it.
var ErrEntangled = errors.New("the prerequisites of the actions are too entangled for an exact plan")

// maxCells bounds what is held of one group of actions that depend on each other, in words over all states.
const maxCells = 4 << 20

// cheapest returns the best set of nodes with the points: the least effort, then the most points, then the fewest nodes, then the
// ids that come first. It is a knapsack over effort: groups of nodes that depend on each other are solved by themselves, and
// joined one after another.
func (f *field) cheapest(points score.Points) ([]*node, error) {
	all := newTable(len(f.nodes))
	for _, group := range f.groups() {
		t, err := f.solve(group)
		if err != nil {
			return nil, err
		}
		all.join(t)
	}
	var chosen []*node
	found := all.reach(points)
	for _, n := range f.nodes {
		if found.has(n.index) {
			chosen = append(chosen, n)
		}
	}
	return chosen, nil
}

// groups splits the nodes into groups that don't depend on each other. Each is sorted.
func (f *field) groups() [][]int {
	near := make([][]int, len(f.nodes))
	for _, n := range f.nodes {
		for _, need := range n.needs {
			near[n.index] = append(near[n.index], need)
			near[need] = append(near[need], n.index)
		}
	}
	seen := newSet(len(f.nodes))
	var groups [][]int
	for first := range f.nodes {
		if seen.has(first) {
			continue
		}
		group := newSet(len(f.nodes))
		queue := []int{first}
		seen.add(first)
		for len(queue) > 0 {
			i := queue[0]
			queue = queue[1:]
			group.add(i)
			for _, j := range near[i] {
				if !seen.has(j) {
					seen.add(j)
					queue = append(queue, j)
				}
			}
		}
		groups = append(groups, group.members())
	}
	return groups
}

// solve returns the table of all sets of a group that have the prerequisites of their nodes in them.
//
// Nodes are decided one at a time, prerequisites first. All that the rest has to know of what was decided is which nodes are
// barred because something that they wait for was left out: that is the state, and for each state one table is kept.
func (f *field) solve(group []int) (*table, error) {
	g := f.web(group)
	states := map[string]*table{"": newTable(len(group))}
	for _, i := range g.best() {
		n := f.nodes[group[i]]
		next := map[string]*table{}
		for key, t := range states {
			state := open(key, len(group))
			if state.has(i) {
				state.remove(i)
			} else {
				put(next, state, t.with(i, n.effort, n.left))
				state.unite(g.after[i])
			}
			put(next, state, t)
		}
		if cells(next) > maxCells {
			return nil, ErrEntangled
		}
		states = next
	}
	return states[""].spread(group, len(f.nodes)), nil
}

// put adds a table to those of a state.
func put(states map[string]*table, state set, t *table) {
	key := state.key()
	if there := states[key]; there != nil {
		there.merge(t)
		return
	}
	states[key] = t
}

func cells(states map[string]*table) int {
	sum := 0
	for _, t := range states {
		sum += len(t.choices) + len(t.sets)
	}
	return sum
}
