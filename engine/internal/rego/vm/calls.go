package vm

import (
	"github.com/open-policy-agent/opa/v1/ast"
	opair "github.com/open-policy-agent/opa/v1/ir"

	"github.com/posture-score/posture/engine/internal/rego/limit"
)

// Invariant: a call is recalled only for arguments that nothing can tell from those that it was made with, of a function that depends on
// nothing else. It counts the steps that it took then.

// Calls remembers the last call of each function that depends on its arguments alone, for machines of one goroutine that run programs of
// any plans. Controls of several rules ask the same of one record after another.
type Calls struct {
	last map[*opair.Func]*lastCall
}

// NewCalls returns an empty memory.
func NewCalls() *Calls { return &Calls{last: map[*opair.Func]*lastCall{}} }

// lastCall is the last call of a function.
type lastCall struct {
	args   []*ast.Term
	value  *ast.Term // nil if it is undefined
	cost   limit.Meter
	known  bool
	off    bool // the calls differ too often
	asked  int
	misses int
	steps  int64 // that they took
}

// pays reports whether remembering the calls takes less than making them.
func (l *lastCall) pays() bool {
	return (l.asked-l.misses)*callShare >= l.asked && l.steps >= int64(l.misses)*callSteps
}

// A function whose calls mostly differ is no longer remembered: some ten calls tell.
const (
	callTrial = 32
	callBytes = 1 << 20 // that a call may make if it is to be remembered
	callShare = 4       // one of so many calls has to be like the one before
	callSteps = 64      // that a call has to take: the terms of its arguments take about as long
)

// of returns the last call of a function; nil if it is not remembered.
func (c *Calls) of(f *function) *lastCall {
	last := c.last[f.source]
	if last == nil {
		last = &lastCall{args: make([]*ast.Term, len(f.params)-2)}
		c.last[f.source] = last
	}
	return last
}

// Share has the machine remember calls together with others.
func (m *Machine) Share(calls *Calls) {
	m.calls, m.members = make([]*lastCall, len(m.program.functions)), make([]*memberCalls, len(m.program.functions))
	for i, f := range m.program.functions {
		switch {
		case f.pure && f.members >= 0:
			m.members[i] = newMemberCalls(f)
		case f.pure:
			m.calls[i] = calls.of(f)
		}
	}
}

// lastCall returns the last call of a function; nil if it is not remembered.
func (m *Machine) lastCall(f *function) *lastCall {
	if m.calls == nil || m.calls[f.index] == nil || m.calls[f.index].off {
		return nil
	}
	return m.calls[f.index]
}

// recallOrCall returns the value of the last call if it had the same arguments, and calls the function otherwise.
func (m *Machine) recallOrCall(last *lastCall, f *function, args []operand, caller *frame) (value *ast.Term, ok bool) {
	last.asked++
	if last.known && last.same(args, caller) {
		return last.value, m.charge(last.cost) == next
	}
	if last.misses++; last.asked >= callTrial && !last.pays() {
		*last = lastCall{off: true}
		return m.evaluate(f, args, caller)
	}
	errs, uses, before := m.builtinErrs, m.uses, m.meter
	value, ok = m.evaluate(f, args, caller)
	cost := m.meter.Since(before)
	last.steps += cost.Steps
	// What the evaluation holds for several is charged to it once, which the cost of this call can't tell.
	if last.known = ok && m.builtinErrs == errs && m.uses == uses && cost.Bytes <= callBytes; last.known {
		for i := range args {
			last.args[i] = args[i].get(caller)
		}
		last.value, last.cost = value, cost
	}
	return value, ok
}

// same reports whether arguments are those of the call.
func (l *lastCall) same(args []operand, caller *frame) bool {
	for i := range args {
		if !identical(l.args[i], args[i].get(caller)) {
			return false
		}
	}
	return true
}

// identical reports whether nothing can tell one value from the other. To Rego 1 and 1.0 are equal, but a text made of them may differ.
// Sets are identical only if they are the same set.
func identical(a, b *ast.Term) bool {
	if a == b {
		return true
	}
	if a == nil || b == nil {
		return false
	}
	switch x := a.Value.(type) {
	case ast.String:
		y, ok := b.Value.(ast.String)
		return ok && x == y
	case ast.Number:
		y, ok := b.Value.(ast.Number)
		return ok && x == y
	case ast.Boolean:
		y, ok := b.Value.(ast.Boolean)
		return ok && x == y
	case ast.Null:
		_, ok := b.Value.(ast.Null)
		return ok
	case *ast.Array:
		y, ok := b.Value.(*ast.Array)
		return ok && (x == y || identicalArrays(x, y))
	case ast.Object:
		y, ok := b.Value.(ast.Object)
		return ok && (x == y || identicalObjects(x, y))
	}
	return a.Value == b.Value
}

func identicalArrays(x, y *ast.Array) bool {
	if x.Len() != y.Len() {
		return false
	}
	for i := range x.Len() {
		if !identical(x.Elem(i), y.Elem(i)) {
			return false
		}
	}
	return true
}

// identicalObjects takes keys that are not strings for different ones.
func identicalObjects(x, y ast.Object) bool {
	return x.Len() == y.Len() && !x.Until(func(key, value *ast.Term) bool {
		_, text := key.Value.(ast.String)
		return !text || !identical(value, y.Get(key))
	})
}
