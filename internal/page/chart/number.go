package chart

import (
	"strconv"
	"strings"
)

// Unit is what the numbers of a chart count.
type Unit string

// The units.
const (
	Points  Unit = ""
	Percent Unit = "%"
)

// value writes hundredths: 1,018.4 points, or 63.20%.
func (u Unit) value(n int64) string {
	if u == Percent {
		return sign(n, "") + decimals(n, true) + "%"
	}
	return sign(n, "") + decimals(n, false)
}

// change writes hundredths with their sign: +1.5, −2.00%, or ±0 for none.
func (u Unit) change(n int64) string {
	if n == 0 {
		return "±0"
	}
	return sign(n, "+") + strings.TrimPrefix(u.value(n), "−")
}

// tick writes hundredths for an axis, as short as possible.
func (u Unit) tick(n int64) string { return sign(n, "") + decimals(n, false) + string(u) }

func sign(n int64, plus string) string {
	if n < 0 {
		return "−"
	}
	return plus
}

// decimals writes hundredths without a sign: both decimals or those it needs, and thousands apart.
func decimals(n int64, both bool) string {
	if n < 0 {
		n = -n
	}
	text := strconv.FormatInt(n/100, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	if both || n%100 != 0 {
		rest := strconv.FormatInt(100+n%100, 10)[1:]
		if !both {
			rest = strings.TrimSuffix(rest, "0")
		}
		text += "." + rest
	}
	return text
}
