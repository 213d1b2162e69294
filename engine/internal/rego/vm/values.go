package vm

import (
	"github.com/open-policy-agent/opa/v1/ast"
	opair "github.com/open-policy-agent/opa/v1/ir"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/posture-score/posture/engine/internal/rego/limit"
	"github.com/posture-score/posture/engine/internal/rego/term"
)

// Invariant: reading a value changes nothing but the target register, and a statement that finds nothing ends its block.

// dot returns the value at a key of an object or an array, or the key itself if a set holds it; nil if there is none.
func dot(t, key *ast.Term) *ast.Term {
	switch v := t.Value.(type) {
	case ast.Object:
		return v.Get(key)
	case *ast.Array:
		return v.Get(key)
	case ast.Set:
		if v.Contains(key) {
			return key
		}
	}
	return nil
}

// stored is dot within base documents. Topdown reads those by paths of strings, in which 1 and "1" are the same.
func stored(t, key *ast.Term) *ast.Term {
	if v := dot(t, key); v != nil {
		return v
	}
	n, ok := key.Value.(ast.Number)
	if !ok || !isObject(t.Value) {
		return nil
	}
	if _, whole := n.Int(); !whole {
		return nil
	}
	return dot(t, ast.StringTerm(string(n)))
}

func (c *compiler) dot(s *opair.DotStmt) instr {
	source, key, target := c.operand(s.Source), c.operand(s.Key), c.local(s.Target)
	find := dot
	from, _ := s.Source.Value.(opair.Local)
	if c.stored[s.Target] = source.kind == data || (source.kind == register || source.kind == viewed) && c.stored[from]; c.stored[s.Target] {
		find = stored
	}
	if name, ok := key.text(); ok && source.kind == input {
		return c.field(name, key.term, s.Target)
	}
	if o, ok := c.viewedOperand(c.original(s.Target)); ok && source.kind == viewed {
		return dotView(source, key, o, find)
	}
	if source.kind == register && key.kind == constant {
		from, term := source.index, key.term
		return func(fr *frame) signal {
			t := fr.l[from]
			if t == nil {
				return undefined
			}
			return fr.found(target, dot(t, term))
		}
	}
	return func(fr *frame) signal {
		t, k := source.get(fr), key.get(fr)
		if t == nil || k == nil {
			return undefined
		}
		if !isSmall(k.Value) {
			fr.m.meter.Pay(limit.Hash(k))
		}
		return fr.found(target, find(t, k))
	}
}

// field reads a field of the input.
func (c *compiler) field(name string, term *ast.Term, to opair.Local) instr {
	slot, target := c.program.slot(name), c.local(to)
	if o, ok := c.viewedOperand(c.original(to)); ok {
		return fieldView(slot, term, o)
	}
	return func(fr *frame) signal { return fr.found(target, fr.m.field(slot, term)) }
}

// found writes what was looked up; nil is undefined.
func (fr *frame) found(target int, v *ast.Term) signal {
	fr.l[target] = v
	if v == nil {
		return undefined
	}
	return next
}

func (c *compiler) length(s *opair.LenStmt) instr {
	source, target := c.operand(s.Source), c.local(s.Target)
	return func(fr *frame) signal {
		if v := source.held(fr); v != nil && v.Kind == term.List {
			fr.l[target] = integer(int64(len(v.Parts.Values)))
			return next
		}
		t := source.get(fr)
		if t == nil {
			return undefined
		}
		n, _ := size(t.Value)
		fr.l[target] = integer(int64(n))
		return next
	}
}

// size returns the number of elements of a collection.
func size(v ast.Value) (n int, ok bool) {
	switch v := v.(type) {
	case ast.Object:
		return v.Len(), true
	case *ast.Array:
		return v.Len(), true
	case ast.Set:
		return v.Len(), true
	}
	return 0, false
}

// same reports whether two values are equal. Undefined equals undefined alone.
func same(a, b *ast.Term) bool {
	if a == b {
		return true
	}
	return a != nil && b != nil && ast.ValueEqual(a.Value, b.Value)
}

func (c *compiler) equal(a, b opair.Operand, want bool) instr {
	left, right := c.operand(a), c.operand(b)
	if left.kind == constant {
		left, right = right, left
	}
	if left.kind == viewed || right.kind == viewed {
		return equalViews(left, right, want)
	}
	if word, ok := right.text(); ok {
		return func(fr *frame) signal {
			t := left.get(fr)
			if equal := t != nil && isText(t, word); equal != want {
				return undefined
			}
			return next
		}
	}
	if right.kind == constant {
		if truth, ok := right.term.Value.(ast.Boolean); ok {
			return func(fr *frame) signal {
				t := left.get(fr)
				found, ok := ast.Boolean(false), false
				if t != nil {
					found, ok = t.Value.(ast.Boolean)
				}
				if (ok && found == truth) != want {
					return undefined
				}
				return next
			}
		}
	}
	return func(fr *frame) signal {
		if fr.m.same(left.get(fr), right.get(fr)) != want {
			return undefined
		}
		return next
	}
}

// same reports whether two values are equal, and charges for it.
func (m *Machine) same(a, b *ast.Term) bool {
	if a == b {
		return true
	}
	if a == nil || b == nil {
		return false
	}
	if !isSmall(a.Value) || !isSmall(b.Value) {
		m.meter.Pay(limit.Comparison(a, b).Work)
	}
	return ast.ValueEqual(a.Value, b.Value)
}

func isText(t *ast.Term, word string) bool {
	s, ok := t.Value.(ast.String)
	return ok && string(s) == word
}

func isArray(v ast.Value) bool  { _, ok := v.(*ast.Array); return ok }
func isObject(v ast.Value) bool { _, ok := v.(ast.Object); return ok }
func isSet(v ast.Value) bool    { _, ok := v.(ast.Set); return ok }

func (c *compiler) is(source opair.Operand, holds func(ast.Value) bool) instr {
	from := c.operand(source)
	ofArray, ofObject := holds(ast.InternedEmptyArray.Value), holds(ast.InternedEmptyObject.Value)
	return func(fr *frame) signal {
		if v := from.held(fr); v != nil && v.Kind != term.Written && v.Kind != term.Boxed {
			if v.Kind == term.List && ofArray || v.Kind == term.Object && ofObject {
				return next
			}
			return undefined
		}
		if t := from.get(fr); t == nil || !holds(t.Value) {
			return undefined
		}
		return next
	}
}

func (c *compiler) defined(l opair.Local, want bool) instr {
	source := c.read1(l)
	if l == opair.Input {
		return func(fr *frame) signal {
			if fr.m.hasInput() != want {
				return undefined
			}
			return next
		}
	}
	return func(fr *frame) signal {
		if (source.held(fr) != nil || source.get(fr) != nil) != want {
			return undefined
		}
		return next
	}
}

func (c *compiler) assign(from opair.Operand, to opair.Local) instr {
	source, target := c.operand(from), c.local(to)
	if o, ok := c.viewedOperand(c.original(to)); ok {
		return func(fr *frame) signal {
			source.pass(fr, fr, &o)
			return next
		}
	}
	return func(fr *frame) signal {
		fr.l[target] = source.get(fr)
		return next
	}
}

// assignOnce fails on a second value that differs from the first: two rules, or two calls, conflict.
func (c *compiler) assignOnce(s *opair.AssignVarOnceStmt) instr {
	source, target := c.operand(s.Source), c.local(s.Target)
	conflict := &topdown.Error{Code: topdown.ConflictErr, Message: "rule " + c.f.ref + " produced conflicting values", Location: c.program.plan.Location(s)}
	if !c.f.rule {
		conflict.Message = "function " + c.f.ref + " produced conflicting values for the same inputs"
	}
	if o, ok := c.viewedOperand(c.original(s.Target)); ok {
		return assignViewOnce(source, o, conflict)
	}
	return func(fr *frame) signal {
		v := source.get(fr)
		switch before := fr.l[target]; {
		case before == nil:
			fr.l[target] = v
		case !fr.m.same(before, v):
			return fr.halt(conflict)
		}
		return next
	}
}

func (c *compiler) set(to opair.Local, t *ast.Term) instr {
	target := c.local(to)
	return func(fr *frame) signal {
		fr.l[target] = t
		return next
	}
}

func (c *compiler) reset(to opair.Local) instr {
	target := c.local(to)
	if o, ok := c.viewedOperand(c.original(to)); ok {
		return func(fr *frame) signal {
			fr.term(&o, nil)
			return next
		}
	}
	if i, ok := c.arrays[to]; ok {
		return func(fr *frame) signal {
			fr.l[target], fr.arrays[i] = nil, nil
			return next
		}
	}
	return c.set(to, nil)
}
