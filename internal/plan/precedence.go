package plan

// precedence is the partial order of the nodes of a component: by index in it, the sets of related nodes.
type precedence struct {
	ancestors   []set // transitive prerequisites
	descendants []set // nodes that wait for it, transitively
	successors  []set // descendants with nothing in between
}

func (p *problem) precedence(component []int) precedence {
	size := len(component)
	g := precedence{ancestors: make([]set, size), descendants: make([]set, size), successors: make([]set, size)}
	index := map[int]int{}
	for i, n := range component {
		index[n] = i
		g.descendants[i], g.successors[i] = newSet(size), newSet(size)
	}
	var ancestors func(i int) set
	ancestors = func(i int) set {
		if g.ancestors[i] == nil {
			g.ancestors[i] = newSet(size)
			for _, need := range p.nodes[component[i]].needs {
				g.ancestors[i].add(index[need])
				g.ancestors[i].union(ancestors(index[need]))
			}
		}
		return g.ancestors[i]
	}
	for i := range component {
		indirect := newSet(size)
		for _, j := range ancestors(i).members() {
			g.descendants[j].add(i)
			indirect.union(ancestors(j))
		}
		for _, j := range g.ancestors[i].members() {
			if !indirect.has(j) {
				g.successors[j].add(i)
			}
		}
	}
	return g
}

// maxStates bounds the search for a good order.
const maxStates = 20_000

// bestOrder returns, of the topological orders of two heuristics, the one with fewer states.
func (g precedence) bestOrder() []int {
	var best []int
	least := 0
	for _, waits := range [][]set{g.descendants, g.successors} {
		order := g.order(waits)
		if states := g.states(order); best == nil || states < least {
			best, least = order, states
		}
	}
	return best
}

// order returns a topological order that keeps few nodes waiting for the decision of others: next is the node that makes fewest
// nodes wait that did not wait before; of several, the one that began to wait last, so that one branch is finished before another.
func (g precedence) order(waits []set) []int {
	size := len(g.ancestors)
	done, waiting := newSet(size), newSet(size)
	since := make([]int, size)
	var order []int
	for step := 1; step <= size; step++ {
		best, least := -1, 0
		for i := range size {
			if done.has(i) || g.ancestors[i].countMissing(done) > 0 {
				continue
			}
			added := waits[i].countMissing(waiting)
			if waiting.has(i) {
				added--
			}
			if best < 0 || added < least || added == least && since[i] > since[best] {
				best, least = i, added
			}
		}
		for _, i := range waits[best].members() {
			if !waiting.has(i) {
				waiting.add(i)
				since[i] = step
			}
		}
		waiting.remove(best)
		done.add(best)
		order = append(order, best)
	}
	return order
}

// states returns how many states the dynamic program goes through in an order, or more than for any other once there are too many.
func (g precedence) states(order []int) int {
	states := map[string]bool{"": true}
	sum := 0
	for _, i := range order {
		next := map[string]bool{}
		for key := range states {
			state := parseKey(key, len(order))
			excluded := state.has(i)
			state.remove(i)
			next[state.key()] = true
			if !excluded {
				state.union(g.descendants[i])
				next[state.key()] = true
			}
		}
		states = next
		if sum += len(states); len(states) > maxStates {
			return sum * len(order) // more than any complete sum
		}
	}
	return sum
}
