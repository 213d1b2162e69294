package vm

import (
	"maps"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/ir"
)

// Invariant: a register counts as fixed only where each way there writes the same value to it for every input: constants, what stands
// in the data at a constant path, and what is made of such values alone.

// fixed are the registers of a function whose value depends on nothing but the data, as far as it is compiled.
type fixed map[ir.Local]bool

// within begins a block: what becomes fixed in it is so in it alone, and what it writes is not after it, since it may end before it
// has written. The function returned ends it.
func (c *compiler) within(b *ir.Block) func() {
	outside := maps.Clone(c.fixed)
	return func() {
		c.fixed = outside
		c.loosen(writesOf(b))
	}
}

// loosen makes registers not fixed.
func (c *compiler) loosen(list []ir.Local) {
	for _, l := range list {
		c.fixed[l] = false
	}
}

// fix notes what a statement does to registers.
func (c *compiler) fix(s ir.Stmt) {
	switch s := s.(type) {
	case *ir.MakeNullStmt:
		c.fixed[s.Target] = true
	case *ir.MakeNumberIntStmt:
		c.fixed[s.Target] = true
	case *ir.MakeNumberRefStmt:
		c.fixed[s.Target] = true
	case *ir.MakeArrayStmt:
		c.fixed[s.Target] = true
	case *ir.ArrayAppendStmt:
		c.fixed[s.Array] = c.fixed[s.Array] && c.isFixed(s.Value)
	case *ir.DotStmt:
		c.fixed[s.Target] = c.isFixed(s.Source) && c.isFixed(s.Key)
	case *ir.AssignVarStmt:
		c.fixed[s.Target] = c.isFixed(s.Source)
	case *ir.CallStmt:
		c.fixed[s.Result] = c.fixedCall(s)
	case *ir.BlockStmt:
		c.loosen(writes(s))
		for _, inner := range reference(s) {
			c.fix(inner)
		}
	default:
		c.loosen(writes(s))
	}
}

// reference returns the statements of a block that looks up a document: evaluation goes on after it only if all of them have run.
// OPA plans it as a block that is left by a break at the end of another within it, and by the break after that if anything is missing.
func reference(s *ir.BlockStmt) []ir.Stmt {
	if len(s.Blocks) != 1 || len(s.Blocks[0].Stmts) != 2 {
		return nil
	}
	nested, ok := s.Blocks[0].Stmts[0].(*ir.BlockStmt)
	if !ok || len(nested.Blocks) != 1 || !leavesOne(s.Blocks[0].Stmts[1]) {
		return nil
	}
	inner := nested.Blocks[0].Stmts
	if len(inner) == 0 || !leavesOne(inner[len(inner)-1]) {
		return nil
	}
	inner = inner[:len(inner)-1]
	for _, step := range inner {
		if _, ok := step.(*ir.DotStmt); !ok {
			return nil
		}
	}
	return inner
}

func leavesOne(s ir.Stmt) bool {
	leave, ok := s.(*ir.BreakStmt)
	return ok && leave.Index == 1
}

// isFixed says whether an operand is the same for every input.
func (c *compiler) isFixed(o ir.Operand) bool {
	l, ok := o.Value.(ir.Local)
	return !ok || l == c.f.params[1] || c.fixed[l]
}

// fixedCall says whether a call gives the same for every input.
func (c *compiler) fixedCall(s *ir.CallStmt) bool {
	declared := ast.BuiltinMap[s.Func]
	if c.program.plan.funcs[s.Func] != nil || declared == nil || declared.Nondeterministic && s.Func != ast.NowNanos.Name {
		return false
	}
	for _, a := range s.Args {
		if !c.isFixed(a) {
			return false
		}
	}
	return true
}

// writes are the registers that a statement may write to, blocks within it included.
func writes(s ir.Stmt) []ir.Local {
	switch s := s.(type) {
	case *ir.LenStmt:
		return []ir.Local{s.Target}
	case *ir.AssignIntStmt:
		return []ir.Local{s.Target}
	case *ir.AssignVarStmt:
		return []ir.Local{s.Target}
	case *ir.AssignVarOnceStmt:
		return []ir.Local{s.Target}
	case *ir.ResetLocalStmt:
		return []ir.Local{s.Target}
	case *ir.MakeObjectStmt:
		return []ir.Local{s.Target}
	case *ir.MakeSetStmt:
		return []ir.Local{s.Target}
	case *ir.ObjectInsertStmt:
		return []ir.Local{s.Object}
	case *ir.ObjectInsertOnceStmt:
		return []ir.Local{s.Object}
	case *ir.ObjectMergeStmt:
		return []ir.Local{s.Target}
	case *ir.SetAddStmt:
		return []ir.Local{s.Set}
	case *ir.CallDynamicStmt:
		return []ir.Local{s.Result}
	case *ir.CallStmt:
		return []ir.Local{s.Result}
	case *ir.DotStmt:
		return []ir.Local{s.Target}
	case *ir.ArrayAppendStmt:
		return []ir.Local{s.Array}
	case *ir.MakeArrayStmt:
		return []ir.Local{s.Target}
	case *ir.MakeNullStmt:
		return []ir.Local{s.Target}
	case *ir.MakeNumberIntStmt:
		return []ir.Local{s.Target}
	case *ir.MakeNumberRefStmt:
		return []ir.Local{s.Target}
	case *ir.BlockStmt:
		var all []ir.Local
		for _, b := range s.Blocks {
			all = append(all, writesOf(b)...)
		}
		return all
	case *ir.ScanStmt:
		return append(writesOf(s.Block), s.Key, s.Value)
	case *ir.NotStmt:
		return writesOf(s.Block)
	case *ir.WithStmt:
		return append(writesOf(s.Block), s.Local)
	}
	return nil
}

func writesOf(b *ir.Block) []ir.Local {
	var all []ir.Local
	for _, s := range b.Stmts {
		all = append(all, writes(s)...)
	}
	return all
}

// once makes a call be made once in a world: of its result all that follows is the same for every input.
func (c *compiler) once(target int, call op) op {
	slot := c.program.once
	c.program.once++
	return func(fr *frame) signal {
		m := fr.m
		if m.world.data != m.data {
			return call(fr)
		}
		if t := m.once[slot]; t != nil {
			fr.l[target] = t
			return next
		}
		s := call(fr)
		if s == next {
			m.once[slot] = fr.l[target]
		}
		return s
	}
}
