package vm

import (
	"github.com/open-policy-agent/opa/v1/ir"
)

// Invariant: every statement that OPA's planner emits has one case here, and anything else is refused: nothing is skipped.

// compiler compiles one function.
type compiler struct {
	program *Program
	f       *function
	locals  int
	arrays  map[ir.Local]int  // the arrays that the function appends to
	taken   map[ir.Local]bool // what it takes out of collections
	changed map[ir.Local]bool // the objects and sets that it adds to
	stored  map[ir.Local]bool // what it found in data by a path, as far as compiled
	fixed   fixed
}

func newCompiler(g *Program, f *function) *compiler {
	c := &compiler{program: g, f: f, arrays: map[ir.Local]int{}, taken: map[ir.Local]bool{}, changed: map[ir.Local]bool{}, stored: map[ir.Local]bool{}, fixed: fixed{}}
	for _, l := range f.params {
		c.local(l)
	}
	c.local(f.source.Return)
	for _, b := range f.source.Blocks {
		c.survey(b)
	}
	for l := range c.changed {
		f.nested = f.nested || c.taken[l]
	}
	return c
}

// survey finds the arrays that the function builds, and whether it adds to collections that it took out of others.
func (c *compiler) survey(b *ir.Block) {
	for _, s := range b.Stmts {
		switch s := s.(type) {
		case *ir.ArrayAppendStmt:
			if _, ok := c.arrays[s.Array]; !ok {
				c.arrays[s.Array] = len(c.arrays)
			}
		case *ir.DotStmt:
			c.taken[s.Target] = true
		case *ir.ObjectInsertStmt:
			c.changed[s.Object] = true
		case *ir.ObjectInsertOnceStmt:
			c.changed[s.Object] = true
		case *ir.SetAddStmt:
			c.changed[s.Set] = true
		case *ir.BlockStmt:
			for _, b := range s.Blocks {
				c.survey(b)
			}
		case *ir.ScanStmt:
			c.survey(s.Block)
		case *ir.NotStmt:
			c.survey(s.Block)
		case *ir.WithStmt:
			c.survey(s.Block)
		}
	}
}

// local returns the register of a local.
func (c *compiler) local(l ir.Local) int {
	c.locals = max(c.locals, int(l)+1)
	return int(l)
}

func (c *compiler) block(b *ir.Block) ([]op, error) {
	defer c.within(b)()
	ops := make([]op, 0, len(b.Stmts))
	for i := 0; i < len(b.Stmts); i++ {
		s := b.Stmts[i]
		if _, nothing := s.(*ir.NopStmt); nothing {
			continue
		}
		if literal, taken := c.literal(b.Stmts[i:]); taken > 0 {
			ops = append(ops, literal...)
			i += taken - 1
			continue
		}
		o, err := c.statement(s)
		c.fix(s)
		if err != nil {
			return nil, err
		}
		if c.program.wary {
			o = c.guarded(s, o)
		}
		ops = append(ops, o)
	}
	return ops, nil
}

// statement compiles what steers the evaluation; the rest is in values.
func (c *compiler) statement(s ir.Stmt) (op, error) {
	switch s := s.(type) {
	case *ir.BlockStmt:
		return c.blocks(s)
	case *ir.BreakStmt:
		return c.leave(s), nil
	case *ir.ScanStmt:
		return c.scan(s)
	case *ir.NotStmt:
		return c.not(s)
	case *ir.WithStmt:
		return c.with(s)
	case *ir.ReturnLocalStmt:
		return c.giveBack(s), nil
	case *ir.ResultSetAddStmt:
		return c.addResult(s), nil
	case *ir.CallStmt:
		return c.call(s)
	case *ir.CallDynamicStmt:
		return c.callDynamic(s)
	}
	if o := c.value(s); o != nil {
		return o, nil
	}
	return nil, &Unsupported{Construct: construct(s), Place: c.program.plan.place(s.GetLocation())}
}

// value compiles what reads and writes registers; nil if it doesn't.
func (c *compiler) value(s ir.Stmt) op {
	switch s := s.(type) {
	case *ir.DotStmt:
		return c.dot(s)
	case *ir.LenStmt:
		return c.length(s)
	case *ir.EqualStmt:
		return c.equal(s.A, s.B, true)
	case *ir.NotEqualStmt:
		return c.equal(s.A, s.B, false)
	case *ir.IsArrayStmt:
		return c.is(s.Source, isArray)
	case *ir.IsObjectStmt:
		return c.is(s.Source, isObject)
	case *ir.IsSetStmt:
		return c.is(s.Source, isSet)
	case *ir.IsDefinedStmt:
		return c.defined(s.Source, true)
	case *ir.IsUndefinedStmt:
		return c.defined(s.Source, false)
	case *ir.AssignVarStmt:
		return c.assign(s.Source, s.Target)
	case *ir.AssignVarOnceStmt:
		return c.assignOnce(s)
	case *ir.AssignIntStmt:
		return c.set(s.Target, integer(s.Value))
	case *ir.ResetLocalStmt:
		return c.reset(s.Target)
	}
	return c.collection(s)
}
