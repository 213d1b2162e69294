package engine

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/judge"
)

// Invariant: records with the same findings get the same verdict from each control of a family.

// family is the controls of a population that differ in their parameters alone: the same rule asks about the same input, beside the
// same evidence. What the premises of the rule say of a record, its findings, is worked out once for all of them.
type family struct {
	index   int
	tasks   []*task
	rest    []int // of the origins, those that the rule reads besides
	account judge.Account
}

// enlistFamily puts a task into the family that it belongs to, if its rule has premises.
func (p *population) enlistFamily(t *task) {
	if t.options.NoMemo || t.whole {
		return
	}
	premises, rest := t.rule.Premises()
	if premises == 0 {
		return
	}
	i := slices.IndexFunc(p.families, func(f *family) bool { return f.has(t) })
	if i < 0 {
		i = len(p.families)
		p.families = append(p.families, &family{index: i, rest: rest})
	}
	t.family = p.families[i]
	t.family.tasks = append(t.family.tasks, t)
}

// has says whether the task belongs to the family.
func (f *family) has(t *task) bool {
	one := f.tasks[0]
	return one.rule == t.rule && slices.Equal(one.control.Coverage.Joins, t.control.Coverage.Joins) && one.world.SameEvidence(t.world)
}

// findings numbers what the premises of a family say of records.
type findings struct {
	judge   *judge.Judge
	memo    memo[uint32]
	current stamped[uint32] // of the record at hand
	known   map[uint64][]found
	count   uint32
	weight  int // of all that is known
	asked   int
	off     bool // they hardly ever say the same
	values  []*ast.Term
}

func newFindings(f *family) findings {
	return findings{memo: memoByFields[uint32](f.tasks[0]), known: map[uint64][]found{}}
}

// found is the values of premises, with their number.
type found struct {
	values []*ast.Term
	number uint32
}

// found returns the number of what the premises say of the record at hand, or noNumber: if they fail, if they take too long, or if they
// hardly ever say the same.
func (r *reader) found(f *family) uint32 {
	s := &r.findings[f.index]
	if s.current.stamp != r.stamp {
		s.current = stamped[uint32]{r.stamp, r.recallFound(s, f)}
	}
	return s.current.value
}

func (r *reader) recallFound(s *findings, f *family) uint32 {
	if s.memo.on {
		if key, ok := memoKeyOf(r, &s.memo, memoKey{listed: r.memoBytes[:0]}); ok {
			n, known := s.memo.recall(key)
			if !known {
				if n = r.find(s, f); n != noNumber {
					s.memo.remember(key, n)
				}
			}
			return n
		}
	}
	return r.find(s, f)
}

// find asks the premises.
func (r *reader) find(s *findings, f *family) uint32 {
	t := f.tasks[0]
	if s.off || f.account.Spent() > t.options.Control {
		return noNumber // each control then spends its own time, and ends
	}
	if s.judge == nil {
		s.judge = t.rule.Judge(t.world, r.population.watch, &f.account)
	}
	r.input.task = t
	values, err := s.judge.Premises(&r.input, s.values[:0])
	s.values = values
	if err != nil {
		return noNumber // asking the controls tells what comes of it
	}
	return s.numberOf(values)
}

// numberOf returns the number of values, giving out a new one the first time; noNumber if there are too many.
func (s *findings) numberOf(values []*ast.Term) uint32 {
	s.asked++
	hash := uint64(len(values))
	for _, value := range values {
		hash *= 31
		if value != nil {
			hash += uint64(value.Hash()) + 1 //nolint:gosec // bits are bits
		}
	}
	for _, known := range s.known[hash] {
		if slices.EqualFunc(known.values, values, sameTerm) {
			return known.number
		}
	}
	weight := 1
	for _, value := range values {
		weight += weigh(value, maxWeight)
	}
	if s.weight+weight > maxWeight {
		if s.off = s.asked < 2*int(s.count); s.off {
			s.known = nil
		}
		return noNumber
	}
	s.known[hash] = append(s.known[hash], found{slices.Clone(values), s.count})
	s.weight += weight
	s.count++
	return s.count - 1
}

// maxWeight bounds what is known of the findings of a family: the values in them, counted one by one.
const maxWeight = 1 << 16

// weigh counts the values in a value, up to a bound.
func weigh(t *ast.Term, most int) int {
	if t == nil {
		return 0
	}
	weight := 1
	add := func(t *ast.Term) bool {
		weight += weigh(t, most-weight)
		return weight >= most
	}
	switch value := t.Value.(type) {
	case *ast.Array:
		value.Until(add)
	case ast.Set:
		value.Until(add)
	case ast.Object:
		value.Until(func(key, value *ast.Term) bool { return add(key) || add(value) })
	}
	return weight
}

// sameTerm says whether two values are the same to the letter, where nil is undefined. To Rego 1 and 1.0 are equal; a reason may tell
// them apart.
func sameTerm(a, b *ast.Term) bool {
	if a == b || a == nil || b == nil {
		return a == b
	}
	switch value := a.Value.(type) {
	case ast.Number:
		other, ok := b.Value.(ast.Number)
		return ok && value == other
	case *ast.Array:
		other, ok := b.Value.(*ast.Array)
		if !ok || value.Len() != other.Len() {
			return false
		}
		for i := range value.Len() {
			if !sameTerm(value.Elem(i), other.Elem(i)) {
				return false
			}
		}
		return true
	case ast.Set:
		other, ok := b.Value.(ast.Set)
		return ok && slices.EqualFunc(value.Slice(), other.Slice(), sameTerm)
	case ast.Object:
		other, ok := b.Value.(ast.Object)
		return ok && slices.EqualFunc(value.Keys(), other.Keys(), sameTerm) &&
			!value.Until(func(key, held *ast.Term) bool { return !sameTerm(held, other.Get(key)) })
	}
	return ast.ValueEqual(a.Value, b.Value)
}
