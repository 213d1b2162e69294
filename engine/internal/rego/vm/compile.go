package vm

import (
	opair "github.com/open-policy-agent/opa/v1/ir"

	"github.com/posture-score/posture/engine/internal/rego/dataflow"
	"github.com/posture-score/posture/engine/internal/rego/ir"
)

// Invariant: every statement that OPA's planner emits has one case here, and anything else is an error: nothing is skipped.

// compiler compiles one function.
type compiler struct {
	program   *Program
	f         *function
	locals    int
	arrays    map[opair.Local]int  // arrays that the function appends to
	stored    map[opair.Local]bool // values found in data by a path, as far as compiled
	invariant map[*opair.CallStmt]bool
	registers registers
	uses      *uses // nil if registers are not simplified

	conditional, merged bool // the statement is followed by its condition, which became part of it
}

func newCompiler(g *Program, f *function) *compiler {
	c := &compiler{
		program: g, f: f, arrays: map[opair.Local]int{}, stored: map[opair.Local]bool{}, invariant: dataflow.InvariantCalls(g.plan, f.source),
	}
	ir.Walk(f.source.Blocks, func(s opair.Stmt) {
		if s, ok := s.(*opair.ArrayAppendStmt); ok {
			if _, known := c.arrays[s.Array]; !known {
				c.arrays[s.Array] = len(c.arrays)
			}
		}
	})
	c.assignRegisters()
	for _, l := range f.params {
		c.local(l)
	}
	c.local(f.source.Return)
	return c
}

// local returns the register of a local.
func (c *compiler) local(l opair.Local) int {
	l = c.original(l)
	c.locals = max(c.locals, int(l)+1)
	return int(l)
}

func (c *compiler) block(b *opair.Block) (*block, error) {
	instrs := make([]instr, 0, len(b.Stmts))
	for i := 0; i < len(b.Stmts); i++ {
		s := b.Stmts[i]
		if _, nothing := s.(*opair.NopStmt); nothing || c.vanishes(s) {
			continue
		}
		if literal, taken := c.literal(b.Stmts[i:]); taken > 0 {
			instrs = append(instrs, literal...)
			i += taken - 1
			continue
		}
		c.conditional, c.merged = c.isCondition(b.Stmts[i:]), false
		o, err := c.statement(s)
		if err != nil {
			return nil, err
		}
		if c.merged {
			i++
		}
		c.conditional, c.merged = false, false
		o = c.lift(s, o)
		if c.program.partial {
			o = c.guarded(s, o)
		}
		instrs = append(instrs, o)
	}
	return &block{instrs, c.steps(b)}, nil
}

// stepsOfBuiltin is what a call of a built-in function counts, whatever its operands.
const stepsOfBuiltin = 8

// steps returns how many steps the statements of a block count, without those within them.
func (c *compiler) steps(b *opair.Block) int64 {
	n := int64(len(b.Stmts))
	for _, s := range b.Stmts {
		if call, ok := s.(*opair.CallStmt); ok && !c.program.plan.Has(call.Func) {
			n += stepsOfBuiltin - 1
		}
	}
	return n
}

// statement compiles statements that direct the evaluation; value compiles the others.
func (c *compiler) statement(s opair.Stmt) (instr, error) {
	switch s := s.(type) {
	case *opair.BlockStmt:
		return c.blocks(s)
	case *opair.BreakStmt:
		return c.breakOut(s), nil
	case *opair.ScanStmt:
		return c.scan(s)
	case *opair.NotStmt:
		return c.not(s)
	case *opair.WithStmt:
		return c.with(s)
	case *opair.ReturnLocalStmt:
		return c.returnLocal(s), nil
	case *opair.ResultSetAddStmt:
		return c.addResult(s), nil
	case *opair.CallStmt:
		return c.call(s)
	case *opair.CallDynamicStmt:
		return c.callDynamic(s)
	}
	if o := c.value(s); o != nil {
		return o, nil
	}
	return nil, c.program.plan.UnsupportedStmt(s)
}

// value compiles statements that read and write registers; nil stands for any other statement.
func (c *compiler) value(s opair.Stmt) instr {
	switch s := s.(type) {
	case *opair.DotStmt:
		return c.dot(s)
	case *opair.LenStmt:
		return c.length(s)
	case *opair.EqualStmt:
		return c.equal(s.A, s.B, true)
	case *opair.NotEqualStmt:
		return c.equal(s.A, s.B, false)
	case *opair.IsArrayStmt:
		return c.is(s.Source, isArray)
	case *opair.IsObjectStmt:
		return c.is(s.Source, isObject)
	case *opair.IsSetStmt:
		return c.is(s.Source, isSet)
	case *opair.IsDefinedStmt:
		return c.defined(s.Source, true)
	case *opair.IsUndefinedStmt:
		return c.defined(s.Source, false)
	case *opair.AssignVarStmt:
		return c.assign(s.Source, s.Target)
	case *opair.AssignVarOnceStmt:
		return c.assignOnce(s)
	case *opair.AssignIntStmt:
		return c.set(s.Target, integer(s.Value))
	case *opair.ResetLocalStmt:
		return c.reset(s.Target)
	}
	return c.collection(s)
}
