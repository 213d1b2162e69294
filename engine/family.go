package engine

import (
	"encoding/binary"
	"slices"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/eval"
)

// Invariant: records with the same findings get the same verdict from each control of a family.

// family is the controls of a population that differ in their parameters alone: the same rule asks about the same input, beside the
// same evidence. What the premises of the rule say of a record, its findings, is worked out once for all of them.
type family struct {
	index   int
	tasks   []*task
	rest    []int // of the origins, those that the rule reads besides
	account eval.Budget
}

// enlistFamily puts a task into the family that it belongs to, if its rule has premises.
func (p *population) enlistFamily(t *task) {
	if !t.remembers() {
		return
	}
	premises, rest := t.rule.Frontier()
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

// has says whether the task belongs to the family. A catalog lets controls of one rule differ in parameters alone; that is not relied on.
func (f *family) has(t *task) bool {
	one := f.tasks[0]
	return one.rule == t.rule && slices.Equal(one.control.Coverage.Joins, t.control.Coverage.Joins) && one.world.SharesEvidence(t.world)
}

// Bounds of what is known of the findings of a family.
const (
	maxFinding  = 4096    // bytes of the values of one record
	maxFindings = 1 << 20 // in all
)

// findings numbers what the premises of a family say of records.
type findings struct {
	judge   *eval.Evaluator
	memo    memo[uint32]
	key     []byte
	current stamped[uint32]   // of the record at hand
	numbers map[string]uint32 // by the values, as text
	held    int               // bytes of them
	off     bool              // asking premises does not pay
	missed  int               // records without a number
	finding cost
	asking  cost // of the controls themselves
	values  []*ast.Term
	text    []byte
}

// cost is how long something took, and how often it was done.
type cost struct {
	spent time.Duration
	times int
	least time.Duration // of one time
}

// maxSpread is how much longer than the shortest time one may take: what takes longer waited for other work of the machine.
const maxSpread = 64

// add counts one time. The first one takes no time: all that is the same for every record is worked out in it, too.
func (c *cost) add(spent time.Duration) {
	c.times++
	if c.times == 1 {
		return
	}
	if c.least == 0 || spent < c.least {
		c.least = spent
	}
	c.spent += min(spent, maxSpread*c.least)
}

func newFindings(f *family) findings {
	return findings{memo: memoByFields[uint32](f.tasks[0]), numbers: map[string]uint32{}}
}

// found returns the number of what the premises say of the record at hand, or noNumber: if they fail, if they say too much, or if asking
// them does not pay.
func (r *reader) found(f *family) uint32 {
	s := &r.findings[f.index]
	if s.current.stamp != r.stamp {
		s.current = stamped[uint32]{r.stamp, r.recallFound(s, f)}
	}
	return s.current.value
}

func (r *reader) recallFound(s *findings, f *family) uint32 {
	if s.off {
		return noNumber
	}
	if s.memo.on {
		key, ok := memoKeyOf(r, &s.memo, memoKey{listed: s.key[:0]})
		if ok {
			s.key = key.listed
			n, known := s.memo.recall(key)
			if !known {
				if n = r.find(s, f); !s.off {
					s.memo.remember(key, n)
				}
			}
			return n
		}
	}
	return r.find(s, f)
}

// find asks the premises. That they fail says nothing of the controls: asking those tells.
func (r *reader) find(s *findings, f *family) uint32 {
	t := f.tasks[0]
	if s.judge == nil {
		s.judge = t.rule.NewEvaluator(t.world, r.population.watch, &f.account)
	}
	began := time.Now()
	values, err := s.judge.Frontier(&r.inputs[t.index], s.values[:0])
	s.values = values
	n := noNumber
	if err == nil {
		n = s.numberOf(values)
	}
	s.finding.add(time.Since(began))
	if n == noNumber {
		s.missed++
	}
	if !s.pays(len(f.tasks)) {
		*s = findings{off: true}
	}
	return n
}

// numberOf returns the number of values, giving out a new one the first time; noNumber if they are too many, or too long.
func (s *findings) numberOf(values []*ast.Term) uint32 {
	s.text = s.text[:0]
	for _, value := range values {
		if s.text = appendValue(s.text, value); len(s.text) > maxFinding {
			return noNumber
		}
	}
	if n, known := s.numbers[string(s.text)]; known {
		return n
	}
	if s.held+len(s.text) > maxFindings {
		return noNumber
	}
	n := uint32(len(s.numbers)) //nolint:gosec // each takes a byte at least
	s.numbers[string(s.text)] = n
	s.held += len(s.text)
	return n
}

// Premises that don't pay are asked no more. They are tried for so long and so often first, those that take very long less often.
const (
	tryFor   = 20 * time.Millisecond
	tryLong  = 10 * tryFor
	tryTimes = 1000
)

// pays says whether asking the premises of records is worth it: their findings have numbers that come again, and to ask them takes no
// more than twice what it would take to ask each control.
func (s *findings) pays(controls int) bool {
	if s.finding.times > tryTimes && (s.missed*2 > s.finding.times || len(s.numbers)*2 > s.finding.times) {
		return false
	}
	tried := s.finding.spent > tryLong || s.finding.spent > tryFor && s.finding.times > tryTimes
	if !tried || s.asking.times < 2 {
		return true
	}
	each := s.asking.spent / time.Duration(s.asking.times-1) // the first one took no time
	return s.finding.spent < 2*each*time.Duration(controls*s.finding.times)
}

// appendValue writes a value so that only the same one is written alike; nil is undefined. To Rego 1 and 1.0 are equal; a reason may tell
// them apart. A value that is too long is not written to its end.
func appendValue(text []byte, t *ast.Term) []byte {
	if len(text) > maxFinding {
		return text
	}
	if t == nil {
		return append(text, 'u')
	}
	switch value := t.Value.(type) {
	case ast.String:
		return appendText(append(text, 's'), string(value))
	case ast.Number:
		return appendText(append(text, 'd'), string(value))
	case *ast.Array:
		text = binary.AppendUvarint(append(text, 'a'), uint64(value.Len())) //nolint:gosec // a length
		value.Foreach(func(t *ast.Term) { text = appendValue(text, t) })
	case ast.Set:
		text = binary.AppendUvarint(append(text, 'e'), uint64(value.Len())) //nolint:gosec // a length
		for _, t := range value.Slice() {
			text = appendValue(text, t)
		}
	case ast.Object:
		text = binary.AppendUvarint(append(text, 'o'), uint64(value.Len())) //nolint:gosec // a length
		value.Foreach(func(key, held *ast.Term) { text = appendValue(appendValue(text, key), held) })
	default: // null, true and false
		return append(append(text, 'c'), value.String()[0])
	}
	return text
}

func appendText(text []byte, s string) []byte {
	return append(binary.AppendUvarint(text, uint64(len(s))), s[:min(len(s), maxFinding+1)]...)
}
