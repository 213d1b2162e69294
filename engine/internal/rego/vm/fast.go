package vm

import (
	"regexp"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Invariant: a short way is taken only for arguments of the types that it is for. Everything else, errors included, is the built-in
// function's.

// fast returns a short way for a call, or nil. Which functions have one follows from profiles (docs/performance.md).
func (c *compiler) fast(name string, b *builtinCall) op {
	switch name {
	case "equal":
		return b.compare(same)
	case "neq":
		return b.compare(func(x, y *ast.Term) bool { return !same(x, y) })
	case "lt":
		return b.compare(func(x, y *ast.Term) bool { return ast.Compare(x.Value, y.Value) < 0 })
	case "lte":
		return b.compare(func(x, y *ast.Term) bool { return ast.Compare(x.Value, y.Value) <= 0 })
	case "gt":
		return b.compare(func(x, y *ast.Term) bool { return ast.Compare(x.Value, y.Value) > 0 })
	case "gte":
		return b.compare(func(x, y *ast.Term) bool { return ast.Compare(x.Value, y.Value) >= 0 })
	case "internal.member_2":
		return b.compare(member)
	case "startswith":
		return b.texts(strings.HasPrefix)
	case "endswith":
		return b.texts(strings.HasSuffix)
	case "contains":
		return b.texts(strings.Contains)
	case "lower":
		return b.text(strings.ToLower)
	case "upper":
		return b.text(strings.ToUpper)
	case "count":
		return b.count()
	case "object.get":
		return c.objectGet(b)
	case "regex.match":
		return c.pattern(b)
	}
	return nil
}

// one is a short way for a function of one value; it gives nil where it is none.
func (b *builtinCall) one(short func(t *ast.Term) *ast.Term) op {
	if len(b.args) != 1 {
		return nil
	}
	source, target := b.args[0], b.target
	return func(fr *frame) signal {
		t := source.get(fr)
		if t == nil {
			return undefined
		}
		v := short(t)
		if v == nil {
			return b.call(fr)
		}
		fr.l[target] = v
		return next
	}
}

// two is the same for a function of two values.
func (b *builtinCall) two(short func(m *Machine, x, y *ast.Term) *ast.Term) op {
	if len(b.args) != 2 {
		return nil
	}
	left, right, target := b.args[0], b.args[1], b.target
	return func(fr *frame) signal {
		x, y := left.get(fr), right.get(fr)
		if x == nil || y == nil {
			return undefined
		}
		v := short(fr.m, x, y)
		if v == nil {
			return b.call(fr)
		}
		fr.l[target] = v
		return next
	}
}

func boolean(b bool) *ast.Term { return ast.InternedTerm(b) }

// compare is for functions of two values of any type.
func (b *builtinCall) compare(holds func(x, y *ast.Term) bool) op {
	return b.two(func(_ *Machine, x, y *ast.Term) *ast.Term { return boolean(holds(x, y)) })
}

// texts is for functions of two strings.
func (b *builtinCall) texts(holds func(x, y string) bool) op {
	return b.two(func(_ *Machine, x, y *ast.Term) *ast.Term {
		s, ok1 := x.Value.(ast.String)
		part, ok2 := y.Value.(ast.String)
		if !ok1 || !ok2 {
			return nil
		}
		return boolean(holds(string(s), string(part)))
	})
}

// text is for functions of a string that most often give the same one.
func (b *builtinCall) text(change func(string) string) op {
	return b.one(func(t *ast.Term) *ast.Term {
		s, ok := t.Value.(ast.String)
		if !ok {
			return nil
		}
		if changed := change(string(s)); changed != string(s) {
			return ast.StringTerm(changed)
		}
		return t
	})
}

func (b *builtinCall) count() op {
	return b.one(func(t *ast.Term) *ast.Term {
		n, ok := size(t.Value)
		if !ok {
			return nil
		}
		return integer(int64(n))
	})
}

// member says whether a collection holds a value: in.
func member(x, in *ast.Term) bool {
	switch v := in.Value.(type) {
	case ast.Set:
		return v.Contains(x)
	case *ast.Array:
		for i := range v.Len() {
			if same(v.Elem(i), x) {
				return true
			}
		}
	case ast.Object:
		return v.Until(func(_, y *ast.Term) bool { return same(x, y) })
	}
	return false
}

// objectGet is for a key that is no path. Of the input itself it takes a single field.
func (c *compiler) objectGet(b *builtinCall) op {
	if len(b.args) != 3 {
		return nil
	}
	source, key, other, target := b.args[0], b.args[1], b.args[2], b.target
	name, ok := key.text()
	if !ok {
		return nil
	}
	if source.kind == input {
		slot := c.program.slot(name)
		return func(fr *frame) signal {
			if !fr.m.object() {
				return b.call(fr)
			}
			return fr.either(target, fr.m.field(slot, key.term), &other)
		}
	}
	return func(fr *frame) signal {
		t := source.get(fr)
		if t == nil {
			return undefined
		}
		object, ok := t.Value.(ast.Object)
		if !ok {
			return b.call(fr)
		}
		return fr.either(target, object.Get(key.term), &other)
	}
}

// either writes a value or, if there is none, another.
func (fr *frame) either(target int, v *ast.Term, other *operand) signal {
	instead := other.get(fr)
	if instead == nil {
		return undefined
	}
	if v == nil {
		v = instead
	}
	fr.l[target] = v
	return next
}

// pattern is for a regular expression: a machine keeps the one that it met last in this place. One that is not well-formed is left to
// the function to complain about.
func (c *compiler) pattern(b *builtinCall) op {
	slot := c.program.patterns
	c.program.patterns++
	return b.two(func(m *Machine, e, t *ast.Term) *ast.Term {
		text, ok1 := e.Value.(ast.String)
		s, ok2 := t.Value.(ast.String)
		if !ok1 || !ok2 {
			return nil
		}
		known := &m.patterns[slot]
		if known.compiled == nil || known.text != string(text) {
			compiled, err := regexp.Compile(string(text))
			if err != nil {
				return nil
			}
			*known = pattern{string(text), compiled}
		}
		return boolean(known.compiled.MatchString(string(s)))
	})
}

// pattern is a regular expression with its text.
type pattern struct {
	text     string
	compiled *regexp.Regexp
}
