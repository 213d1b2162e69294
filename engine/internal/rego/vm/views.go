package vm

import (
	"github.com/open-policy-agent/opa/v1/ast"
	opair "github.com/open-policy-agent/opa/v1/ir"

	"github.com/posture-score/posture/engine/internal/rego/limit"
	"github.com/posture-score/posture/engine/internal/rego/term"
)

// Invariant: a register that holds a view says what the term of that view would say. Whatever does not know of views reads the term, which
// is made then, and once.

// Views is an [Input] whose fields can be read where they stand.
type Views interface {
	Input
	// View returns a field as Field does, without making a term of it; nil if there is no field, or if there is no use in a view of it. It is
	// valid until the input changes.
	View(slot int) *term.View
}

// arena holds what an evaluation makes of views: other views, and texts. It is used again for the next input.
type arena struct {
	views []term.View // of which len are in use
	parts []term.Parts
	texts []byte
}

// How much an arena holds at first, and at most from one input to the next.
const (
	arenaViews = 64
	arenaParts = 16
	maxViews   = 1 << 10
	arenaTexts = 1 << 10
	maxTexts   = 1 << 14
)

// reset frees all. What one evaluation made much of is not kept for the next.
func (a *arena) reset() {
	a.views, a.parts, a.texts = a.views[:0], a.parts[:0], a.texts[:0]
	if cap(a.views) > maxViews {
		a.views = nil
	}
	if cap(a.parts) > maxViews {
		a.parts = nil
	}
	if cap(a.texts) > maxTexts {
		a.texts = nil
	}
}

// release frees all, and holds nothing any more.
func (a *arena) release() {
	a.reset()
	a.views, a.parts = emptied(a.views), emptied(a.parts)
}

// list returns n views, one after another.
func (a *arena) list(n int) []term.View {
	used := len(a.views)
	if used+n > cap(a.views) { // views in use stay where they are
		a.views, used = make([]term.View, 0, max(arenaViews, min(2*cap(a.views), maxViews), n)), 0
	}
	a.views = a.views[:used+n]
	return a.views[used : used+n : used+n]
}

// extend appends to a list. A long one gets memory of its own.
func (a *arena) extend(list []term.View, v *term.View) []term.View {
	if n := len(list); n == cap(list) && n < few {
		list = append(a.list(max(4, 2*n))[:0], list...)
	}
	return append(list, *v)
}

// keep returns a place that holds a view.
func (a *arena) keep(v term.View) *term.View {
	place := &a.list(1)[0]
	*place = v
	return place
}

// made returns a place that holds the elements of a list.
func (a *arena) made(list []term.View) *term.Parts {
	if len(a.parts) == cap(a.parts) { // those in use stay where they are
		a.parts = make([]term.Parts, 0, max(arenaParts, min(2*cap(a.parts), maxViews)))
	}
	a.parts = append(a.parts, term.Parts{Values: list})
	return &a.parts[len(a.parts)-1]
}

// text returns room for a text of at most n bytes, to be appended to and handed to kept.
func (a *arena) text(n int) []byte {
	if len(a.texts)+n > cap(a.texts) { // texts in use stay where they are
		a.texts = make([]byte, 0, max(arenaTexts, min(2*cap(a.texts), maxTexts), n))
	}
	return a.texts[len(a.texts):]
}

// kept returns the view of a text that was appended to the room that text returned.
func (a *arena) kept(made []byte) *term.View {
	a.texts = a.texts[:len(a.texts)+len(made)]
	return a.keep(term.ViewOfText(made))
}

// viewed returns the operand of a local that may hold a view.
func (c *compiler) viewedOperand(l opair.Local) (operand, bool) {
	place, ok := c.registers.viewed[l]
	return operand{kind: viewed, index: c.local(l), view: place}, ok
}

// show returns a value as a view; nil if it is undefined. It uses the scratch for the view of a term.
func (o *operand) show(fr *frame, scratch *term.View) *term.View {
	switch o.kind {
	case constant:
		return o.shown
	case viewed:
		if v := o.held(fr); v != nil {
			return v
		}
	}
	t := o.get(fr)
	if t == nil {
		return nil
	}
	*scratch = term.ViewOfTerm(t)
	return scratch
}

// held returns the view that a register holds; nil if it holds none.
func (o *operand) held(fr *frame) *term.View {
	if o.kind == viewed {
		if v := fr.v[o.view]; v != nil && (fr.l[o.index] == nil || fr.l[o.index] == v.Term) {
			return v
		}
	}
	return nil
}

// boxed returns the term of a register that may hold a view.
func (fr *frame) boxed(o *operand) *ast.Term {
	t, v := fr.l[o.index], fr.v[o.view]
	if t == nil && v != nil {
		t = fr.m.box(v)
		fr.l[o.index] = t
	}
	return t
}

// box returns the term of a view.
func (m *Machine) box(v *term.View) *ast.Term {
	switch {
	case v.Term != nil:
	case v.Kind == term.Ratio:
		v.Term = m.quotient(v)
	default:
		if m.decoder == nil {
			m.decoder = term.NewDecoder()
		}
		v.Term = m.decoder.View(v)
	}
	return v.Term
}

// view writes a view to a register; nil is undefined.
func (fr *frame) view(o *operand, v *term.View) signal {
	if v == nil || v.Kind == term.None {
		fr.l[o.index], fr.v[o.view] = nil, nil
		return undefined
	}
	fr.l[o.index], fr.v[o.view] = v.Term, v
	return next
}

// term writes a term, or that there is none, to a register that may hold a view.
func (fr *frame) term(o *operand, t *ast.Term) {
	fr.l[o.index], fr.v[o.view] = t, nil
}

// put writes a view that lasts for the environment to a register; one of no kind is undefined.
func (fr *frame) put(o *operand, v *term.View) {
	fr.l[o.index] = v.Term
	if o.kind == viewed {
		fr.v[o.view] = v
		if v.Kind == term.None {
			fr.v[o.view] = nil
		}
	}
}

// pass writes the value of an operand to a register that may hold a view.
func (o *operand) pass(fr *frame, to *frame, target *operand) {
	if v := o.held(fr); v != nil {
		to.l[target.index], to.v[target.view] = v.Term, v
		return
	}
	to.term(target, o.get(fr))
}

// assignViewOnce is assignOnce for a register that may hold a view.
func assignViewOnce(source, target operand, conflict error) instr {
	return func(fr *frame) signal {
		var a, b term.View
		before, v := target.show(fr, &a), source.show(fr, &b)
		if before == nil {
			source.pass(fr, fr, &target)
			return next
		}
		equal, ok := false, false
		if v != nil {
			equal, ok = equalTo(before, v)
		}
		if !ok {
			equal = fr.m.same(target.get(fr), source.get(fr))
		}
		if !equal {
			return fr.halt(conflict)
		}
		return next
	}
}

// fieldView reads a field of the input.
func fieldView(slot int, name *ast.Term, target operand) instr {
	return func(fr *frame) signal {
		m := fr.m
		if m.views != nil && m.docs.slotted {
			if v := m.views.View(slot); v != nil {
				return fr.view(&target, v)
			}
		}
		t := m.field(slot, name)
		fr.term(&target, t)
		if t == nil {
			return undefined
		}
		return next
	}
}

// dotView reads a part of a value that may be a view.
func dotView(source, key, target operand, find func(t, key *ast.Term) *ast.Term) instr {
	return func(fr *frame) signal {
		if v := source.held(fr); v != nil {
			var scratch term.View
			k := key.show(fr, &scratch)
			switch {
			case k == nil:
				return undefined
			case v.Kind == term.Object && k.Kind == term.Text && len(k.String) < maxText:
				return fr.view(&target, v.Member(k.String))
			case v.Kind == term.List && k.Kind == term.Integer:
				return fr.view(&target, v.Element(k.Int))
			}
		}
		t, k := source.get(fr), key.get(fr)
		if t == nil || k == nil {
			return undefined
		}
		if !isSmall(k.Value) {
			fr.m.meter.Pay(limit.Hash(k))
		}
		if t = find(t, k); t == nil {
			fr.term(&target, nil)
			return undefined
		}
		fr.term(&target, t)
		return next
	}
}

// walk runs a loop over the elements of an array.
func (fr *frame) walk(body *block, key int, element *operand, elements []term.View) signal {
	for i := range elements {
		if s := fr.visit(body, key, element, i, &elements[i]); s != next {
			return out(s)
		}
	}
	return next
}

// visit is [frame.iteration] for an element that is a view.
func (fr *frame) visit(body *block, key int, element *operand, i int, v *term.View) signal {
	fr.m.meter.Steps++
	fr.l[key] = integer(int64(i))
	fr.view(element, v)
	return out(fr.block(body))
}

// makeList makes an array whose elements are listed.
func makeList(target operand, capacity int32) instr {
	return func(fr *frame) signal {
		list := fr.m.arena.list(int(capacity))[:0]
		return fr.view(&target, fr.m.arena.keep(term.View{Kind: term.List, Parts: fr.m.arena.made(list)}))
	}
}

// appendToList appends to such an array.
func appendToList(target, value operand) instr {
	return func(fr *frame) signal {
		var scratch term.View
		v := value.show(fr, &scratch)
		if v == nil {
			return undefined
		}
		if v.Kind == term.Ratio {
			fr.m.box(v)
		}
		switch {
		case v.Kind == term.Integer:
			fr.m.meter.Keep(limit.BytesOfKept)
		case v.Kind == term.Text && len(v.String) < maxText:
			fr.m.meter.Keep(limit.BytesOfKept + int64(len(v.String)))
		default:
			fr.m.appended(value.get(fr))
		}
		list := fr.v[target.view].Parts
		list.Values = fr.m.arena.extend(list.Values, v)
		return next
	}
}

// equalViews compares two values of which one may be a view.
func equalViews(left, right operand, want bool) instr {
	return func(fr *frame) signal {
		var a, b term.View
		x, y := left.show(fr, &a), right.show(fr, &b)
		equal := x == y
		if x != nil && y != nil {
			var ok bool
			if equal, ok = equalTo(x, y); !ok {
				equal = fr.m.same(left.get(fr), right.get(fr))
			}
		}
		if equal != want {
			return undefined
		}
		return next
	}
}

// equalTo reports whether two values are equal; ok is false for those of which terms have to say so.
func equalTo(x, y *term.View) (equal, ok bool) {
	switch {
	case x == y:
		return true, true
	case x.Kind == term.Text && y.Kind == term.Text:
		return x.String == y.String, len(x.String) < maxText || len(y.String) < maxText
	case x.Kind == term.Integer && y.Kind == term.Integer:
		return x.Int == y.Int, true
	case x.Kind == term.Text && y.Kind == term.Integer, x.Kind == term.Integer && y.Kind == term.Text:
		return false, true
	}
	return false, false
}
