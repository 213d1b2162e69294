package vm

import (
	"cmp"
	"math"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/posture-score/posture/engine/internal/rego/term"
)

// Invariant: decimals compare as the numbers do.

// decimal is a number with few digits: digits / 10^places.
type decimal struct {
	digits int64
	places int
}

// maxPlaces bounds the digits of a decimal, and those after its point: two of them are compared in 64 bits.
const maxPlaces = 9

// decimalOf returns a number as a decimal.
func decimalOf(v *term.View) (d decimal, ok bool) {
	switch v.Kind {
	case term.Integer:
		return decimal{digits: v.Int}, v.Int < 1_000_000_000 && v.Int > -1_000_000_000
	case term.Number:
		return parseDecimal(v.String)
	}
	return decimal{}, false
}

func parseDecimal(literal string) (d decimal, ok bool) {
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(literal, "-"), ".")
	if len(whole) == 0 || len(whole)+len(fraction) > maxPlaces {
		return decimal{}, false
	}
	w, ok1 := digits(whole)
	f, ok2 := digits(fraction)
	d = decimal{digits: decimal{digits: w}.scaled(len(fraction)) + f, places: len(fraction)}
	if literal[0] == '-' {
		d.digits = -d.digits
	}
	return d, ok1 && ok2
}

// scaled returns the digits of the decimal with so many places.
func (d decimal) scaled(places int) int64 {
	n := d.digits
	for range places - d.places {
		n *= 10
	}
	return n
}

func (d decimal) compare(other decimal) int {
	places := max(d.places, other.places)
	return cmp.Compare(d.scaled(places), other.scaled(places))
}

// compareRoughly compares numbers of which one is a quotient. The function that divides rounds quotients; ok is false for numbers that are so
// close to each other that this could matter.
func compareRoughly(x, y *term.View) (c int, ok bool) {
	a, ok1 := roughly(x)
	b, ok2 := roughly(y)
	if !ok1 || !ok2 || math.Abs(a-b) <= closest*max(math.Abs(a), math.Abs(b)) {
		return 0, false
	}
	return cmp.Compare(a, b), true
}

// closest is how much two numbers have to differ, to the larger one, so that it is clear which one that is: much more than what is lost by
// rounding.
const closest = 1e-12

// roughly returns a number with some 15 digits.
func roughly(v *term.View) (f float64, ok bool) {
	switch v.Kind {
	case term.Integer:
		return float64(v.Int), true
	case term.Ratio:
		return float64(v.Int) / float64(v.By), true
	}
	d, ok := decimalOf(v)
	return float64(d.digits) / float64(decimal{digits: 1}.scaled(d.places)), ok
}

// quotient returns the term of a [term.Ratio]: what the function that divides returns.
func (m *Machine) quotient(v *term.View) *ast.Term {
	var found *ast.Term
	divide := topdown.GetBuiltin(ast.Divide.Name)
	_ = divide(m.context, []*ast.Term{integer(v.Int), integer(v.By)}, func(t *ast.Term) error { // it does not fail: the divisor is not 0
		found = t
		return nil
	})
	return found
}
