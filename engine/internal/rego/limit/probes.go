package limit

import "github.com/open-policy-agent/opa/v1/ast"

// LargeSet is the number of members from which it is counted how many places are tried for a member that is a collection.
const LargeSet = 512

// WorkOfProbe is the work of trying one place of a hash table.
const WorkOfProbe = workPerStep

// Probes counts the places of a set that OPA tries until it finds a free one for a member. A set of OPA takes the next place where one is
// taken (ast/term.go), and the hash of a collection is the sum of those of its parts: sets of collections of numbers fill one place after
// another, and take the square of their size.
type Probes struct {
	after map[int]int // of each place that is taken, a later one up to which no place is free
}

// NewProbes returns the probes of a set as it is.
func NewProbes(set ast.Set) *Probes {
	p := &Probes{after: make(map[int]int, 2*set.Len())}
	set.Foreach(func(t *ast.Term) { p.Insert(t.Hash()) })
	return p
}

// Insert takes a place for a member, and returns how many taken ones were tried.
func (p *Probes) Insert(hash int) int64 {
	free := hash
	for next, taken := p.after[free]; taken; next, taken = p.after[free] {
		free = next
	}
	for at := hash; at != free; {
		at, p.after[at] = p.after[at], free+1
	}
	p.after[free] = free + 1
	return int64(free - hash)
}

// probing returns the work of trying places while sets become one.
func probing(sets ...*ast.Term) int64 {
	var n int64
	for _, t := range sets {
		n += length(t)
	}
	if n < LargeSet {
		return 0
	}
	p, tried := &Probes{after: make(map[int]int, n)}, int64(0)
	for _, t := range sets {
		set, ok := t.Value.(ast.Set)
		if !ok || !set.Until(func(t *ast.Term) bool { return IsCollection(t.Value) }) {
			continue
		}
		set.Foreach(func(t *ast.Term) { tried += p.Insert(t.Hash()) })
	}
	return times(tried, WorkOfProbe)
}

// IsCollection reports whether the hash of a value is the sum of others.
func IsCollection(v ast.Value) bool {
	switch v.(type) {
	case *ast.Array, ast.Object, ast.Set:
		return true
	}
	return false
}
