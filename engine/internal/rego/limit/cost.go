package limit

import (
	"math"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Invariant: a cost is an upper bound of what a call takes, worked out in much less than that, and follows from the operands alone.

// Cost is what a call of a built-in function takes at most.
type Cost struct {
	Work  int64 // about nanoseconds
	Bytes int64 // of the result, and of what is made on the way to it
	// Loose says that the result may be much smaller: the call is charged what its result takes ([Result]), once that is there.
	Loose bool
}

const (
	// SmallText is the length of a text below which functions of texts are charged nothing beyond their statement.
	SmallText = 256
	// SmallList is the length of an array up to which making it is charged only where it is kept.
	SmallList = 8

	workPerStep = 32
	most        = math.MaxInt64 / 16 // to which costs are cut off, so that they can be added
)

func (c Cost) steps() int64 {
	if c.Work < 2*SmallText {
		return 0
	}
	return c.Work / workPerStep
}

// Bytes that the parts of collections take, about.
const (
	BytesOfElement = 24 // of an array
	BytesOfKept    = 64 // of an element that is made for it
	BytesOfMember  = 64 // of a set
	BytesOfField   = 96 // of an object
)

// add and times saturate.
func add(a, b int64) int64 { return min(a+b, most) }

func times(a, b int64) int64 {
	if a != 0 && b > most/a {
		return most
	}
	return a * b
}

func power(a int64, n int) int64 {
	p := int64(1)
	for range n {
		p = times(p, a)
	}
	return p
}

// Kept returns what it takes to keep a value in a collection, apart from its own parts.
func Kept(v ast.Value, part int64) int64 {
	// What is longer was charged when it was made.
	switch v := v.(type) {
	case ast.String:
		return part + min(int64(len(v)), SmallText)
	case *ast.Array:
		return part + min(int64(v.Len()), SmallList)*BytesOfElement
	}
	return part
}

// KeptElement is [Kept] for an element of an array.
func KeptElement(v ast.Value) int64 { return Kept(v, BytesOfKept) }

// KeptMember is [Kept] for a member of a set.
func KeptMember(v ast.Value) int64 { return Kept(v, BytesOfMember) }

// KeptField is [Kept] for a key and a value of an object.
func KeptField(k, v ast.Value) int64 { return Kept(k, BytesOfField) + Kept(v, 0) }

// Result returns the bytes of a result, apart from what is in the elements of a collection.
func Result(v ast.Value) int64 {
	switch v := v.(type) {
	case ast.String:
		if len(v) < SmallText {
			return 0
		}
		return int64(len(v))
	case ast.Number:
		if len(v) < SmallText {
			return 0
		}
		return int64(len(v))
	case *ast.Array:
		if v.Len() <= SmallList {
			return 0
		}
		return int64(v.Len()) * BytesOfElement
	case ast.Set:
		return int64(v.Len()) * BytesOfMember
	case ast.Object:
		return int64(v.Len()) * BytesOfField
	}
	return 0
}

// digits returns how many digits a number has when it is written out: an exponent counts as that many.
func digits(n ast.Number) int64 {
	s := string(n)
	length := int64(len(s))
	if i := strings.IndexAny(s, "eEpP"); i >= 0 {
		exponent, err := strconv.ParseInt(s[i+1:], 10, 64)
		if err != nil {
			exponent = most
		}
		if exponent < 0 {
			exponent = -max(exponent, -most)
		}
		length = add(length, exponent)
	}
	return length
}

// long is how many digits a number has at least whose arithmetic is not that of machine words.
const long = 19

// number returns the digits of an operand if it is a number, or else 1.
func number(t *ast.Term) int64 {
	if n, ok := t.Value.(ast.Number); ok {
		return max(digits(n), 1)
	}
	return 1
}

// text returns the length of an operand if it is a text, or else 0.
func text(t *ast.Term) int64 {
	if s, ok := t.Value.(ast.String); ok {
		return int64(len(s))
	}
	return 0
}

// length returns the number of elements of an operand if it is a collection, or else 0.
func length(t *ast.Term) int64 {
	switch v := t.Value.(type) {
	case *ast.Array:
		return int64(v.Len())
	case ast.Set:
		return int64(v.Len())
	case ast.Object:
		return int64(v.Len())
	}
	return 0
}

// WorkOfElement is what visiting an element takes.
const WorkOfElement = 16

// size is what is in a value.
type size struct {
	work  int64 // of visiting all of it
	nodes int64
	texts int64 // bytes of texts and numbers
	depth int64
	lists int64 // elements of arrays
}

// weigh returns the size of a value. It stops at a size that exceeds any limit.
func weigh(t *ast.Term) size { return size{}.with(t, 1) }

const heaviest = 1 << 31

// with returns the size with that of a value that is so deep in it. It makes nothing, but of objects.
func (s size) with(t *ast.Term, depth int64) size {
	s.nodes++
	s.work += WorkOfElement
	s.depth = max(s.depth, depth)
	if s.work > heaviest {
		return s
	}
	switch v := t.Value.(type) {
	case ast.String:
		s.texts += int64(len(v))
		if len(v) >= SmallText { // two texts that are not longer cost the same, whatever their length
			s.work += int64(len(v)) / 4
		}
	case ast.Number:
		d := int64(len(v))
		s.texts += d
		if d > long {
			s.work = add(s.work, d*d/64)
		}
	case *ast.Array:
		s.lists += int64(v.Len())
		for i := range v.Len() {
			s = s.with(v.Elem(i), depth+1)
		}
	case ast.Set:
		for _, e := range v.Slice() {
			s = s.with(e, depth+1)
		}
	case ast.Object:
		return s.withMembers(v, depth+1)
	}
	return s
}

// withMembers returns the size with those of an object's members.
func (s size) withMembers(object ast.Object, depth int64) size {
	object.Foreach(func(key, value *ast.Term) { s = s.with(key, depth).with(value, depth) })
	return s
}

// Hash returns the work of hashing a value, or of comparing it with an equal one.
func Hash(t *ast.Term) int64 {
	if n := text(t); n > 0 {
		return n / 4
	}
	return weigh(t).work
}

// Comparison returns the cost of comparing two values.
func Comparison(a, b *ast.Term) Cost {
	switch x := a.Value.(type) {
	case ast.String:
		if y, ok := b.Value.(ast.String); ok && (len(x) >= SmallText && len(y) >= SmallText) {
			return Cost{Work: int64(min(len(x), len(y))) / 4}
		}
	case ast.Number:
		if y, ok := b.Value.(ast.Number); ok && (len(x) > long || len(y) > long) {
			return Cost{Work: compareNumbers(x, y)}
		}
	case *ast.Array, ast.Object, ast.Set:
		if n := length(a); n > 0 && n <= length(b) {
			return Cost{Work: weigh(a).work}
		}
	}
	return Cost{}
}

func compareNumbers(x, y ast.Number) int64 {
	a, b := int64(len(x)), int64(len(y))
	return add(a+b, times(a, b)/1024)
}
