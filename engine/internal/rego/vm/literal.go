package vm

import (
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/ir"
)

// Invariant: a collection is made beforehand only if nothing but constants goes into it, and nobody adds to it after that.

// literal compiles a collection of constants, which OPA plans as one statement that makes it and one for each thing in it. It returns
// how many statements that takes: 0 if what begins there is no such collection. Statements among them that make numbers run all the
// same, since others may read those.
func (c *compiler) literal(stmts []ir.Stmt) ([]op, int) {
	target, ok := made(stmts[0])
	if !ok || c.f.nested { // there collections grow in several places
		return nil, 0
	}
	l := &literal{compiler: c, target: target, numbers: map[ir.Local]*ast.Term{}}
	count := 1
	for _, s := range stmts[1:] {
		if !l.take(s) {
			break
		}
		count++
	}
	if l.size == 0 || adds(stmts[count:], target) {
		return nil, 0
	}
	register, t := c.local(target), l.term(stmts[0])
	l.ops = append(l.ops, func(fr *frame) signal {
		fr.l[register] = t
		return next
	})
	for _, s := range stmts[:count] {
		c.fix(s)
	}
	c.fixed[target] = true
	return l.ops, count
}

// made returns the register of the collection that a statement makes.
func made(s ir.Stmt) (ir.Local, bool) {
	switch s := s.(type) {
	case *ir.MakeArrayStmt:
		return s.Target, true
	case *ir.MakeObjectStmt:
		return s.Target, true
	case *ir.MakeSetStmt:
		return s.Target, true
	}
	return 0, false
}

// literal is a collection of constants as far as it is known.
type literal struct {
	compiler *compiler
	target   ir.Local
	numbers  map[ir.Local]*ast.Term // that statements on the way made
	ops      []op                   // of those statements
	keys     []*ast.Term
	values   []*ast.Term
	size     int
}

// take takes a statement that adds a constant to the collection, or makes a constant.
func (l *literal) take(s ir.Stmt) bool {
	switch s := s.(type) {
	case *ir.MakeNumberRefStmt:
		return l.number(s, s.Target, l.compiler.program.plan.number(s.Index))
	case *ir.MakeNumberIntStmt:
		return l.number(s, s.Target, integer(s.Value))
	case *ir.MakeNullStmt:
		return l.number(s, s.Target, ast.InternedNullTerm)
	case *ir.ArrayAppendStmt:
		return s.Array == l.target && l.add(nil, l.constant(s.Value))
	case *ir.SetAddStmt:
		return s.Set == l.target && l.add(nil, l.constant(s.Value))
	case *ir.ObjectInsertStmt:
		key := l.constant(s.Key)
		return s.Object == l.target && key != nil && l.add(key, l.constant(s.Value))
	}
	return false
}

func (l *literal) number(s ir.Stmt, target ir.Local, t *ast.Term) bool {
	if target == l.target {
		return false
	}
	l.numbers[target] = t
	l.ops = append(l.ops, l.compiler.value(s))
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

// constant returns the value of an operand if it is one, and nil otherwise.
func (l *literal) constant(o ir.Operand) *ast.Term {
	if register, ok := o.Value.(ir.Local); ok {
		return l.numbers[register]
	}
	found := l.compiler.operand(o)
	return found.term
}

// term is the collection.
func (l *literal) term(s ir.Stmt) *ast.Term {
	switch s.(type) {
	case *ir.MakeArrayStmt:
		return ast.ArrayTerm(l.values...)
	case *ir.MakeSetStmt:
		return ast.SetTerm(l.values...)
	}
	object := ast.NewObjectWithCapacity(l.size)
	for i, key := range l.keys {
		object.Insert(key, l.values[i])
	}
	return ast.NewTerm(object)
}

// adds says whether statements add to the collection in a register before another one is made there.
func adds(stmts []ir.Stmt, target ir.Local) bool {
	for _, s := range stmts {
		if other, ok := made(s); ok && other == target {
			return false
		}
		switch s.(type) {
		case *ir.ArrayAppendStmt, *ir.ObjectInsertStmt, *ir.ObjectInsertOnceStmt, *ir.SetAddStmt, *ir.BlockStmt, *ir.ScanStmt, *ir.NotStmt, *ir.WithStmt:
			for _, written := range writes(s) {
				if written == target {
					return true
				}
			}
		}
	}
	return false
}
