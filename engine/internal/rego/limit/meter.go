package limit

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Limits bound one evaluation; 0 is no limit.
type Limits struct {
	Steps int64 // statements, iterations, and the work of built-in functions
	Bytes int64 // of values that are made
}

// Default returns limits that no sensible rule comes near. A rule that takes as many steps runs for a few seconds.
func Default() Limits { return Limits{Steps: 50_000_000, Bytes: 64 << 20} }

// filled returns the limits with numbers for no limit, to which costs can be added.
func (l Limits) filled() Limits {
	if l.Steps <= 0 {
		l.Steps = math.MaxInt64 / 4
	}
	if l.Bytes <= 0 {
		l.Bytes = math.MaxInt64 / 4
	}
	return l
}

// Error ends an evaluation that exceeds a limit.
type Error struct {
	Rule   string // the reference of the innermost rule that was evaluated
	Memory bool   // the limit is that of bytes
	Limit  int64
}

// Error names the rule and the limit.
func (e *Error) Error() string {
	if e.Memory {
		return fmt.Sprintf("%s makes values of more than %d bytes", e.Rule, e.Limit)
	}
	return fmt.Sprintf("%s takes more than %d steps", e.Rule, e.Limit)
}

// At returns the message for people: where the rule is, which limit it exceeds, and how to raise that.
func (e *Error) At(compiler *ast.Compiler) string {
	name, place := e.Rule[strings.LastIndexByte(e.Rule, '.')+1:], ""
	if ref, err := ast.ParseRef(e.Rule); err == nil {
		place = first(compiler.GetRulesExact(ref))
	}
	if name == "" {
		name = "the rule"
	}
	if e.Memory {
		return fmt.Sprintf("%s%s makes values of more than %s, the limit for one evaluation: make it hold less, or raise the limit by --max-memory", place, name, Bytes(e.Limit))
	}
	return fmt.Sprintf("%s%s takes more than %s steps, the limit for one evaluation: make it do less, or raise the limit by --max-steps", place, name, grouped(e.Limit))
}

// first returns the place of the first of rules, as it is put before a message.
func first(rules []*ast.Rule) string {
	var at *ast.Location
	for _, r := range rules {
		if l := r.Location; l != nil && !r.Default && l.File != "" && (at == nil || l.Row < at.Row) {
			at = l
		}
	}
	if at == nil {
		return ""
	}
	return fmt.Sprintf("%s:%d: ", at.File, at.Row)
}

// grouped returns a number with separated thousands.
func grouped(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// Bytes returns a number of bytes for people.
func Bytes(n int64) string {
	for _, unit := range []struct {
		size int64
		name string
	}{{1 << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}} {
		if n >= unit.size && n%unit.size == 0 {
			return fmt.Sprintf("%d %s", n/unit.size, unit.name)
		}
	}
	return grouped(n) + " bytes"
}

// Interval is how many steps an evaluation takes at most between two checks whether it was canceled.
const Interval = 1024

// Meter counts what an evaluation takes.
type Meter struct {
	Steps int64
	Bytes int64
	Pause int64 // more steps than these call for [Meter.Next]
	max   Limits
}

// NewMeter returns a meter that has counted nothing.
func NewMeter(limits Limits) Meter { return Meter{max: limits.filled()} }

// Reset returns a meter with the same limits that has counted nothing.
func (m *Meter) Reset() Meter { return Meter{max: m.max} }

// Next sets the next pause.
func (m *Meter) Next() { m.Pause = min(m.Steps+Interval, m.max.Steps) }

// Exceeded returns the error of an evaluation of the rule that exceeds a limit; nil if it doesn't.
func (m *Meter) Exceeded(rule string) *Error {
	switch {
	case m.Steps > m.max.Steps:
		return &Error{Rule: rule, Limit: m.max.Steps}
	case m.Bytes > m.max.Bytes:
		return &Error{Rule: rule, Memory: true, Limit: m.max.Bytes}
	}
	return nil
}

// Keep adds bytes. The evaluation is checked at its next block if they are too many.
func (m *Meter) Keep(bytes int64) {
	if m.Bytes += bytes; m.Bytes > m.max.Bytes {
		m.Pause = -1
	}
}

// Pay adds work that is bounded by what is there already. The evaluation is checked at its next block.
func (m *Meter) Pay(work int64) { m.Steps += work / workPerStep }

// Settle replaces the cost of a call by what the result takes, if that is less and the cost is loose, or more.
func (m *Meter) Settle(c Cost, result ast.Value) {
	if bytes := Result(result); c.Loose || bytes > c.Bytes {
		m.Keep(bytes - c.Bytes)
	}
}

// Since returns what was counted after another reading of the meter.
func (m *Meter) Since(before Meter) Meter {
	return Meter{Steps: m.Steps - before.Steps, Bytes: m.Bytes - before.Bytes}
}

// Limit returns the limit of bytes.
func (m *Meter) Limit() int64 { return m.max.Bytes }

// Spend adds a cost, and reports whether the evaluation is within its limits.
func (m *Meter) Spend(c Cost) bool {
	m.Steps += c.steps()
	m.Bytes += c.Bytes
	return m.Steps <= m.max.Steps && m.Bytes <= m.max.Bytes
}

// Small reports whether the limits allow so many times the steps that the evaluation has taken, and as many bytes or, if times is more than
// 1, twice as many.
func (m *Meter) Small(times int64) bool {
	return m.Steps <= m.max.Steps/times && m.Bytes <= m.max.Bytes/min(times, 2)
}
