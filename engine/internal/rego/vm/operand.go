package vm

import (
	"encoding/json"
	"strconv"

	"github.com/open-policy-agent/opa/v1/ast"
	opair "github.com/open-policy-agent/opa/v1/ir"

	"github.com/posture-score/posture/engine/internal/rego/term"
)

// Invariant: the value of an operand may be shared with anything. Only a collection under construction is ever changed, and it is not read
// before it is finished.

// operand is a resolved operand: where a statement finds a value at evaluation.
type operand struct {
	kind  kind
	index int       // register
	array int       // of the frame's arrays
	view  int       // of the frame's views
	term  *ast.Term // constant
	shown *term.View
}

type kind uint8

const (
	constant kind = iota
	register
	viewed // a register that may hold a view
	array  // a register whose array may be under construction
	input
	data
)

// operand resolves an operand.
func (c *compiler) operand(o opair.Operand) operand {
	switch v := o.Value.(type) {
	case opair.StringIndex:
		return constantOperand(c.program.plan.String(v))
	case opair.Bool:
		return constantOperand(ast.InternedTerm(bool(v)))
	case opair.Local:
		v = c.original(v)
		if t := c.registers.constants[v]; t != nil {
			return constantOperand(t)
		}
		if o, ok := c.viewedOperand(v); ok {
			return o
		}
		switch v {
		case c.f.params[0]:
			return operand{kind: input}
		case c.f.params[1]:
			return operand{kind: data}
		}
		if i, ok := c.arrays[v]; ok {
			return operand{kind: array, index: c.local(v), array: i}
		}
		return operand{kind: register, index: c.local(v)}
	}
	return operand{} // there is no other kind of value
}

func constantOperand(t *ast.Term) operand {
	shown := term.ViewOfTerm(t)
	return operand{term: t, shown: &shown}
}

func (c *compiler) read1(l opair.Local) operand { return c.operand(opair.Operand{Value: l}) }

// get returns the value; nil if it is undefined.
func (o *operand) get(fr *frame) *ast.Term {
	switch o.kind {
	case register:
		return fr.l[o.index]
	case constant:
		return o.term
	case viewed:
		return fr.boxed(o)
	case array:
		return fr.finish(o.index, o.array)
	case input:
		return fr.m.inputTerm()
	default:
		return fr.m.docs.data
	}
}

// text returns the value of a constant string.
func (o *operand) text() (string, bool) {
	if o.kind != constant || o.term == nil {
		return "", false
	}
	s, ok := o.term.Value.(ast.String)
	return string(s), ok
}

// finish returns an array, and ends its construction.
func (fr *frame) finish(register, array int) *ast.Term {
	if fr.l[register] == nil && fr.arrays[array] != nil {
		if len(fr.arrays[array]) == 0 {
			fr.l[register] = ast.InternedEmptyArray
		} else {
			fr.l[register] = ast.NewTerm(ast.NewArray(fr.arrays[array]...))
		}
	}
	return fr.l[register]
}

func integer(n int64) *ast.Term {
	if i := int(n); int64(i) == n {
		return ast.InternedTerm(i)
	}
	return ast.NumberTerm(number(n))
}

func number(n int64) json.Number { return json.Number(strconv.FormatInt(n, 10)) }

// number returns a number constant of the plan: interned if it is an integer in canonical form.
func (c *compiler) number(i int) *ast.Term {
	text := c.program.plan.Number(i)
	if n, err := strconv.Atoi(string(text)); err == nil && strconv.Itoa(n) == string(text) {
		return integer(int64(n))
	}
	return ast.NumberTerm(text)
}
