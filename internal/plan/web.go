package plan

// web is the order within a group, by places in it.
type web struct {
	first []set // those that come before a node, near or far
	after []set // those that come after it, near or far
	next  []set // those among them that wait for it with nothing in between
}

func (f *field) web(group []int) web {
	size := len(group)
	g := web{first: make([]set, size), after: make([]set, size), next: make([]set, size)}
	place := map[int]int{}
	for i, n := range group {
		place[n] = i
		g.after[i], g.next[i] = newSet(size), newSet(size)
	}
	var gather func(i int) set
	gather = func(i int) set {
		if g.first[i] == nil {
			g.first[i] = newSet(size)
			for _, need := range f.nodes[group[i]].needs {
				g.first[i].add(place[need])
				g.first[i].unite(gather(place[need]))
			}
		}
		return g.first[i]
	}
	for i := range group {
		far := newSet(size)
		for _, j := range gather(i).members() {
			g.after[j].add(i)
			far.unite(gather(j))
		}
		for _, j := range g.first[i].members() {
			if !far.has(j) {
				g.next[j].add(i)
			}
		}
	}
	return g
}

// maxStates bounds the search for a good sequence.
const maxStates = 20_000

// best returns the sequence, of a few good ones, that goes through the fewest states.
func (g web) best() []int {
	var best []int
	least := 0
	for _, waits := range [][]set{g.after, g.next} {
		sequence := g.sequence(waits)
		if states := g.states(sequence); best == nil || states < least {
			best, least = sequence, states
		}
	}
	return best
}

// sequence puts prerequisites first, and keeps few nodes waiting for the decision of others: next is always the node that makes
// fewest wait anew; of several, the one that began to wait last, so that a branch is finished before another is begun.
func (g web) sequence(waits []set) []int {
	size := len(g.first)
	done, waiting := newSet(size), newSet(size)
	since := make([]int, size)
	var sequence []int
	for step := 1; step <= size; step++ {
		best, least := -1, 0
		for i := range size {
			if done.has(i) || g.first[i].fresh(done) > 0 {
				continue
			}
			anew := waits[i].fresh(waiting)
			if waiting.has(i) {
				anew--
			}
			if best < 0 || anew < least || anew == least && since[i] > since[best] {
				best, least = i, anew
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
		sequence = append(sequence, best)
	}
	return sequence
}

// states counts the states that a sequence goes through. It gives up soon after there are too many.
func (g web) states(sequence []int) int {
	states := map[string]bool{"": true}
	sum := 0
	for _, i := range sequence {
		next := map[string]bool{}
		for key := range states {
			state := open(key, len(sequence))
			barred := state.has(i)
			state.remove(i)
			next[state.key()] = true
			if !barred {
				state.unite(g.after[i])
				next[state.key()] = true
			}
		}
		states = next
		if sum += len(states); len(states) > maxStates {
			return sum * len(sequence) // more than any that went through to the end
		}
	}
	return sum
}
