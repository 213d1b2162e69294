package vm

import (
	"errors"

	"github.com/open-policy-agent/opa/v1/ast"
	opair "github.com/open-policy-agent/opa/v1/ir"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/posture-score/posture/engine/internal/rego/ir"
	"github.com/posture-score/posture/engine/internal/rego/limit"
	"github.com/posture-score/posture/engine/internal/rego/term"
)

// Invariant: a built-in function is OPA's own. A fast path (builtin_fast.go) returns what that would return, or leaves the call to it.

// builtin compiles a call of a built-in function.
func (c *compiler) builtin(s *opair.CallStmt) (instr, error) {
	f := topdown.GetBuiltin(s.Func)
	if f == nil {
		return nil, &ir.Unsupported{Construct: "the built-in function " + s.Func, Location: c.program.plan.Location(s)}
	}
	price, _ := limit.Of(s.Func)
	b := &builtinCall{run: f, price: price, at: c.program.plan.Location(s), target: c.local(s.Result)}
	if declared := ast.BuiltinMap[s.Func]; declared != nil {
		b.relation, b.void = declared.Relation, declared.Decl.Result() == nil
	}
	for _, a := range s.Args {
		b.args = append(b.args, c.operand(a))
	}
	call := b.call
	if c.program.partial && s.Func == ast.ObjectGet.Name && len(b.args) == 3 {
		return b.partialGet, nil
	}
	if fast := c.fastPath(s.Func, b); fast != nil {
		call = fast
	}
	if !c.invariant[s] {
		call = c.overViews(s, b, call)
	}
	if c.invariant[s] {
		call = c.once(s.Result, call)
	}
	return call, nil
}

// builtinCall is a call of one of OPA's functions.
type builtinCall struct {
	run      topdown.BuiltinFunc
	price    limit.Price // nil if it costs nothing beyond its statement
	args     []operand
	target   int
	at       *ast.Location
	relation bool // it has any number of results: the value of the call is an array of them
	void     bool // it has no result
}

func (b *builtinCall) call(fr *frame) signal {
	m := fr.m
	m.args = m.args[:0]
	for i := range b.args {
		t := b.args[i].get(fr)
		if t == nil {
			return undefined
		}
		m.args = append(m.args, t)
	}
	var cost limit.Cost
	if b.price != nil {
		if cost = b.price(m.prices, m.args); !m.spend(cost) {
			return halted
		}
	}
	m.context.Location, m.result, m.tuples = b.at, nil, m.tuples[:0]
	keep := m.keep
	if b.relation {
		keep = m.keepAll
	}
	if err := b.run(m.context, m.args, keep); err != nil {
		return fr.builtinFailed(err)
	}
	switch {
	case b.relation:
		fr.l[b.target] = ast.ArrayTerm(append([]*ast.Term(nil), m.tuples...)...)
	case m.result != nil:
		if b.price != nil {
			m.meter.Settle(cost, m.result.Value)
		}
		fr.l[b.target] = m.result
	case !b.void:
		return undefined
	}
	return next
}

// builtinFailed ends the evaluation on a fatal error; any other error leaves the call undefined.
func (fr *frame) builtinFailed(err error) signal {
	var stop topdown.Halt
	if errors.As(err, &stop) {
		return fr.halt(stop.Err)
	}
	if fr.m.context.Cancel.Cancelled() {
		return fr.halt(canceled())
	}
	if fr.m.builtinErr == nil {
		fr.m.builtinErr = err
	}
	fr.m.builtinErrs++
	return undefined
}

// once has a call with invariant arguments made once per environment, on a meter of its own.
func (c *compiler) once(result opair.Local, call instr) instr {
	slot, target := c.program.invariant, c.read1(result)
	c.program.invariant++
	return func(fr *frame) signal {
		m := fr.m
		if m.docs.data != m.data {
			return call(fr)
		}
		known := &m.once[slot]
		if known.value != nil && (known.only == 0 || known.only == m.evaluation) {
			m.use(&known.cached, -1-slot)
			fr.put(&target, &known.view)
			return next
		}
		before := m.meter
		m.meter = m.meter.Reset()
		s := call(fr)
		bytes := m.meter.Bytes
		m.meter = before
		if s != next {
			return s
		}
		*known = onceCall{cached: cached{value: fr.l[target.index], bytes: bytes}}
		if known.value != nil {
			known.view = term.ViewOfTerm(known.value)
		}
		if !m.keeps(bytes) {
			known.only = m.evaluation
		}
		m.use(&known.cached, -1-slot)
		return next
	}
}

// onceCall is the result of a call that is made once.
type onceCall struct {
	cached
	view term.View // of the value
}
