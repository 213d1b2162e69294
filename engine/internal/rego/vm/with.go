package vm

import (
	"github.com/open-policy-agent/opa/v1/ast"
	opair "github.com/open-policy-agent/opa/v1/ir"

	"github.com/posture-score/posture/engine/internal/rego/ir"
	"github.com/posture-score/posture/engine/internal/rego/limit"
)

// Invariant: after a "with" the machine is as it was before; the documents that "with" changes are copies.

// documents are the two documents that rules see at this point of an evaluation: "with" replaces them.
type documents struct {
	input   *ast.Term
	data    *ast.Term
	slotted bool // the input is that of Begin, whose fields are fetched one by one
	level   int  // of the memo
}

// with compiles a block in which a value replaces the input or data, or a part of them.
func (c *compiler) with(s *opair.WithStmt) (instr, error) {
	path := make([]*ast.Term, len(s.Path))
	for i, step := range s.Path {
		path[i] = c.program.plan.String(opair.StringIndex(step))
	}
	var replace func(m *Machine, value *ast.Term)
	switch s.Local {
	case c.f.params[0]:
		replace = func(m *Machine, value *ast.Term) { m.replaceInput(m.withValue(m.inputTerm, path, value)) }
	case c.f.params[1]:
		replace = func(m *Machine, value *ast.Term) { m.docs.data = m.withValue(m.dataTerm, path, value) }
	default:
		return nil, &ir.Unsupported{Construct: "with for something else than input and data", Location: c.program.plan.Location(s)}
	}
	value := c.operand(s.Value)
	body, err := c.block(s.Block)
	if err != nil {
		return nil, err
	}
	return func(fr *frame) signal {
		m, v := fr.m, value.get(fr)
		before, levels := m.docs, m.memo.used
		replace(m, v)
		m.docs.level = m.memo.enter(m.docs)
		s := fr.block(body)
		m.docs, m.memo.used = before, levels
		if s > 0 {
			return max(out(s), undefined)
		}
		return s
	}, nil
}

// replaceInput makes another value the input. If it is that of Begin, its fields are fetched one by one again.
func (m *Machine) replaceInput(value *ast.Term) {
	m.docs.input = value
	m.docs.slotted = value == m.whole && (value != nil || m.input == nil)
}

// withValue returns a document with a value at a path. What is not an object there is replaced by one.
func (m *Machine) withValue(document func() *ast.Term, path []*ast.Term, value *ast.Term) *ast.Term {
	if len(path) == 0 {
		return value
	}
	return m.replaced(document(), path, value)
}

func (m *Machine) replaced(t *ast.Term, path []*ast.Term, value *ast.Term) *ast.Term {
	if len(path) == 0 {
		return value
	}
	fresh := ast.NewObject()
	var below *ast.Term
	if t != nil {
		if object, ok := t.Value.(ast.Object); ok {
			below = object.Get(path[0])
			object.Foreach(fresh.Insert)
			m.meter.Keep(int64(object.Len()) * limit.BytesOfField)
			m.meter.Pay(int64(object.Len()) * 4 * limit.WorkOfElement)
		}
	}
	if v := m.replaced(below, path[1:], value); v != nil {
		fresh.Insert(path[0], v)
	}
	return ast.NewTerm(fresh)
}
