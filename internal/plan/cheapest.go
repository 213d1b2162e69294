package plan

import (
	"errors"

	"github.com/posture-score/posture/internal/score"
)

// ErrEntangled is returned if the graph of prerequisites is so dense that an exact answer would take too long. No sensible catalog
// comes near that.
var ErrEntangled = errors.New("the prerequisites of the actions are too entangled for an exact plan")

// maxCells bounds the memory for one component of the graph, in words over all states.
const maxCells = 4 << 20

// cheapest returns the best set of nodes with at least these points: the one of least effort, then of most points, then of fewest
// nodes, then with the first ids. It is a knapsack over effort: each connected component of the graph of prerequisites is solved
// separately, and the tables are joined one after another.
func (p *problem) cheapest(points score.Points) ([]*node, error) {
	all := newTable(len(p.nodes))
	for _, component := range p.components() {
		t, err := p.solve(component)
		if err != nil {
			return nil, err
		}
		all.join(t)
	}
	var chosen []*node
	found := all.cheapest(points)
	for _, n := range p.nodes {
		if found.has(n.index) {
			chosen = append(chosen, n)
		}
	}
	return chosen, nil
}

// components returns the connected components of the graph of prerequisites, each sorted.
func (p *problem) components() [][]int {
	neighbors := make([][]int, len(p.nodes))
	for _, n := range p.nodes {
		for _, need := range n.needs {
			neighbors[n.index] = append(neighbors[n.index], need)
			neighbors[need] = append(neighbors[need], n.index)
		}
	}
	seen := newSet(len(p.nodes))
	var components [][]int
	for first := range p.nodes {
		if seen.has(first) {
			continue
		}
		component := newSet(len(p.nodes))
		queue := []int{first}
		seen.add(first)
		for len(queue) > 0 {
			i := queue[0]
			queue = queue[1:]
			component.add(i)
			for _, j := range neighbors[i] {
				if !seen.has(j) {
					seen.add(j)
					queue = append(queue, j)
				}
			}
		}
		components = append(components, component.members())
	}
	return components
}

// solve returns the table of all subsets of a component that contain the prerequisites of their nodes.
//
// It is a dynamic program that decides one node at a time, prerequisites first. Its state is the set of undecided nodes that are
// excluded since a prerequisite of theirs was left out; it keeps one table for each state.
func (p *problem) solve(component []int) (*table, error) {
	g := p.precedence(component)
	states := map[string]*table{"": newTable(len(component))}
	for _, i := range g.bestOrder() {
		n := p.nodes[component[i]]
		next := map[string]*table{}
		for key, t := range states {
			state := parseKey(key, len(component))
			if state.has(i) {
				state.remove(i)
			} else {
				addTable(next, state, t.with(i, n.effort, n.left))
				state.union(g.descendants[i])
			}
			addTable(next, state, t)
		}
		if cells(next) > maxCells {
			return nil, ErrEntangled
		}
		states = next
	}
	return states[""].remap(component, len(p.nodes)), nil
}

// addTable merges a table into that of a state.
func addTable(states map[string]*table, state set, t *table) {
	key := state.key()
	if old := states[key]; old != nil {
		old.merge(t)
		return
	}
	states[key] = t
}

// cells returns the size of tables in words.
func cells(states map[string]*table) int {
	sum := 0
	for _, t := range states {
		sum += len(t.choices) + len(t.sets)
	}
	return sum
}
