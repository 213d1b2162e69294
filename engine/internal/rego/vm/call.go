package vm

import (
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/ir"
)

// Invariant: a call that is undefined writes no register, and ends the block that it stands in.

// call compiles a call of a function of the plan or of a built-in one.
func (c *compiler) call(s *ir.CallStmt) (op, error) {
	if c.program.plan.funcs[s.Func] == nil {
		return c.builtin(s)
	}
	f, err := c.program.function(s.Func)
	if err != nil {
		return nil, err
	}
	if len(s.Args) != len(f.params) {
		return nil, &Unsupported{Construct: "a call with another number of arguments than " + f.ref + " takes", Place: c.program.plan.place(s.GetLocation())}
	}
	// The first two are input and data, which the machine knows.
	args := make([]operand, 0, len(s.Args)-2)
	for _, a := range s.Args[2:] {
		args = append(args, c.operand(a))
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

// callDynamic compiles a call of a rule whose path is known only when it is made.
func (c *compiler) callDynamic(s *ir.CallDynamicStmt) (op, error) {
	tree := c.program.plan.dynamic(s)
	callable := map[string]*function{}
	for _, name := range tree.below() {
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
	root, target := c.program.plan.tree, c.local(s.Result)
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
func lookUp(fr *frame, at *branch, path []operand) string {
	for i := range path {
		t := path[i].get(fr)
		if t == nil {
			return ""
		}
		step, ok := t.Value.(ast.String)
		if !ok {
			return ""
		}
		if at = at.children[string(step)]; at == nil {
			return ""
		}
	}
	return at.function
}
