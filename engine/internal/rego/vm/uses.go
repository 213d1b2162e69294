package vm

import "github.com/open-policy-agent/opa/v1/ir"

// Invariant: a function that is not said to use something gives the same, whatever that is.

// uses is what a function uses of what it is given: by itself or, after spread, by what it calls.
type uses struct {
	input      bool
	parameters bool // data.parameters, in which worlds differ where everything else is the same
	replaces   bool // it replaces documents
	dynamic    bool // it calls what only the evaluation tells
	calls      []string
}

// parameters is where worlds differ.
const parameters = "parameters"

// spread has every function use what those that it calls use.
func spread(all map[string]uses) {
	for changed := true; changed; {
		changed = false
		for name, u := range all {
			more := u
			for _, called := range u.calls {
				c := all[called]
				more.input, more.parameters = more.input || c.input, more.parameters || c.parameters
				more.replaces, more.dynamic = more.replaces || c.replaces, more.dynamic || c.dynamic
			}
			if more.input != u.input || more.parameters != u.parameters || more.replaces != u.replaces || more.dynamic != u.dynamic {
				all[name], changed = more, true
			}
		}
	}
}

// uses walks the statements of a function.
func (p *Plan) uses(f *ir.Func) uses {
	v := &usesVisitor{plan: p, given: f.Params[0], data: f.Params[1]}
	for _, b := range f.Blocks {
		v.block(b)
	}
	return v.uses
}

type usesVisitor struct {
	uses
	plan        *Plan
	given, data ir.Local // the input and the data
}

func (v *usesVisitor) block(b *ir.Block) {
	for _, s := range b.Stmts {
		v.statement(s)
	}
}

func (v *usesVisitor) statement(s ir.Stmt) {
	switch s := s.(type) {
	case *ir.BlockStmt:
		for _, b := range s.Blocks {
			v.block(b)
		}
	case *ir.ScanStmt:
		v.read(ir.Operand{Value: s.Source})
		v.block(s.Block)
	case *ir.NotStmt:
		v.block(s.Block)
	case *ir.WithStmt:
		v.replaces = true
		v.read(s.Value)
		v.block(s.Block)
	case *ir.CallDynamicStmt:
		v.dynamic = true
		v.calls = append(v.calls, v.plan.dynamic(s).below()...)
	case *ir.DotStmt:
		if name, ok := s.Key.Value.(ir.StringIndex); ok && s.Source.Value == ir.Val(v.data) {
			v.parameters = v.parameters || v.plan.string(name) == parameters
			return
		}
		v.read(s.Source)
		v.read(s.Key)
	case *ir.CallStmt:
		args := s.Args
		if v.plan.funcs[s.Func] != nil {
			v.calls = append(v.calls, s.Func)
			args = args[2:] // the first two are input and data
		}
		for _, a := range args {
			v.read(a)
		}
	default:
		for _, o := range operands(s) {
			v.read(o)
		}
	}
}

// read notes an operand: all of a document may be read where it goes.
func (v *usesVisitor) read(o ir.Operand) {
	l, ok := o.Value.(ir.Local)
	v.input = v.input || ok && l == v.given
	v.parameters = v.parameters || ok && l == v.data
}

// operands are what a simple statement reads.
func operands(s ir.Stmt) []ir.Operand {
	local := func(l ...ir.Local) []ir.Operand {
		list := make([]ir.Operand, len(l))
		for i := range l {
			list[i].Value = l[i]
		}
		return list
	}
	switch s := s.(type) {
	case *ir.DotStmt:
		return []ir.Operand{s.Source, s.Key}
	case *ir.LenStmt:
		return []ir.Operand{s.Source}
	case *ir.AssignVarStmt:
		return []ir.Operand{s.Source}
	case *ir.AssignVarOnceStmt:
		return []ir.Operand{s.Source}
	case *ir.EqualStmt:
		return []ir.Operand{s.A, s.B}
	case *ir.NotEqualStmt:
		return []ir.Operand{s.A, s.B}
	case *ir.IsArrayStmt:
		return []ir.Operand{s.Source}
	case *ir.IsObjectStmt:
		return []ir.Operand{s.Source}
	case *ir.IsSetStmt:
		return []ir.Operand{s.Source}
	case *ir.ArrayAppendStmt:
		return []ir.Operand{s.Value}
	case *ir.ObjectInsertStmt:
		return []ir.Operand{s.Key, s.Value}
	case *ir.ObjectInsertOnceStmt:
		return []ir.Operand{s.Key, s.Value}
	case *ir.SetAddStmt:
		return []ir.Operand{s.Value}
	case *ir.IsDefinedStmt:
		return local(s.Source)
	case *ir.IsUndefinedStmt:
		return local(s.Source)
	case *ir.ReturnLocalStmt:
		return local(s.Source)
	case *ir.ResultSetAddStmt:
		return local(s.Value)
	case *ir.ObjectMergeStmt:
		return local(s.A, s.B)
	}
	return nil
}

// dynamic is the branch of the tree under which a dynamic call finds its function, as far as its path is known.
func (p *Plan) dynamic(s *ir.CallDynamicStmt) *branch {
	at := p.tree
	for _, step := range s.Path {
		i, ok := step.Value.(ir.StringIndex)
		if !ok {
			return at
		}
		if at = at.children[p.string(i)]; at == nil {
			return &branch{}
		}
	}
	return at
}
