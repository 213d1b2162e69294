package dataflow

import (
	"maps"
	"slices"

	opair "github.com/open-policy-agent/opa/v1/ir"

	"github.com/posture-score/posture/engine/internal/rego/ir"
)

// Invariant: what a loop over a list does for an element outside of the domain follows from the
// element alone, and doing it once more, or in another order, changes nothing: it adds to sets,
// sets a local to a constant, or does nothing.

// loop is what an analysis knows of a loop.
type loop struct {
	function *opair.Func
	source   locSet
}

// usedAsSet reports whether all loops over a list treat its elements as those of a set, as long as
// the given fields of an element are outside of their domains. Other uses of the list have been
// ruled out.
func (a *analysis) usedAsSet(list *loc, fields map[string]bool) bool {
	for s, l := range a.loops {
		if slices.Contains(l.source, list) && !newLoopBody(a.graph.plan, l.function, s, fields).block(s.Block, 1) {
			return false
		}
	}
	return true
}

// loopBody checks the body of a loop.
type loopBody struct {
	plan    *ir.Plan
	fields  map[string]bool       // that have a domain
	outside map[opair.Local]bool  // locals that are used outside of the loop
	changed map[opair.Local]bool  // locals that the body writes, or to which it adds
	bound   map[opair.Local]value // what this iteration has written
	parts   ir.Parts
}

// value is what a local holds in an iteration.
type value struct {
	element bool   // the element of the list
	index   bool   // its index
	field   string // a field of it
	made    bool   // a collection that this iteration made
}

func newLoopBody(plan *ir.Plan, f *opair.Func, s *opair.ScanStmt, fields map[string]bool) *loopBody {
	b := &loopBody{plan: plan, fields: fields, outside: map[opair.Local]bool{f.Return: true}, changed: map[opair.Local]bool{}}
	b.bound = map[opair.Local]value{s.Value: {element: true}, s.Key: {index: true}}
	within := uses([]*opair.Block{s.Block})
	for l, n := range uses(f.Blocks) {
		b.outside[l] = b.outside[l] || n > within[l]
	}
	ir.Walk([]*opair.Block{s.Block}, func(s opair.Stmt) {
		for _, l := range b.parts.Of(s).Writes {
			b.changed[l] = true
		}
	})
	return b
}

// uses counts the statements that read a local, or that depend on what it holds.
func uses(blocks []*opair.Block) map[opair.Local]int {
	counts := map[opair.Local]int{}
	var parts ir.Parts
	ir.Walk(blocks, func(s opair.Stmt) {
		for _, o := range parts.Of(s).Reads {
			if l, ok := o.Value.(opair.Local); ok {
				counts[l]++
			}
		}
		if adds(s) {
			for _, l := range parts.Writes {
				counts[l]++
			}
		}
	})
	return counts
}

// adds reports whether the target of a statement is what it was, with something added, or compared
// with something.
func adds(s opair.Stmt) bool {
	switch s.(type) {
	case *opair.ArrayAppendStmt, *opair.ObjectInsertStmt, *opair.ObjectInsertOnceStmt, *opair.SetAddStmt, *opair.AssignVarOnceStmt:
		return true
	}
	return false
}

// block checks a block that is so many blocks deep in the body, up to a statement that no element
// outside of the domain passes.
func (b *loopBody) block(block *opair.Block, depth int) bool {
	before := maps.Clone(b.bound)
	defer func() { b.bound = before }()
	for i, s := range block.Stmts {
		if !b.harmless(s, depth) {
			return false
		}
		if b.excludes(block.Stmts, i) {
			return true
		}
		b.bind(s)
	}
	return true
}

// harmless reports whether what a statement does depends neither on other iterations nor on the
// place of this one among them.
func (b *loopBody) harmless(s opair.Stmt, depth int) bool {
	switch s := s.(type) {
	case *opair.BlockStmt:
		return !slices.ContainsFunc(s.Blocks, func(nested *opair.Block) bool { return !b.block(nested, depth+1) })
	case *opair.NotStmt:
		return b.block(s.Block, depth+1)
	case *opair.ScanStmt:
		return b.reads(s) && b.nested(s, depth+2)
	case *opair.BreakStmt:
		return int(s.Index) < depth // it does not end the loop
	case *opair.ReturnLocalStmt, *opair.ResultSetAddStmt, *opair.WithStmt:
		return false
	case *opair.SetAddStmt, *opair.AssignIntStmt, *opair.MakeNullStmt, *opair.MakeNumberIntStmt, *opair.MakeNumberRefStmt:
		return b.reads(s)
	case *opair.AssignVarOnceStmt:
		_, local := s.Source.Value.(opair.Local)
		return !local
	}
	if !b.reads(s) {
		return false
	}
	for _, l := range b.parts.Writes {
		if adds(s) && !b.bound[l].made || !adds(s) && b.outside[l] {
			return false
		}
	}
	return true
}

// reads reports whether a statement reads nothing that another iteration may have written, and does
// nothing with the index but copy it.
func (b *loopBody) reads(s opair.Stmt) bool {
	_, copies := s.(*opair.AssignVarStmt)
	for _, o := range b.parts.Of(s).Reads {
		l, ok := o.Value.(opair.Local)
		if !ok {
			continue
		}
		if held, bound := b.bound[l]; held.index && !copies || !bound && b.changed[l] {
			return false
		}
	}
	return true
}

// nested checks a loop within the body.
func (b *loopBody) nested(s *opair.ScanStmt, depth int) bool {
	before := maps.Clone(b.bound)
	defer func() { b.bound = before }()
	b.bound[s.Key], b.bound[s.Value] = value{}, value{}
	return b.block(s.Block, depth)
}

// excludes reports whether a statement of a block fails for elements outside of the domain: it asks
// whether a field is something else.
func (b *loopBody) excludes(stmts []opair.Stmt, i int) bool {
	switch s := stmts[i].(type) {
	case *opair.EqualStmt:
		return b.compared(s.A) || b.compared(s.B)
	case *opair.DotStmt:
		return b.compared(s.Key)
	case *opair.NotEqualStmt:
		call := memberTest(stmts, i)
		return call != nil && b.compared(call.Args[0])
	}
	return false
}

// compared reports whether an operand is a field of the element that has a domain.
func (b *loopBody) compared(o opair.Operand) bool {
	l, ok := o.Value.(opair.Local)
	return ok && b.fields[b.bound[l].field]
}

// bind notes what a statement has written.
func (b *loopBody) bind(s opair.Stmt) {
	switch s := s.(type) {
	case *opair.AssignVarStmt:
		l, _ := s.Source.Value.(opair.Local)
		b.bound[s.Target] = b.bound[l]
	case *opair.DotStmt:
		b.bound[s.Target] = b.part(s)
	case *opair.BlockStmt:
		for _, step := range lookup(s) {
			b.bind(step)
		}
	case *opair.MakeArrayStmt, *opair.MakeObjectStmt, *opair.MakeSetStmt:
		b.bound[b.parts.Of(s).Writes[0]] = value{made: true}
	case *opair.NotStmt, *opair.ScanStmt:
	default:
		if !adds(s) {
			for _, l := range b.parts.Of(s).Writes {
				b.bound[l] = value{}
			}
		}
	}
}

// part returns what a statement reads out of a value.
func (b *loopBody) part(s *opair.DotStmt) value {
	from, _ := s.Source.Value.(opair.Local)
	if name, ok := b.plan.Constant(s.Key); ok && b.bound[from].element {
		return value{field: name}
	}
	return value{}
}
