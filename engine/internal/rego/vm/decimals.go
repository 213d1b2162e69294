package vm

import (
	"cmp"
	"strings"

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
