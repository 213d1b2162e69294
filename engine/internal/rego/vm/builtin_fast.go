package vm

import (
	"regexp"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Invariant: a fast path is taken only for arguments of the types that it is for. Everything else, errors included, is left to the built-in
// function.

// fastPath returns the fast path of a function, or nil. Which functions have one follows from profiles (docs/performance.md).
func (c *compiler) fastPath(name string, b *builtinCall) instr {
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
	case "and":
		return b.binary(intersect)
	case "startswith":
		return b.stringPredicate(strings.HasPrefix)
	case "endswith":
		return b.stringPredicate(strings.HasSuffix)
	case "contains":
		return b.stringPredicate(strings.Contains)
	case "lower":
		return b.stringMap(strings.ToLower)
	case "upper":
		return b.stringMap(strings.ToUpper)
	case "count":
		return b.count()
	case "object.get":
		return c.objectGet(b)
	case "regex.match":
		return c.regexMatch(b)
	}
	return nil
}

// unary wraps a fast path for a function of one argument. The fast path returns nil to leave the call to OPA's implementation.
func (b *builtinCall) unary(fast func(t *ast.Term) *ast.Term) instr {
	if len(b.args) != 1 {
		return nil
	}
	source, target := b.args[0], b.target
	return func(fr *frame) signal {
		t := source.get(fr)
		if t == nil {
			return undefined
		}
		v := fast(t)
		if v == nil {
			return b.call(fr)
		}
		fr.l[target] = v
		return next
	}
}

// binary is the same for a function of two arguments.
func (b *builtinCall) binary(fast func(m *Machine, x, y *ast.Term) *ast.Term) instr {
	if len(b.args) != 2 {
		return nil
	}
	left, right, target := b.args[0], b.args[1], b.target
	return func(fr *frame) signal {
		x, y := left.get(fr), right.get(fr)
		if x == nil || y == nil {
			return undefined
		}
		v := fast(fr.m, x, y)
		if v == nil {
			return b.call(fr)
		}
		fr.l[target] = v
		return next
	}
}

func boolean(b bool) *ast.Term { return ast.InternedTerm(b) }

// compare is the fast path of predicates over two values of any type.
func (b *builtinCall) compare(holds func(x, y *ast.Term) bool) instr {
	return b.binary(func(_ *Machine, x, y *ast.Term) *ast.Term { return boolean(holds(x, y)) })
}

// stringPredicate is the fast path of predicates over two strings.
func (b *builtinCall) stringPredicate(holds func(x, y string) bool) instr {
	return b.binary(func(_ *Machine, x, y *ast.Term) *ast.Term {
		s, ok1 := x.Value.(ast.String)
		part, ok2 := y.Value.(ast.String)
		if !ok1 || !ok2 {
			return nil
		}
		return boolean(holds(string(s), string(part)))
	})
}

// stringMap is the fast path of functions from strings to strings, whose result often is the argument.
func (b *builtinCall) stringMap(change func(string) string) instr {
	return b.unary(func(t *ast.Term) *ast.Term {
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

func (b *builtinCall) count() instr {
	return b.unary(func(t *ast.Term) *ast.Term {
		n, ok := size(t.Value)
		if !ok {
			return nil
		}
		return integer(int64(n))
	})
}

// member reports whether a collection holds a value.
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

// intersect is the fast path of the intersection of sets that have no member in common, or of which the smaller one is in the other. OPA
// takes the members from the smaller set, too.
func intersect(_ *Machine, x, y *ast.Term) *ast.Term {
	few, ok1 := x.Value.(ast.Set)
	many, ok2 := y.Value.(ast.Set)
	if !ok1 || !ok2 {
		return nil
	}
	result := x
	if few.Len() > many.Len() {
		few, many, result = many, few, y
	}
	common := 0
	for i, e := range few.Slice() {
		if many.Contains(e) {
			common++
		}
		if common > 0 && common <= i {
			return nil
		}
	}
	if common == 0 {
		return ast.InternedEmptySet
	}
	return result
}

// objectGet is the fast path of object.get with a constant string as the key. Of the input itself it fetches a single field.
func (c *compiler) objectGet(b *builtinCall) instr {
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

// either writes a value or, if it is nil, the value of another operand.
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

// regexMatch is the fast path of regex.match: a machine keeps the last compiled pattern of each call. A malformed pattern is left to the
// built-in function, which reports it.
func (c *compiler) regexMatch(b *builtinCall) instr {
	slot := c.program.patterns
	c.program.patterns++
	return b.binary(func(m *Machine, e, t *ast.Term) *ast.Term {
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

// pattern is a compiled regular expression with its text.
type pattern struct {
	text     string
	compiled *regexp.Regexp
}
