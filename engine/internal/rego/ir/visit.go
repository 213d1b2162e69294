package ir

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ir"
)

// Invariant: Visit passes every component of every type of statement that OPA's planner emits, but for its location.

// Visitor receives the components of a statement, as pointers into it.
type Visitor interface {
	Source(*ir.Operand)       // a value that is read
	SourceLocal(*ir.Local)    // a local that is read
	Sources(*[]ir.Operand)    // the arguments of a call, or the path of a dynamic one
	SourceLocals(*[]ir.Local) // the arguments of a dynamic call
	Target(*ir.Local)         // a local that is written, or that holds a collection which is added to
	Block(**ir.Block)         // a nested block
	Blocks(*[]*ir.Block)      // nested blocks, of which each begins where the one before ends
	Constant(component any)   // a *string, *int, *int32, *int64, *uint32 or *[]int
}

// Visit passes the components of a statement to v, always in the same order. It reports whether it knows the type of the statement.
func Visit(s ir.Stmt, v Visitor) bool {
	return visitControl(s, v) || visitTest(s, v) || visitMake(s, v) || visitMove(s, v)
}

// visitControl visits statements that direct the evaluation.
func visitControl(s ir.Stmt, v Visitor) bool {
	switch s := s.(type) {
	case *ir.BlockStmt:
		v.Blocks(&s.Blocks)
	case *ir.BreakStmt:
		v.Constant(&s.Index)
	case *ir.CallDynamicStmt:
		v.SourceLocals(&s.Args)
		v.Target(&s.Result)
		v.Sources(&s.Path)
	case *ir.CallStmt:
		v.Constant(&s.Func)
		v.Sources(&s.Args)
		v.Target(&s.Result)
	case *ir.NopStmt:
	case *ir.NotStmt:
		v.Block(&s.Block)
	case *ir.ReturnLocalStmt:
		v.SourceLocal(&s.Source)
	case *ir.ResultSetAddStmt:
		v.SourceLocal(&s.Value)
	case *ir.ScanStmt:
		v.SourceLocal(&s.Source)
		v.Target(&s.Key)
		v.Target(&s.Value)
		v.Block(&s.Block)
	case *ir.WithStmt:
		v.Target(&s.Local)
		v.Constant(&s.Path)
		v.Source(&s.Value)
		v.Block(&s.Block)
	default:
		return false
	}
	return true
}

// visitTest visits statements that end their block if a condition does not hold.
func visitTest(s ir.Stmt, v Visitor) bool {
	switch s := s.(type) {
	case *ir.EqualStmt:
		v.Source(&s.A)
		v.Source(&s.B)
	case *ir.NotEqualStmt:
		v.Source(&s.A)
		v.Source(&s.B)
	case *ir.IsArrayStmt:
		v.Source(&s.Source)
	case *ir.IsObjectStmt:
		v.Source(&s.Source)
	case *ir.IsSetStmt:
		v.Source(&s.Source)
	case *ir.IsDefinedStmt:
		v.SourceLocal(&s.Source)
	case *ir.IsUndefinedStmt:
		v.SourceLocal(&s.Source)
	default:
		return false
	}
	return true
}

// visitMake visits statements that write a value which depends on no other.
func visitMake(s ir.Stmt, v Visitor) bool {
	switch s := s.(type) {
	case *ir.AssignIntStmt:
		v.Constant(&s.Value)
		v.Target(&s.Target)
	case *ir.MakeArrayStmt:
		v.Constant(&s.Capacity)
		v.Target(&s.Target)
	case *ir.MakeNullStmt:
		v.Target(&s.Target)
	case *ir.MakeNumberIntStmt:
		v.Constant(&s.Value)
		v.Target(&s.Target)
	case *ir.MakeNumberRefStmt:
		v.Constant(&s.Index)
		v.Target(&s.Target)
	case *ir.MakeObjectStmt:
		v.Target(&s.Target)
	case *ir.MakeSetStmt:
		v.Target(&s.Target)
	case *ir.ResetLocalStmt:
		v.Target(&s.Target)
	default:
		return false
	}
	return true
}

// visitMove visits statements that write a value which depends on others.
func visitMove(s ir.Stmt, v Visitor) bool {
	switch s := s.(type) {
	case *ir.ArrayAppendStmt:
		v.Source(&s.Value)
		v.Target(&s.Array)
	case *ir.AssignVarOnceStmt:
		v.Source(&s.Source)
		v.Target(&s.Target)
	case *ir.AssignVarStmt:
		v.Source(&s.Source)
		v.Target(&s.Target)
	case *ir.DotStmt:
		v.Source(&s.Source)
		v.Source(&s.Key)
		v.Target(&s.Target)
	case *ir.LenStmt:
		v.Source(&s.Source)
		v.Target(&s.Target)
	case *ir.ObjectInsertOnceStmt:
		v.Source(&s.Key)
		v.Source(&s.Value)
		v.Target(&s.Object)
	case *ir.ObjectInsertStmt:
		v.Source(&s.Key)
		v.Source(&s.Value)
		v.Target(&s.Object)
	case *ir.ObjectMergeStmt:
		v.SourceLocal(&s.A)
		v.SourceLocal(&s.B)
		v.Target(&s.Target)
	case *ir.SetAddStmt:
		v.Source(&s.Value)
		v.Target(&s.Set)
	default:
		return false
	}
	return true
}

// Parts are the components of a statement by what it does with them. It can be used for one statement after another.
type Parts struct {
	Reads  []ir.Operand
	Writes []ir.Local
	Nested []*ir.Block
}

// Of returns the components of a statement, in place of those of the last one. Those of statements in nested blocks are not among them.
func (p *Parts) Of(s ir.Stmt) *Parts {
	p.Reads, p.Writes, p.Nested = p.Reads[:0], p.Writes[:0], p.Nested[:0]
	Visit(s, (*collector)(p))
	return p
}

// collector is the [Visitor] that collects parts.
type collector Parts

func (p *collector) Source(o *ir.Operand)       { p.Reads = append(p.Reads, *o) }
func (p *collector) SourceLocal(l *ir.Local)    { p.Reads = append(p.Reads, ir.Operand{Value: *l}) }
func (p *collector) Sources(list *[]ir.Operand) { p.Reads = append(p.Reads, *list...) }
func (p *collector) Target(l *ir.Local)         { p.Writes = append(p.Writes, *l) }
func (p *collector) Block(b **ir.Block)         { p.Nested = append(p.Nested, *b) }
func (p *collector) Blocks(list *[]*ir.Block)   { p.Nested = append(p.Nested, *list...) }
func (p *collector) Constant(any)               {}

func (p *collector) SourceLocals(list *[]ir.Local) {
	for i := range *list {
		p.SourceLocal(&(*list)[i])
	}
}

// Walk calls visit for each statement of the blocks, and then for those in the blocks nested in it.
func Walk(blocks []*ir.Block, visit func(ir.Stmt)) {
	for _, b := range blocks {
		walk(b, visit)
	}
}

func walk(b *ir.Block, visit func(ir.Stmt)) {
	for _, s := range b.Stmts {
		visit(s)
		switch s := s.(type) {
		case *ir.BlockStmt:
			Walk(s.Blocks, visit)
		case *ir.NotStmt:
			walk(s.Block, visit)
		case *ir.ScanStmt:
			walk(s.Block, visit)
		case *ir.WithStmt:
			walk(s.Block, visit)
		}
	}
}

// Targets calls visit for each local that a statement writes, those of nested blocks included.
func (p *Parts) Targets(s ir.Stmt, visit func(ir.Local)) {
	note := func(s ir.Stmt) {
		for _, l := range p.Of(s).Writes {
			visit(l)
		}
	}
	note(s)
	if len(p.Nested) > 0 {
		Walk(slices.Clone(p.Nested), note)
	}
}
