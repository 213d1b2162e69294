package term

import (
	"bytes"

	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/schemas"
)

// Invariant: what a tree returned stays where it is until the tree is reset.

// Tree takes JSON apart, once for all that read it. It holds the views of the parts. It is for one goroutine.
type Tree struct {
	json    []byte // what is being taken apart
	views   []View // that were returned, of which len are in use
	names   []string
	parts   []Parts
	open    []View // of the arrays and objects that are not complete so far
	opened  []string
	scratch []byte
}

// How many views a tree makes room for at once, and keeps room for when it is reset.
const (
	treeViews    = 64
	maxTreeViews = 1 << 12
)

// Reset frees everything that the tree returned. The memory of values that were large is not kept.
func (t *Tree) Reset() {
	t.views, t.names, t.parts = freed(t.views), freed(t.names), freed(t.parts)
}

func freed[T any](list []T) []T {
	if cap(list) > maxTreeViews {
		return nil
	}
	return list[:0]
}

// room makes room for n more. What is in use stays where it is.
func room[T any](list []T, n int) []T {
	if len(list)+n <= cap(list) {
		return list
	}
	return make([]T, 0, max(treeViews, min(2*cap(list), maxTreeViews), n))
}

// View returns the view of a JSON value that is well-formed and has no blanks around it, in the canonical form of the fold. It shares the
// memory of the JSON. That of no JSON is of no kind.
func (t *Tree) View(json []byte, fold *schemas.Fold) View {
	if len(json) == 0 {
		return View{}
	}
	if json[0] == '"' {
		return viewOfText(json, bytes.IndexByte(json, '\\') >= 0, fold)
	}
	t.json = json
	v, _ := t.value(0, fold)
	t.json = nil
	return v
}

// value returns the view of the value at an index of the JSON, and the index behind it.
func (t *Tree) value(at int, fold *schemas.Fold) (View, int) {
	switch t.json[at] {
	case '"':
		end, escaped := jsonscan.String(t.json, at)
		return viewOfText(t.json[at:end], escaped, fold), end
	case '[':
		return t.array(at, fold)
	case '{':
		return t.object(at, fold)
	}
	end := jsonscan.Skip(t.json, at, 0)
	return viewOfLiteral(t.json[at:end]), end
}

func (t *Tree) array(start int, fold *schemas.Fold) (View, int) {
	base, elements := len(t.open), fold.Elements()
	at := jsonscan.SkipSpace(t.json, start+1)
	more := t.json[at] != ']'
	if !more {
		at++
	}
	for more {
		var v View
		v, at = t.value(at, elements)
		t.open = append(t.open, v)
		at, more = jsonscan.Next(t.json, at, ']')
	}
	return View{Kind: List, String: text(t.json[start:at]), Parts: t.complete(base, len(t.opened)), fold: fold}, at
}

func (t *Tree) object(start int, fold *schemas.Fold) (View, int) {
	base, named := len(t.open), len(t.opened)
	at := jsonscan.SkipSpace(t.json, start+1)
	more := t.json[at] != '}'
	if !more {
		at++
	}
	for more {
		end, escaped := jsonscan.String(t.json, at)
		name := t.name(t.json[at:end], escaped)
		var v View
		v, at = t.value(jsonscan.Colon(t.json, end), fold.Field(name))
		t.open, t.opened = append(t.open, v), append(t.opened, name)
		at, more = jsonscan.Next(t.json, at, '}')
	}
	return View{Kind: Object, String: text(t.json[start:at]), Parts: t.complete(base, named), fold: fold}, at
}

func (t *Tree) name(quoted []byte, escaped bool) string {
	if !escaped {
		return text(quoted[1 : len(quoted)-1])
	}
	return string(jsonscan.Unquote(&t.scratch, quoted, escaped))
}

// complete returns the parts of an array or an object: those views that are open, and their names.
func (t *Tree) complete(base, named int) *Parts {
	values, names := t.open[base:], t.opened[named:]
	t.views, t.names, t.parts = room(t.views, len(values)), room(t.names, len(names)), room(t.parts, 1)
	first, firstName := len(t.views), len(t.names)
	t.views, t.names = append(t.views, values...), append(t.names, names...)
	t.parts = append(t.parts, Parts{Values: t.views[first:len(t.views):len(t.views)], names: t.names[firstName:len(t.names):len(t.names)]})
	t.open, t.opened = t.open[:base], t.opened[:named]
	return &t.parts[len(t.parts)-1]
}

// Record returns the view of an object with a member for each name that has a JSON value, as View takes them.
func (t *Tree) Record(names []string, json func(i int) []byte, fold *schemas.Fold) View {
	base, named := len(t.open), len(t.opened)
	for i, name := range names {
		if v := t.View(json(i), fold.Field(name)); v.Kind != None {
			t.open, t.opened = append(t.open, v), append(t.opened, name)
		}
	}
	return View{Kind: Object, Parts: t.complete(base, named)}
}

// List returns the view of an array of n values.
func (t *Tree) List(n int, value func(i int) View) View {
	base := len(t.open)
	for i := range n {
		t.open = append(t.open, value(i))
	}
	return View{Kind: List, Parts: t.complete(base, len(t.opened))}
}
