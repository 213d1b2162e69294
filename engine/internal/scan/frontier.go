package scan

import (
	"encoding/binary"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/eval"
)

// Invariant: records for which the frontier of a rule has the same values, and the residual fields are
// the same, get the same verdict from each control of the rule's group.
//
// Invariant: whether a group uses its frontier follows from the head of the population alone, which one
// worker reads in order. It is the same for any number of workers, and on any machine.

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
	calls     *eval.Calls // of all rules of the worker
	memo      memo[uint32]
	key       []byte
	current   perRecord[uint32]
	ids       map[string]uint32 // by the values, encoded
	held      int               // bytes of them
	off       bool              // the values do not recur
	misses    int               // records without an id
	learns    bool              // the record is in the head of the population
	cost      cost
	controls  cost // of evaluating the controls themselves, for the head
	values    []*ast.Term
	text      []byte
}

func newFrontierMemo(g *ruleGroup, c *columns, calls *eval.Calls) *frontierMemo {
	first := g.controls[0]
	return &frontierMemo{group: g, input: input{c, first}, columns: c, calls: calls, memo: memoByFields[uint32](first), ids: map[string]uint32{}}
}

// id returns the id of the values for the record, or noID: if the evaluation fails, if they are too
// long, or if evaluating them does not pay.
func (f *frontierMemo) id(start newEvaluator) uint32 {
	if f.current.stamp != f.columns.stamp {
		f.current = perRecord[uint32]{f.columns.stamp, f.lookUp(start)}
	}
	return f.current.value
}

func (f *frontierMemo) lookUp(start newEvaluator) uint32 {
	if f.off || f.group.off.Load() {
		return noID
	}
	if !f.memo.on {
		return f.evaluate(start)
	}
	key, ok := appendKey(f.columns, &f.memo, memoKey{listed: f.key[:0]})
	if !ok {
		return f.evaluate(start)
	}
	f.key = key.listed
	id, known := f.memo.get(key)
	if !known {
		if id = f.evaluate(start); !f.off {
			f.memo.put(key, id)
		}
	}
	return id
}

// evaluate evaluates the frontier. An error of it says nothing about the controls: evaluating those
// does. One that takes half of what the limits allow has no id: what a control takes besides might
// exceed them, for this record alone. Verdicts are remembered by ids only where that takes less than the
// other half.
func (f *frontierMemo) evaluate(start newEvaluator) uint32 {
	if f.evaluator == nil {
		first := f.group.controls[0]
		f.evaluator = start(first.rule, first.environment)
		f.evaluator.Share(f.calls)
	}
	values, err := f.evaluator.Frontier(&f.input, f.values[:0])
	f.values = values
	id := noID
	if err == nil && f.evaluator.Small(2*f.group.controls[0].spread) {
		id = f.intern(values)
	}
	f.cost.count++
	if id == noID {
		f.misses++
	}
	if f.learns {
		if f.cost.steps += f.evaluator.Steps() + int64(len(f.text)/bytesPerStep); f.cost.steps > trialSteps {
			f.choose()
		}
	}
	if !f.recurs() {
		*f = frontierMemo{off: true, group: f.group, columns: f.columns}
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

// recurs reports whether the values are worth remembering. It is asked from the first records on.
func (f *frontierMemo) recurs() bool {
	return f.cost.count <= trialCount || f.misses*2 <= f.cost.count && len(f.ids)*2 <= f.cost.count
}

// cost is how many steps something took, and how often it was done.
type cost struct {
	steps int64
	count int
}

const (
	trialCount   = 1000    // evaluations that tell whether the values recur
	trialSteps   = 1 << 24 // of a frontier, which are enough to choose before the head has ended
	bytesPerStep = 16      // of the values: encoding them takes about as long
)

// choose decides for all workers whether the group uses its frontier, by what the head of the population
// cost.
func (f *frontierMemo) choose() {
	if !f.off && !f.pays() {
		f.group.off.Store(true)
	}
}

// pays reports whether evaluating the frontier takes no more than twice as many steps as evaluating each
// control. Steps are the same on any machine, whatever else it does.
func (f *frontierMemo) pays() bool {
	if f.cost.count == 0 || f.controls.count == 0 {
		return true
	}
	frontier := float64(f.cost.steps) / float64(f.cost.count)
	each := float64(f.controls.steps) / float64(f.controls.count)
	return frontier < 2*each*float64(len(f.group.controls))
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
		for i := range value.Len() {
			text = appendValue(text, value.Elem(i))
		}
	case ast.Set:
		text = appendLength(append(text, 'e'), value.Len())
		for _, t := range value.Slice() {
			text = appendValue(text, t)
		}
	case ast.Object:
		return appendObject(text, value)
	default: // null, true and false
		return append(append(text, 'c'), value.String()[0])
	}
	return text
}

func appendObject(text []byte, object ast.Object) []byte {
	text = appendLength(append(text, 'o'), object.Len())
	object.Foreach(func(key, held *ast.Term) { text = appendValue(appendValue(text, key), held) })
	return text
}

func appendText(text []byte, s string) []byte {
	return append(appendLength(text, len(s)), s[:min(len(s), maxFrontier+1)]...)
}

func appendLength(text []byte, length int) []byte {
	return binary.AppendUvarint(text, uint64(length)) //nolint:gosec // a length
}
