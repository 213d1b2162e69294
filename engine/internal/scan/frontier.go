package scan

import (
	"encoding/binary"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/eval"
)

// Invariant: records for which the frontier of a rule has the same values, and the residual fields are
// the same, get the same verdict from each control of the rule's group.

// Bounds of what is known of a frontier.
const (
	maxFrontier  = 4096    // bytes of the values for one record
	maxFrontiers = 1 << 20 // in all
)

// frontierMemo interns the values that the frontier of a group's rule has for records.
type frontierMemo struct {
	group     *ruleGroup
	input     input
	columns   *columns
	evaluator *eval.Evaluator
	memo      memo[uint32]
	key       []byte
	current   perRecord[uint32]
	ids       map[string]uint32 // by the values, encoded
	held      int               // bytes of them
	off       bool              // evaluating the frontier does not pay
	misses    int               // records without an id
	cost      cost
	controls  cost // of evaluating the controls themselves
	values    []*ast.Term
	text      []byte
}

func newFrontierMemo(g *ruleGroup, c *columns) *frontierMemo {
	first := g.controls[0]
	return &frontierMemo{group: g, input: input{c, first}, columns: c, memo: memoByFields[uint32](first), ids: map[string]uint32{}}
}

// id returns the id of the values for the record, or noID: if the evaluation fails, if they are too
// long, or if evaluating them does not pay.
func (f *frontierMemo) id(deadline *eval.Deadline) uint32 {
	if f.current.stamp != f.columns.stamp {
		f.current = perRecord[uint32]{f.columns.stamp, f.lookUp(deadline)}
	}
	return f.current.value
}

func (f *frontierMemo) lookUp(deadline *eval.Deadline) uint32 {
	if f.off {
		return noID
	}
	if !f.memo.on {
		return f.evaluate(deadline)
	}
	key, ok := appendKey(f.columns, &f.memo, memoKey{listed: f.key[:0]})
	if !ok {
		return f.evaluate(deadline)
	}
	f.key = key.listed
	id, known := f.memo.get(key)
	if !known {
		if id = f.evaluate(deadline); !f.off {
			f.memo.put(key, id)
		}
	}
	return id
}

// evaluate evaluates the frontier. An error of it says nothing about the controls: evaluating those
// does.
func (f *frontierMemo) evaluate(deadline *eval.Deadline) uint32 {
	if f.evaluator == nil {
		first := f.group.controls[0]
		f.evaluator = first.rule.NewEvaluator(first.environment, deadline, &f.group.budget)
	}
	began := time.Now()
	values, err := f.evaluator.Frontier(&f.input, f.values[:0])
	f.values = values
	id := noID
	if err == nil {
		id = f.intern(values)
	}
	f.cost.add(time.Since(began))
	if id == noID {
		f.misses++
	}
	if !f.pays() {
		*f = frontierMemo{off: true, columns: f.columns}
	}
	return id
}

// intern returns the id of values, or noID if there are too many, or they are too long.
func (f *frontierMemo) intern(values []*ast.Term) uint32 {
	f.text = f.text[:0]
	for _, value := range values {
		if f.text = appendValue(f.text, value); len(f.text) > maxFrontier {
			return noID
		}
	}
	if id, known := f.ids[string(f.text)]; known {
		return id
	}
	if f.held+len(f.text) > maxFrontiers {
		return noID
	}
	id := uint32(len(f.ids)) //nolint:gosec // each takes a byte at least
	f.ids[string(f.text)] = id
	f.held += len(f.text)
	return id
}

// A frontier that doesn't pay is switched off, once it was evaluated for so long and so often; one that
// takes very long after fewer evaluations.
const (
	trial      = 20 * time.Millisecond
	longTrial  = 10 * trial
	trialCount = 1000
)

// pays reports whether evaluating the frontier is worth it: its values recur, and it takes no more than
// twice as long as evaluating each control.
func (f *frontierMemo) pays() bool {
	if f.cost.count > trialCount && (f.misses*2 > f.cost.count || len(f.ids)*2 > f.cost.count) {
		return false
	}
	tried := f.cost.spent > longTrial || f.cost.spent > trial && f.cost.count > trialCount
	if !tried || f.controls.count < 2 {
		return true
	}
	each := f.controls.spent / time.Duration(f.controls.count-1) // the first one is not counted
	return f.cost.spent < 2*each*time.Duration(len(f.group.controls)*f.cost.count)
}

// cost is how long something took, and how often it was done.
type cost struct {
	spent    time.Duration
	count    int
	shortest time.Duration
}

// maxSpread is how much longer than the shortest time one may take: what takes longer waited for other
// work of the machine.
const maxSpread = 64

// add counts one time. The first one counts as taking no time: it includes what is evaluated once for
// all records.
func (c *cost) add(spent time.Duration) {
	c.count++
	if c.count == 1 {
		return
	}
	if c.shortest == 0 || spent < c.shortest {
		c.shortest = spent
	}
	c.spent += min(spent, maxSpread*c.shortest)
}

// appendValue encodes a value so that only equal ones have equal encodings; nil is undefined. To Rego 1
// and 1.0 are equal, but a reason may distinguish them. A value that is too long is cut off.
func appendValue(text []byte, t *ast.Term) []byte {
	if len(text) > maxFrontier {
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
		text = appendLength(append(text, 'a'), value.Len())
		value.Foreach(func(t *ast.Term) { text = appendValue(text, t) })
	case ast.Set:
		text = appendLength(append(text, 'e'), value.Len())
		for _, t := range value.Slice() {
			text = appendValue(text, t)
		}
	case ast.Object:
		text = appendLength(append(text, 'o'), value.Len())
		value.Foreach(func(key, held *ast.Term) { text = appendValue(appendValue(text, key), held) })
	default: // null, true and false
		return append(append(text, 'c'), value.String()[0])
	}
	return text
}

func appendText(text []byte, s string) []byte {
	return append(appendLength(text, len(s)), s[:min(len(s), maxFrontier+1)]...)
}

func appendLength(text []byte, length int) []byte {
	return binary.AppendUvarint(text, uint64(length)) //nolint:gosec // a length
}
