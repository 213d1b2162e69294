package vm

import (
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/ir"
)

// Invariant: after a "with" the machine is as it was before; the documents that it changes are copies.

// world is what rules are evaluated in: the two documents that "with" may change.
type world struct {
	input   *ast.Term
	data    *ast.Term
	slotted bool // the input is the one that was given, and its fields are asked for one by one
	level   int  // of the memo
}

// with compiles a block in which another value stands for the input or the data, or for a part of them.
func (c *compiler) with(s *ir.WithStmt) (op, error) {
	path := make([]*ast.Term, len(s.Path))
	for i, step := range s.Path {
		path[i] = c.program.plan.strings[step]
	}
	var turn func(m *Machine, value *ast.Term)
	switch s.Local {
	case c.f.params[0]:
		turn = func(m *Machine, value *ast.Term) { m.turnInput(put(m.inputTerm, path, value)) }
	case c.f.params[1]:
		turn = func(m *Machine, value *ast.Term) { m.world.data = put(m.dataTerm, path, value) }
	default:
		return nil, &Unsupported{Construct: "with for something else than input and data", Place: c.program.plan.place(s.GetLocation())}
	}
	value := c.operand(s.Value)
	ops, err := c.block(s.Block)
	if err != nil {
		return nil, err
	}
	return func(fr *frame) signal {
		m, v := fr.m, value.get(fr)
		before, levels := m.world, m.memo.used
		turn(m, v)
		m.world.level = m.memo.enter(m.world)
		s := fr.block(ops)
		m.world, m.memo.used = before, levels
		if s > 0 {
			return max(out(s), undefined)
		}
		return s
	}, nil
}

// turnInput makes another value the input. It may be the one that was given: then its fields are asked for one by one again.
func (m *Machine) turnInput(value *ast.Term) {
	m.world.input = value
	m.world.slotted = value == m.given && (value != nil || m.input == nil)
}

// put returns the document with a value at a path. What is no object gives way to one.
func put(document func() *ast.Term, path []*ast.Term, value *ast.Term) *ast.Term {
	if len(path) == 0 {
		return value
	}
	return placed(document(), path, value)
}

func placed(t *ast.Term, path []*ast.Term, value *ast.Term) *ast.Term {
	if len(path) == 0 {
		return value
	}
	fresh := ast.NewObject()
	var below *ast.Term
	if t != nil {
		if object, ok := t.Value.(ast.Object); ok {
			below = object.Get(path[0])
			object.Foreach(fresh.Insert)
		}
	}
	if v := placed(below, path[1:], value); v != nil {
		fresh.Insert(path[0], v)
	}
	return ast.NewTerm(fresh)
}
