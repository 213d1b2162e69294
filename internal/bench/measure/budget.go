package measure

import "fmt"

// Budget is what something may cost, as a ratio, a difference or a number.
type Budget struct {
	What  string  // such as "CPU of posture against opa eval"
	Limit float64 // the most it may be
	Got   float64
	Show  func(float64) string // such as Ratio
}

// Met says whether what it costs is within the budget.
func (b Budget) Met() bool { return b.Got <= b.Limit }

// Verdict is that in a word.
func (b Budget) Verdict() string {
	if b.Met() {
		return "met"
	}
	return "missed"
}

// Quotient is a in relation to b; it is 0 if there is no b to compare with.
func Quotient(a, b Spread) float64 {
	if b.Median == 0 {
		return 0
	}
	return a.Median / b.Median
}

// Ratio writes a ratio as people read it: 1/30 below 1, otherwise 2.7x.
func Ratio(r float64) string {
	switch {
	case r == 0:
		return "-"
	case r < 0.995:
		return fmt.Sprintf("1/%.3g", 1/r)
	}
	return fmt.Sprintf("%.2fx", r)
}

// MiB writes an amount of memory.
func MiB(m float64) string { return fmt.Sprintf("%.0f MiB", m) }

// Milliseconds writes seconds.
func Milliseconds(s float64) string { return fmt.Sprintf("%.0f ms", s*1000) }
