package vm

import (
	"errors"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/ir"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// Invariant: a built-in function is OPA's own. A short way (fast.go) gives what that would give, or leaves the call to it.

// builtin compiles a call of a built-in function.
func (c *compiler) builtin(s *ir.CallStmt) (op, error) {
	f := topdown.GetBuiltin(s.Func)
	if f == nil {
		return nil, &Unsupported{Construct: "the built-in function " + s.Func, Place: c.program.plan.place(s.GetLocation())}
	}
	b := &builtinCall{run: f, place: c.program.plan.place(s.GetLocation()), target: c.local(s.Result)}
	if declared := ast.BuiltinMap[s.Func]; declared != nil {
		b.relation, b.void = declared.Relation, declared.Decl.Result() == nil
		// The time of a world stands still.
		c.program.impure = c.program.impure || declared.Nondeterministic && s.Func != ast.NowNanos.Name
	}
	for _, a := range s.Args {
		b.args = append(b.args, c.operand(a))
	}
	call := b.call
	if c.program.wary && s.Func == ast.ObjectGet.Name && len(b.args) == 3 {
		return b.waryGet, nil
	}
	if short := c.fast(s.Func, b); short != nil {
		call = short
	}
	if c.fixedCall(s) {
		call = c.once(b.target, call)
	}
	return call, nil
}

// builtinCall is a call of one of OPA's functions.
type builtinCall struct {
	run      topdown.BuiltinFunc
	args     []operand
	target   int
	place    *ast.Location
	relation bool // it gives any number of results, and the call all of them as an array
	void     bool // it gives none
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
	m.context.Location, m.result, m.answers = b.place, nil, m.answers[:0]
	keep := m.keep
	if b.relation {
		keep = m.keepAll
	}
	if err := b.run(m.context, m.args, keep); err != nil {
		return fr.builtinFailed(err)
	}
	switch {
	case b.relation:
		fr.l[b.target] = ast.ArrayTerm(append([]*ast.Term(nil), m.answers...)...)
	case m.result != nil:
		fr.l[b.target] = m.result
	case !b.void:
		return undefined
	}
	return next
}

// builtinFailed tells errors that end the evaluation from those that leave the call undefined.
func (fr *frame) builtinFailed(err error) signal {
	var stop topdown.Halt
	if errors.As(err, &stop) {
		return fr.halt(stop.Err)
	}
	if fr.m.context.Cancel.Cancelled() {
		return fr.halt(canceled())
	}
	if fr.m.fault == nil {
		fr.m.fault = err
	}
	fr.m.faults++
	return undefined
}
