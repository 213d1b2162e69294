package check

import (
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
)

// compare checks two sides that ought to be able to be equal.
func (v *visitor) compare(a, b value) {
	switch {
	case a.literal != nil && b.literal != nil:
	case a.literal != nil:
		v.literal(b.node, a.literal, b.text)
	case b.literal != nil:
		v.literal(a.node, b.literal, a.text)
	default:
		v.unlike(a, b)
	}
}

// order checks two sides of which one is to be smaller: for them it matters only that they are alike.
func (v *visitor) order(a, b value) {
	for _, side := range []*value{&a, &b} {
		if side.literal != nil {
			side.node, side.literal = literalNode(side.literal.Value), nil
		}
	}
	v.unlike(a, b)
}

// unlike reports two sides that have no type in common. Both can be null, but nobody compares them for that.
func (v *visitor) unlike(a, b value) {
	if a.node == nil || b.node == nil {
		return
	}
	ka, kb := a.node.kinds&^kindNull, b.node.kinds&^kindNull
	if ka == 0 || kb == 0 || ka&kb != 0 {
		return
	}
	v.report(v.place(nil), "Comparison of unlike types", fmt.Sprintf("%s is %s, and %s is %s: the comparison always comes out the same way.",
		a.text, ka.words(), b.text, kb.words()))
}

// member checks `x in collection`.
func (v *visitor) member(x, collection value) {
	switch {
	case collection.literal != nil:
		v.elements(x, collection.literal)
	case x.literal != nil:
		v.literal(collection.node.element(), x.literal, "an element of "+collection.text)
	case collection.node != nil:
		v.unlike(x, value{node: collection.node.element(), text: "an element of " + collection.text})
	}
}

// elements checks what a literal collection lists for being possible values of x.
func (v *visitor) elements(x value, collection *ast.Term) {
	if x.literal != nil {
		return
	}
	each := func(t *ast.Term) { v.literal(x.node, t, x.text) }
	switch c := collection.Value.(type) {
	case *ast.Array:
		c.Foreach(each)
	case ast.Set:
		c.Foreach(each)
	case ast.Object:
		c.Foreach(func(_, t *ast.Term) { each(t) })
	}
}

// index checks {"a", "b"}[x] and {"a": 1}[x]: what the literal collection can be asked for has to be possible values of x.
func (v *visitor) index(collection, key *ast.Term) {
	x := v.scope.resolve(key)
	switch c := collection.Value.(type) {
	case ast.Set:
		v.elements(x, collection)
	case ast.Object:
		if x.literal == nil {
			c.Foreach(func(t, _ *ast.Term) { v.literal(x.node, t, x.text) })
		}
	}
}

// literal checks that a node can hold a literal.
func (v *visitor) literal(n *node, t *ast.Term, text string) {
	k := kindOf(t.Value)
	if k == 0 || k == kindNull || t.Location != nil && t.Location.File != v.module.Package.Location.File {
		return // a shared module's constants are made for more than one field
	}
	if text == "" {
		text = "this value"
	}
	if n != nil && n.kinds&k == 0 && n.kinds&^kindNull != 0 {
		v.judge(t, false, fmt.Sprintf("Comparison with %s", k.words()), fmt.Sprintf(
			"%s is %s, so it never equals %s.", text, (n.kinds&^kindNull).words(), clip(t.String())))
		return
	}
	switch l := t.Value.(type) {
	case *ast.Array:
		l.Foreach(func(e *ast.Term) { v.literal(n.element(), e, "an element of "+text) })
	case ast.Set:
		l.Foreach(func(e *ast.Term) { v.literal(n.element(), e, "an element of "+text) })
	case ast.Object:
		l.Foreach(func(key, e *ast.Term) {
			if name, ok := key.Value.(ast.String); ok {
				f, _ := n.field(string(name))
				v.literal(f, e, text+"."+string(name))
			}
		})
	default:
		if n.accepts(t.Value) {
			v.judge(t, true, "", "")
			return
		}
		if !n.canonical(t.Value) {
			written, _ := t.Value.(ast.String)
			v.judge(t, false, fmt.Sprintf("Impossible value %s", clip(t.String())), fmt.Sprintf(
				"%s compares without case, so rules see it in one form alone. Write %q.", text, clip(n.folds[0].String(string(written)))))
			return
		}
		v.judge(t, false, fmt.Sprintf("Impossible value %s", clip(t.String())), fmt.Sprintf("%s is never %s. %s",
			text, clip(t.String()), choice(plain(t.Value), n.values(), "It can be", "It has no values.")))
	}
}

// judge takes note of what a comparison says of a literal.
func (v *visitor) judge(t *ast.Term, possible bool, summary, detail string) {
	have, ok := v.literals[t]
	if !ok {
		have = &verdict{problem: problemAt(v.place(t.Location), summary, detail)}
		v.literals[t] = have
	}
	have.possible = have.possible || possible
}

// values lists the values of an enum, for messages.
func (n *node) values() (words []string) {
	for _, v := range n.enum {
		if kindOf(v) != kindNull {
			words = append(words, plain(v))
		}
	}
	if other := n.free &^ kindNull; other != 0 {
		words = append(words, other.words())
	}
	return words
}

// plain writes a value for a list of choices.
func plain(v ast.Value) string {
	if s, ok := v.(ast.String); ok {
		return string(s)
	}
	return v.String()
}
