package vm

import (
	"encoding/json"
	"strconv"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/ir"
)

// Invariant: what an operand gives may be shared with anything; only what is under construction is ever changed, and nobody reads
// that before it is finished.

// operand is where a statement finds a value.
type operand struct {
	kind  kind
	index int       // register
	array int       // of the frame's arrays
	term  *ast.Term // constant
}

type kind uint8

const (
	constant kind = iota
	register
	array // a register whose array may be under construction
	input
	data
)

// operand finds where a value is.
func (c *compiler) operand(o ir.Operand) operand {
	switch v := o.Value.(type) {
	case ir.StringIndex:
		return operand{term: c.program.plan.strings[v]}
	case ir.Bool:
		return operand{term: ast.InternedTerm(bool(v))}
	case ir.Local:
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
	return operand{} // no other kind of value is there
}

func (c *compiler) read1(l ir.Local) operand { return c.operand(ir.Operand{Value: l}) }

// get returns the value: nil if it is undefined.
func (o *operand) get(fr *frame) *ast.Term {
	switch o.kind {
	case register:
		return fr.l[o.index]
	case constant:
		return o.term
	case array:
		return fr.finish(o.index, o.array)
	case input:
		return fr.m.inputTerm()
	default:
		return fr.m.world.data
	}
}

// text returns the operand's string if it is a constant one.
func (o *operand) text() (string, bool) {
	if o.kind != constant || o.term == nil {
		return "", false
	}
	s, ok := o.term.Value.(ast.String)
	return string(s), ok
}

// finish ends the construction of an array.
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
