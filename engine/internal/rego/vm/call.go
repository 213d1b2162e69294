package vm

import (
	"github.com/open-policy-agent/opa/v1/ast"
	opair "github.com/open-policy-agent/opa/v1/ir"

	"github.com/posture-score/posture/engine/internal/rego/ir"
)

// Invariant: a call that is undefined writes no register, and ends its block.

// call compiles a call of a function of the plan or of a built-in function.
func (c *compiler) call(s *opair.CallStmt) (instr, error) {
	if !c.program.plan.Has(s.Func) {
		return c.builtin(s)
	}
	f, err := c.program.function(s.Func)
	if err != nil {
		return nil, err
	}
	if len(s.Args) != len(f.params) {
		return nil, &ir.Unsupported{Construct: "a call with another number of arguments than " + f.ref + " takes", Location: c.program.plan.Location(s)}
	}
	// The first two are input and data, which the machine holds.
	args := make([]operand, 0, len(s.Args)-2)
	for _, a := range s.Args[2:] {
		args = append(args, c.operand(a))
	}
	if target, ok := c.viewedOperand(c.original(s.Result)); ok {
		return callView(f, args, target), nil
	}
	target := c.local(s.Result)
	return func(fr *frame) signal {
		v, ok := fr.m.call(f, args, fr)
		switch {
		case !ok:
			return halted
		case v == nil:
			return undefined
		}
		fr.l[target] = v
		return next
	}, nil
}

// callView calls a function whose result may be a view.
func callView(f *function, args []operand, target operand) instr {
	return func(fr *frame) signal {
		v, t, ok := fr.m.show(f, args, fr)
		switch {
		case !ok:
			return halted
		case v != nil:
			return fr.view(&target, v)
		case t == nil:
			return undefined
		}
		fr.term(&target, t)
		return next
	}
}

// callDynamic compiles a call of a rule whose path is known only when it is made.
func (c *compiler) callDynamic(s *opair.CallDynamicStmt) (instr, error) {
	callable := map[string]*function{}
	for _, name := range c.program.plan.Candidates(s).Functions() {
		f, err := c.program.function(name)
		if err != nil {
			return nil, err
		}
		callable[name] = f
	}
	path := make([]operand, len(s.Path))
	for i, step := range s.Path {
		path[i] = c.operand(step)
	}
	root, target := c.program.plan.Root(), c.local(s.Result)
	return func(fr *frame) signal {
		f := callable[lookUp(fr, root, path)]
		if f == nil {
			return undefined
		}
		v, ok := fr.m.call(f, nil, fr)
		switch {
		case !ok:
			return halted
		case v == nil:
			return undefined
		}
		fr.l[target] = v
		return next
	}, nil
}

// lookUp returns the name of the function at a path, or "".
func lookUp(fr *frame, at *ir.Node, path []operand) string {
	for i := range path {
		t := path[i].get(fr)
		if t == nil {
			return ""
		}
		step, ok := t.Value.(ast.String)
		if !ok {
			return ""
		}
		if at = at.Child(string(step)); at == nil {
			return ""
		}
	}
	return at.Function
}
