package check

import (
	"cmp"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/schemas"
)

// kind is a set of JSON types, and Rego's sets beside them.
type kind uint8

const (
	kindNull kind = 1 << iota
	kindBoolean
	kindNumber
	kindString
	kindArray
	kindObject
	kindSet

	kindScalar = kindNull | kindBoolean | kindNumber | kindString
	kindJSON   = kindScalar | kindArray | kindObject
)

// node is what is known of a value before anything runs. Nodes are shared and can be circular.
type node struct {
	kinds  kind
	free   kind             // scalar kinds that may hold any value; the other scalar kinds hold those of enum
	enum   []ast.Value      // sorted
	folds  []*schemas.Fold  // canonical forms that the evidence has texts in: each of its own part of what the value may be; none: any text
	fields map[string]*node // of an object
	closed bool             // the object has no other fields
	extra  *node            // what an object's other fields hold; nil if unknown
	items  *node            // what an array or set holds; nil if unknown
}

func anything() *node { return &node{kinds: kindJSON | kindSet, free: kindScalar} }

// is reports whether the value can only be of the kinds, or null.
func (n *node) is(kinds kind) bool { return n != nil && n.kinds&^(kinds|kindNull) == 0 }

// accepts reports whether the value can be the scalar. Null is always let through: a field that isn't there is often null.
func (n *node) accepts(v ast.Value) bool {
	k := kindOf(v)
	if n == nil || k == kindNull || n.free&k != 0 && n.canonical(v) {
		return true
	}
	return n.kinds&k != 0 && slices.ContainsFunc(n.enum, func(e ast.Value) bool { return e.Compare(v) == 0 })
}

// canonical reports whether a text is in a form that the value can have.
func (n *node) canonical(v ast.Value) bool {
	text, ok := v.(ast.String)
	return !ok || len(n.folds) == 0 || slices.ContainsFunc(n.folds, func(f *schemas.Fold) bool { return f.String(string(text)) == string(text) })
}

// anyText reports whether the value can be any text as it is written.
func (n *node) anyText() bool { return n.free&kindString != 0 && len(n.folds) == 0 }

// field returns what a field holds: nil and true if that is unknown, false if there can be no such field.
func (n *node) field(name string) (*node, bool) {
	if n == nil || n.kinds&kindSet != 0 {
		return nil, true
	}
	if n.kinds&kindObject == 0 {
		return nil, false
	}
	if f, ok := n.fields[name]; ok {
		return f, true
	}
	return n.extra, n.extra != nil || !n.closed
}

// element returns what iteration finds, or nil if that is unknown.
func (n *node) element() *node {
	switch {
	case n.is(kindArray | kindSet):
		return n.items
	case n.is(kindObject) && len(n.fields) == 0:
		return n.extra
	default:
		return nil
	}
}

// union is a value that is one or the other.
func union(a, b *node) *node { return merger{}.either(a, b) }

// intersection is a value that is both.
func intersection(a, b *node) *node { return merger{}.intersection(a, b) }

// merger merges nodes, which can be circular: a pair that is being merged already is not known.
type merger map[[2]*node]bool

func (m merger) union(a, b *node) *node {
	if a == b {
		return a
	}
	if m[[2]*node{a, b}] {
		return nil
	}
	m[[2]*node{a, b}] = true
	defer delete(m, [2]*node{a, b})
	u := &node{
		kinds: a.kinds | b.kinds, free: a.free | b.free,
		fields: map[string]*node{}, closed: true,
		enum: sortedValues(append(slices.Clone(a.enum), b.enum...)),
	}
	if !a.anyText() && !b.anyText() {
		u.folds = append(slices.Clone(a.folds), b.folds...)
	}
	switch {
	case a.kinds&(kindArray|kindSet) == 0:
		u.items = b.items
	case b.kinds&(kindArray|kindSet) == 0:
		u.items = a.items
	default:
		u.items = m.either(a.items, b.items)
	}
	for _, n := range []*node{a, b} {
		if n.kinds&kindObject == 0 {
			continue
		}
		u.closed = u.closed && n.closed && n.extra == nil
		for name, f := range n.fields {
			if have, ok := u.fields[name]; ok {
				f = m.either(have, f)
			}
			u.fields[name] = f
		}
	}
	return u
}

func (m merger) intersection(a, b *node) *node {
	if m[[2]*node{a, b}] {
		return nil
	}
	m[[2]*node{a, b}] = true
	defer delete(m, [2]*node{a, b})
	n := &node{
		kinds: a.kinds & b.kinds, free: a.free & b.free,
		fields: map[string]*node{}, closed: a.closed || b.closed,
		extra: m.both(a.extra, b.extra), items: m.both(a.items, b.items), folds: a.folds,
	}
	if len(n.folds) == 0 {
		n.folds = b.folds
	}
	for _, v := range append(slices.Clone(a.enum), b.enum...) {
		if a.accepts(v) && b.accepts(v) {
			n.enum = append(n.enum, v)
		}
	}
	n.enum = sortedValues(n.enum)
	for _, side := range []*node{a, b} {
		for name, f := range side.fields {
			if have, ok := n.fields[name]; ok {
				f = m.both(have, f)
			}
			n.fields[name] = f
		}
	}
	return n
}

// either is the union where an unknown side makes all unknown.
func (m merger) either(a, b *node) *node {
	if a == nil || b == nil {
		return nil
	}
	return m.union(a, b)
}

// both is the intersection where an unknown side says nothing.
func (m merger) both(a, b *node) *node {
	if a == nil || b == nil || a == b {
		return cmp.Or(a, b)
	}
	return m.intersection(a, b)
}

func sortedValues(values []ast.Value) []ast.Value {
	slices.SortFunc(values, ast.Value.Compare)
	return slices.CompactFunc(values, func(a, b ast.Value) bool { return a.Compare(b) == 0 })
}

// kindOf returns the kind of a constant or literal, 0 of anything else.
func kindOf(v ast.Value) kind {
	switch v.(type) {
	case ast.Null:
		return kindNull
	case ast.Boolean:
		return kindBoolean
	case ast.Number:
		return kindNumber
	case ast.String:
		return kindString
	case *ast.Array:
		return kindArray
	case ast.Object:
		return kindObject
	case ast.Set:
		return kindSet
	default:
		return 0
	}
}

// words says what the kinds are: "a string or a list".
func (k kind) words() string {
	names := []struct {
		kind kind
		word string
	}{
		{kindBoolean, "true or false"},
		{kindNumber, "a number"},
		{kindString, "a string"},
		{kindArray, "a list"},
		{kindObject, "an object"},
		{kindSet, "a set"},
		{kindNull, "null"},
	}
	var words []string
	for _, n := range names {
		if k&n.kind != 0 {
			words = append(words, n.word)
		}
	}
	return alternatives(words)
}
