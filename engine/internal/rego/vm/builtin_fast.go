package vm

import (
	"regexp"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/limit"
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
		return b.binary(member)
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
	return b.binary(func(_ *Machine, x, y *ast.Term) *ast.Term {
		if !isSmall(x.Value) || !isSmall(y.Value) {
			return nil
		}
		return boolean(holds(x, y))
	})
}

// stringPredicate is the fast path of predicates over two strings.
func (b *builtinCall) stringPredicate(holds func(x, y string) bool) instr {
	return b.binary(func(_ *Machine, x, y *ast.Term) *ast.Term {
		s, ok1 := x.Value.(ast.String)
		part, ok2 := y.Value.(ast.String)
		if !ok1 || !ok2 || len(s) >= limit.SmallText {
			return nil
		}
		return boolean(holds(string(s), string(part)))
	})
}

// stringMap is the fast path of functions from strings to strings, whose result often is the argument.
func (b *builtinCall) stringMap(change func(string) string) instr {
	return b.unary(func(t *ast.Term) *ast.Term {
		s, ok := t.Value.(ast.String)
		if !ok || len(s) >= limit.SmallText {
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

// member is the fast path of whether a collection holds a value.
func member(_ *Machine, x, in *ast.Term) *ast.Term {
	if !isSmall(x.Value) {
		return nil
	}
	switch v := in.Value.(type) {
	case ast.Set:
		return boolean(v.Contains(x))
	case *ast.Array:
		if v.Len() > few {
			return nil
		}
		for i := range v.Len() {
			if same(v.Elem(i), x) {
				return boolean(true)
			}
		}
	case ast.Object:
		if v.Len() > few {
			return nil
		}
		return boolean(v.Until(func(_, y *ast.Term) bool { return same(x, y) }))
	}
	return boolean(false)
}

// isSmall reports whether comparing a value with another takes no work that is charged.
func isSmall(v ast.Value) bool {
	switch v := v.(type) {
	case ast.String:
		return len(v) < limit.SmallText
	case ast.Number:
		return len(v) < few
	case *ast.Array, ast.Object, ast.Set:
		return false
	}
	return true
}

// intersect is the fast path of the intersection of sets that have no member in common, or of which the smaller one is in the other. OPA
// takes the members from the smaller set, too.
func intersect(_ *Machine, x, y *ast.Term) *ast.Term {
	smaller, ok1 := x.Value.(ast.Set)
	larger, ok2 := y.Value.(ast.Set)
	if !ok1 || !ok2 {
		return nil
	}
	result := x
	if smaller.Len() > larger.Len() {
		smaller, larger, result = larger, smaller, y
	}
	if smaller.Len() > few {
		return nil
	}
	common := 0
	for i, e := range smaller.Slice() {
		if larger.Contains(e) {
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
	slot, varies := c.program.patterns, len(b.args) > 0 && b.args[0].kind != constant
	c.program.patterns++
	return b.binary(func(m *Machine, e, t *ast.Term) *ast.Term {
		text, ok1 := e.Value.(ast.String)
		s, ok2 := t.Value.(ast.String)
		if !ok1 || !ok2 {
			return nil
		}
		if len(s) >= maxText {
			return nil
		}
		compiled := m.patterns[slot].compile(m, string(text), len(s), varies)
		if compiled == nil {
			return nil
		}
		return boolean(compiled.MatchString(string(s)))
	})
}

// pattern is a compiled regular expression with its text.
type pattern struct {
	text         string
	compiled     *regexp.Regexp // nil if it is malformed or large
	instructions int64
}

// compile returns the compiled expression of a text; nil to leave it to the built-in function. It charges matching a text of that length
// and, of an expression that varies, compiling it, whether that has to be done now or was before.
func (p *pattern) compile(m *Machine, text string, subject int, varies bool) *regexp.Regexp {
	if p.instructions == 0 || p.text != text {
		*p = pattern{text: strings.Clone(text), instructions: max(limit.Instructions(text), 1)}
		if p.instructions > 1 && p.instructions <= limit.FewInstructions {
			p.compiled, _ = regexp.Compile(text) // a malformed one has no instructions
		}
	}
	if p.compiled != nil {
		m.meter.Pay(limit.RegexCost(p.instructions, subject).Work)
		if varies {
			m.meter.Pay(limit.CompileCost(p.instructions).Work)
		}
	}
	return p.compiled
}
