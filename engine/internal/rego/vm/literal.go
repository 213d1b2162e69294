package vm

import (
	"github.com/open-policy-agent/opa/v1/ast"
	opair "github.com/open-policy-agent/opa/v1/ir"

	"github.com/posture-score/posture/engine/internal/rego/ir"
)

// Invariant: a collection is made at compile time only if nothing but constants is put into it, and nothing is added later.

// literal compiles a collection of constants, which OPA plans as one statement that makes it and one for each element. It returns how many
// statements it consumed: 0 if they don't begin with such a collection. Those among them that make numbers still run, since later
// statements may read the numbers.
func (c *compiler) literal(stmts []opair.Stmt) ([]instr, int) {
	target, ok := allocates(stmts[0])
	if !ok || c.f.nested { // there other locals may hold the same collection
		return nil, 0
	}
	l := &literal{compiler: c, target: target, numbers: map[opair.Local]*ast.Term{}}
	count := 1
	for _, s := range stmts[1:] {
		if !l.consume(s) {
			break
		}
		count++
	}
	if l.size == 0 || adds(stmts[count:], target) {
		return nil, 0
	}
	register, t := c.local(target), l.term(stmts[0])
	l.instrs = append(l.instrs, func(fr *frame) signal {
		fr.l[register] = t
		return next
	})
	return l.instrs, count
}

// allocates returns the local of the collection that a statement makes.
func allocates(s opair.Stmt) (opair.Local, bool) {
	switch s := s.(type) {
	case *opair.MakeArrayStmt:
		return s.Target, true
	case *opair.MakeObjectStmt:
		return s.Target, true
	case *opair.MakeSetStmt:
		return s.Target, true
	}
	return 0, false
}

// literal is a collection of constants, as far as its statements were consumed.
type literal struct {
	compiler *compiler
	target   opair.Local
	numbers  map[opair.Local]*ast.Term // made by statements among them
	instrs   []instr                   // of those statements
	keys     []*ast.Term
	values   []*ast.Term
	size     int
}

// consume reports whether a statement adds a constant to the collection, or makes a constant.
func (l *literal) consume(s opair.Stmt) bool {
	switch s := s.(type) {
	case *opair.MakeNumberRefStmt:
		return l.number(s, s.Target, l.compiler.number(s.Index))
	case *opair.MakeNumberIntStmt:
		return l.number(s, s.Target, integer(s.Value))
	case *opair.MakeNullStmt:
		return l.number(s, s.Target, ast.InternedNullTerm)
	case *opair.ArrayAppendStmt:
		return s.Array == l.target && l.add(nil, l.constant(s.Value))
	case *opair.SetAddStmt:
		return s.Set == l.target && l.add(nil, l.constant(s.Value))
	case *opair.ObjectInsertStmt:
		key := l.constant(s.Key)
		return s.Object == l.target && key != nil && l.add(key, l.constant(s.Value))
	}
	return false
}

func (l *literal) number(s opair.Stmt, target opair.Local, t *ast.Term) bool {
	if target == l.target {
		return false
	}
	l.numbers[target] = t
	l.instrs = append(l.instrs, l.compiler.value(s))
	return true
}

func (l *literal) add(key, value *ast.Term) bool {
	if value == nil {
		return false
	}
	l.keys, l.values = append(l.keys, key), append(l.values, value)
	l.size++
	return true
}

// constant returns the value of a constant operand; nil for any other.
func (l *literal) constant(o opair.Operand) *ast.Term {
	if register, ok := o.Value.(opair.Local); ok {
		return l.numbers[register]
	}
	found := l.compiler.operand(o)
	return found.term
}

// term returns the collection.
func (l *literal) term(s opair.Stmt) *ast.Term {
	switch s.(type) {
	case *opair.MakeArrayStmt:
		return ast.ArrayTerm(l.values...)
	case *opair.MakeSetStmt:
		return ast.SetTerm(l.values...)
	}
	object := ast.NewObjectWithCapacity(l.size)
	for i, key := range l.keys {
		object.Insert(key, l.values[i])
	}
	return ast.NewTerm(object)
}

// adds reports whether statements add to the collection in a register before another one is made there.
func adds(stmts []opair.Stmt, target opair.Local) bool {
	var parts ir.Parts
	for _, s := range stmts {
		if other, ok := allocates(s); ok && other == target {
			return false
		}
		added := false
		switch s.(type) {
		case *opair.ArrayAppendStmt, *opair.ObjectInsertStmt, *opair.ObjectInsertOnceStmt, *opair.SetAddStmt, *opair.BlockStmt, *opair.ScanStmt, *opair.NotStmt, *opair.WithStmt:
			parts.Targets(s, func(written opair.Local) { added = added || written == target })
		}
		if added {
			return true
		}
	}
	return false
}
