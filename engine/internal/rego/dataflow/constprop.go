package dataflow

import (
	"maps"

	"github.com/open-policy-agent/opa/v1/ast"
	opair "github.com/open-policy-agent/opa/v1/ir"

	"github.com/posture-score/posture/engine/internal/rego/ir"
)

// Invariant: a local counts as invariant only where every path to that point writes the same value to it for every input: constants,
// data at constant paths, and what is built from such values alone.

// InvariantCalls returns the calls of built-in functions in f whose arguments, and so results, are the same for every input.
func InvariantCalls(plan *ir.Plan, f *opair.Func) map[*opair.CallStmt]bool {
	p := &constprop{plan: plan, data: f.Params[1], nested: MutatesNested(f), invariant: map[opair.Local]bool{}, calls: map[*opair.CallStmt]bool{}}
	for _, b := range f.Blocks {
		p.block(b)
	}
	return p.calls
}

// constprop propagates invariance through a function, in the order of its statements.
type constprop struct {
	plan      *ir.Plan
	data      opair.Local
	nested    bool // see [MutatesNested]: objects and sets may change without being written
	invariant map[opair.Local]bool
	calls     map[*opair.CallStmt]bool
	parts     ir.Parts
}

// block is a scope: what becomes invariant in it is so in it alone, and what it writes is not invariant after it, since it may end before
// it has written.
func (p *constprop) block(b *opair.Block) {
	outer := maps.Clone(p.invariant)
	for _, s := range b.Stmts {
		switch s := s.(type) {
		case *opair.BlockStmt:
			for _, nested := range s.Blocks {
				p.block(nested)
			}
		case *opair.NotStmt:
			p.block(s.Block)
		case *opair.ScanStmt:
			p.kill(s) // an earlier iteration may have written them
			p.block(s.Block)
		case *opair.WithStmt:
			p.block(s.Block)
		}
		p.transfer(s)
	}
	p.invariant = outer
	for _, s := range b.Stmts {
		p.kill(s)
	}
}

// kill makes the locals that a statement writes not invariant.
func (p *constprop) kill(s opair.Stmt) {
	p.parts.Targets(s, func(l opair.Local) { delete(p.invariant, l) })
}

// transfer applies a statement.
func (p *constprop) transfer(s opair.Stmt) {
	switch s := s.(type) {
	case *opair.MakeObjectStmt:
		p.invariant[s.Target] = !p.nested
	case *opair.MakeSetStmt:
		p.invariant[s.Target] = !p.nested
	case *opair.MakeNullStmt, *opair.MakeNumberIntStmt, *opair.MakeNumberRefStmt, *opair.MakeArrayStmt, *opair.DotStmt, *opair.AssignVarStmt:
		parts := p.parts.Of(s)
		p.invariant[parts.Writes[0]] = p.all(parts.Reads)
	case *opair.ArrayAppendStmt, *opair.ObjectInsertStmt, *opair.SetAddStmt:
		parts := p.parts.Of(s)
		p.invariant[parts.Writes[0]] = p.invariant[parts.Writes[0]] && p.all(parts.Reads)
	case *opair.CallStmt:
		declared := ast.BuiltinMap[s.Func]
		p.calls[s] = !p.plan.Has(s.Func) && declared != nil && !nondeterministic(s.Func) && p.all(s.Args)
		p.invariant[s.Result] = p.calls[s]
	case *opair.BlockStmt:
		p.kill(s)
		for _, step := range lookup(s) {
			p.transfer(step)
		}
	default:
		p.kill(s)
	}
}

// all reports whether operands are invariant.
func (p *constprop) all(operands []opair.Operand) bool {
	for _, o := range operands {
		if l, ok := o.Value.(opair.Local); ok && l != p.data && !p.invariant[l] {
			return false
		}
	}
	return true
}

// lookup returns the statements of a block that looks up a path in a document: evaluation goes on after it only if all of them have run.
// OPA plans it as a block that is left by a break at the end of another within it, and by the break after that if anything is missing.
func lookup(s *opair.BlockStmt) []opair.Stmt {
	if len(s.Blocks) != 1 || len(s.Blocks[0].Stmts) != 2 {
		return nil
	}
	nested, ok := s.Blocks[0].Stmts[0].(*opair.BlockStmt)
	if !ok || len(nested.Blocks) != 1 || !breaksOne(s.Blocks[0].Stmts[1]) {
		return nil
	}
	steps := nested.Blocks[0].Stmts
	if len(steps) == 0 || !breaksOne(steps[len(steps)-1]) {
		return nil
	}
	steps = steps[:len(steps)-1]
	for _, step := range steps {
		if _, ok := step.(*opair.DotStmt); !ok {
			return nil
		}
	}
	return steps
}

func breaksOne(s opair.Stmt) bool {
	b, ok := s.(*opair.BreakStmt)
	return ok && b.Index == 1
}

// MutatesNested reports whether a function adds to objects or sets that it took out of others, so that those change with them.
func MutatesNested(f *opair.Func) bool {
	taken, mutated := map[opair.Local]bool{}, map[opair.Local]bool{}
	ir.Walk(f.Blocks, func(s opair.Stmt) {
		switch s := s.(type) {
		case *opair.DotStmt:
			taken[s.Target] = true
		case *opair.ObjectInsertStmt:
			mutated[s.Object] = true
		case *opair.ObjectInsertOnceStmt:
			mutated[s.Object] = true
		case *opair.SetAddStmt:
			mutated[s.Set] = true
		}
	})
	for l := range mutated {
		if taken[l] {
			return true
		}
	}
	return false
}
