package vm

import (
	"cmp"
	"hash/maphash"
	"math"
	"math/bits"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"
	opair "github.com/open-policy-agent/opa/v1/ir"

	"github.com/posture-score/posture/engine/internal/rego/limit"
	"github.com/posture-score/posture/engine/internal/rego/term"
)

// Invariant: an operation returns what the built-in function of its name returns, or leaves the call to that: wherever the arguments are not
// of the types that it is for, wherever the function fails, and wherever its call is charged more than its statement.

// maxText is the length of texts from which on their functions are charged by it.
const maxText = limit.SmallText

// operation is a built-in function over views. It returns nil to leave the call to the function itself.
type operation func(m *Machine, args []*term.View) *term.View

// operationOf returns the operation of a built-in function; nil if it has none. Those of predicates are in predicateOf.
func operationOf(name string) operation {
	switch name {
	case "lower":
		return textMap(isLower, lowered, strings.ToLower)
	case "upper":
		return textMap(isUpper, raised, strings.ToUpper)
	case "trim_space":
		return cut(func(s, _ string) string { return strings.TrimSpace(s) })
	case "trim":
		return cut(strings.Trim)
	case "trim_left":
		return cut(strings.TrimLeft)
	case "trim_right":
		return cut(strings.TrimRight)
	case "trim_prefix":
		return cut(strings.TrimPrefix)
	case "trim_suffix":
		return cut(strings.TrimSuffix)
	case "substring":
		return substring
	case "replace":
		return replace
	case "split":
		return split
	case "concat":
		return concat
	case "sprintf":
		return sprintf
	case "count":
		return count
	case "to_number":
		return toNumber
	case "plus":
		return arithmetic(plus)
	case "minus":
		return arithmetic(minus)
	case "mul":
		return arithmetic(times)
	case "div":
		return divide
	case "rem":
		return arithmetic(remainder)
	case "time.parse_rfc3339_ns":
		return parseTime
	case "object.get":
		return objectGet
	}
	return nil
}

// predicate is a built-in function over views that is true or false; ok is false to leave the call to the function itself.
type predicate func(m *Machine, x, y *term.View) (holds, ok bool)

func predicateOf(name string) predicate {
	switch name {
	case "startswith":
		return ofTexts(strings.HasPrefix)
	case "endswith":
		return ofTexts(strings.HasSuffix)
	case "contains":
		return ofTexts(strings.Contains)
	case "equal":
		return func(_ *Machine, x, y *term.View) (bool, bool) { return equalTo(x, y) }
	case "neq":
		return func(_ *Machine, x, y *term.View) (bool, bool) {
			equal, ok := equalTo(x, y)
			return !equal, ok
		}
	case "lt":
		return ordered(func(c int) bool { return c < 0 })
	case "lte":
		return ordered(func(c int) bool { return c <= 0 })
	case "gt":
		return ordered(func(c int) bool { return c > 0 })
	case "gte":
		return ordered(func(c int) bool { return c >= 0 })
	case "internal.member_2":
		return member2
	}
	return nil
}

// overViews compiles a call of a built-in function so that it is made over views where there is an operation for them.
func (c *compiler) overViews(s *opair.CallStmt, b *builtinCall, otherwise instr) instr {
	if c.program.partial || c.program.plain || len(b.args) > maxOperands {
		return otherwise
	}
	if holds := predicateOf(s.Func); holds != nil && len(b.args) == 2 {
		if s.Func == ast.Member.Name {
			holds = c.memberOfSet(holds)
		}
		return c.test(b, holds, otherwise)
	}
	if is := typeOf(s.Func); is != nil && len(b.args) == 1 {
		return c.test(&builtinCall{args: []operand{b.args[0], b.args[0]}, target: b.target}, is, otherwise)
	}
	if s.Func == ast.RegexMatch.Name && len(b.args) == 2 {
		return c.match(b, otherwise)
	}
	operate := operationOf(s.Func)
	target, ok := c.viewedOperand(c.original(s.Result))
	if operate == nil || !ok {
		return otherwise
	}
	return func(fr *frame) signal {
		m := fr.m
		args := m.operands[:len(b.args)]
		for i := range args {
			if args[i] = b.args[i].show(fr, &m.scratch[i]); args[i] == nil {
				return undefined
			}
		}
		v := operate(m, args)
		if v == nil {
			return otherwise(fr)
		}
		for i := range args {
			if v == &m.scratch[i] { // a term: the scratch is for the next operation
				fr.term(&target, v.Term)
				return next
			}
		}
		return fr.view(&target, v)
	}
}

// maxOperands is how many arguments an operation has at most.
const maxOperands = 3

// test compiles a call of a predicate, with the statement after it if that is its condition.
func (c *compiler) test(b *builtinCall, holds predicate, otherwise instr) instr {
	left, right, target := b.args[0], b.args[1], b.target
	if c.conditional {
		c.merged = true
		return condition(left, right, target, holds, otherwise)
	}
	return func(fr *frame) signal {
		m := fr.m
		x, y := left.show(fr, &m.scratch[0]), right.show(fr, &m.scratch[1])
		if x == nil || y == nil {
			return undefined
		}
		truth, ok := holds(m, x, y)
		if !ok {
			return otherwise(fr)
		}
		fr.l[target] = boolean(truth)
		return next
	}
}

// isCondition reports whether a call of a predicate is followed by the statement that it has to be true, and by no other that reads it.
func (c *compiler) isCondition(stmts []opair.Stmt) bool {
	call, ok := stmts[0].(*opair.CallStmt)
	if !ok || len(stmts) < 2 || c.uses == nil || c.uses.local(call.Result).reads != 1 {
		return false
	}
	s, ok := stmts[1].(*opair.NotEqualStmt)
	return ok && s.A.Value == call.Result && s.B.Value == opair.Bool(false)
}

// condition is a call of a predicate that ends its block if it is false.
func condition(left, right operand, target int, holds predicate, otherwise instr) instr {
	return func(fr *frame) signal {
		m := fr.m
		x, y := left.show(fr, &m.scratch[0]), right.show(fr, &m.scratch[1])
		if x == nil || y == nil {
			return undefined
		}
		truth, ok := holds(m, x, y)
		if !ok {
			if s := otherwise(fr); s != next {
				return s
			}
			truth = fr.l[target].Value != ast.Value(ast.Boolean(false))
		}
		if !truth {
			return undefined
		}
		return next
	}
}

// match compiles a call of regex.match: a machine keeps the last compiled pattern of each call.
func (c *compiler) match(b *builtinCall, otherwise instr) instr {
	slot, expression, subject, target := c.program.patterns, b.args[0], b.args[1], b.target
	c.program.patterns++
	return func(fr *frame) signal {
		m := fr.m
		e, s := expression.show(fr, &m.scratch[0]), subject.show(fr, &m.scratch[1])
		if e == nil || s == nil {
			return undefined
		}
		if e.Kind != term.Text || s.Kind != term.Text || len(s.String) >= maxText {
			return otherwise(fr)
		}
		compiled := m.patterns[slot].compile(m, e.String, len(s.String), expression.kind != constant)
		if compiled == nil {
			return otherwise(fr)
		}
		fr.l[target] = boolean(compiled.MatchString(s.String))
		return next
	}
}

// areTexts reports whether views are texts that are short together.
func areTexts(args []*term.View) bool {
	length := 0
	for _, v := range args {
		if v.Kind != term.Text {
			return false
		}
		length += len(v.String)
	}
	return length < maxText
}

func ofTexts(holds func(s, part string) bool) predicate {
	return func(_ *Machine, x, y *term.View) (bool, bool) {
		if x.Kind != term.Text || y.Kind != term.Text || len(x.String)+len(y.String) >= maxText {
			return false, false
		}
		return holds(x.String, y.String), true
	}
}

func ordered(holds func(int) bool) predicate {
	return func(_ *Machine, x, y *term.View) (bool, bool) {
		c, ok := compare(x, y)
		return holds(c), ok
	}
}

// compare compares texts and numbers.
func compare(x, y *term.View) (c int, ok bool) {
	switch {
	case x.Kind == term.Text && y.Kind == term.Text:
		return strings.Compare(x.String, y.String), len(x.String) < maxText || len(y.String) < maxText
	case x.Kind == term.Integer && y.Kind == term.Integer:
		return cmp.Compare(x.Int, y.Int), isFew(x) && isFew(y)
	}
	if x.Kind == term.Ratio || y.Kind == term.Ratio {
		return compareRoughly(x, y)
	}
	a, ok1 := decimalOf(x)
	b, ok2 := decimalOf(y)
	if !ok1 || !ok2 {
		return 0, false
	}
	return a.compare(b), true
}

// member2 tests whether an array of views holds a value.
func member2(_ *Machine, x, in *term.View) (bool, bool) {
	switch {
	case x.Kind != term.Text || len(x.String) >= maxText:
		return false, false
	case in.Kind == term.Boxed:
		return memberOfTerm(x.String, in.Term.Value)
	case in.Kind == term.List && len(in.Parts.Values) <= few:
		return memberOfViews(x.String, in)
	}
	return false, false
}

// memberOfViews tests whether an array holds a text. One with escapes may be that text.
func memberOfViews(text string, in *term.View) (holds, ok bool) {
	for i := range in.Parts.Values {
		switch v := &in.Parts.Values[i]; {
		case v.Kind == term.Written:
			return false, false
		case v.Kind == term.Text && v.String == text:
			return true, true
		}
	}
	return false, true
}

// memberOfSet is a predicate that knows the texts of a set that it is asked for again and again, such as one of constants.
func (c *compiler) memberOfSet(otherwise predicate) predicate {
	slot := c.program.sets
	c.program.sets++
	return func(m *Machine, x, in *term.View) (holds, ok bool) {
		if x.Kind != term.Text || len(x.String) >= maxText || in.Kind != term.Boxed {
			return otherwise(m, x, in)
		}
		set, ok := in.Term.Value.(ast.Set)
		if !ok {
			return otherwise(m, x, in)
		}
		known := &m.sets[slot]
		switch {
		case known.set != in.Term || known.size != set.Len():
			*known = textSet{set: in.Term, size: set.Len()}
			return false, false
		case known.table == nil:
			known.index(set)
		}
		return known.has(x.String), true
	}
}

// textSet is a set with a table of the texts among its members; without one until it is asked for the second time.
type textSet struct {
	set     *ast.Term
	size    int
	seed    maphash.Seed
	members []*ast.Term // of the set
	table   []uint32    // the number of a member, from 1; 0 is empty
}

func (t *textSet) index(set ast.Set) {
	t.seed, t.members, t.table = maphash.MakeSeed(), set.Slice(), make([]uint32, 2*set.Len()+1)
	for i, member := range t.members {
		if s, ok := member.Value.(ast.String); ok {
			at, _ := t.find(string(s))
			t.table[at] = uint32(i + 1) //nolint:gosec // a set is smaller
		}
	}
}

func (t *textSet) has(text string) bool {
	_, found := t.find(text)
	return found
}

// find returns where a text stands in the table, or else the empty place where it belongs.
func (t *textSet) find(text string) (at int, found bool) {
	high, _ := bits.Mul64(maphash.String(t.seed, text), uint64(len(t.table)))
	for at = int(high); ; at++ { //nolint:gosec // it is below the length
		if at == len(t.table) {
			at = 0
		}
		if n := t.table[at]; n == 0 || isText(t.members[n-1], text) {
			return at, n > 0
		}
	}
}

// typeOf returns the predicate of a function that asks for the type of a value; it is for views that are no terms so far.
func typeOf(name string) predicate {
	var kinds []term.Kind
	switch name {
	case "is_string":
		kinds = []term.Kind{term.Text, term.Written}
	case "is_number":
		kinds = []term.Kind{term.Integer, term.Number, term.Ratio}
	case "is_array":
		kinds = []term.Kind{term.List}
	case "is_object":
		kinds = []term.Kind{term.Object}
	case "is_boolean", "is_null", "is_set": // those are terms
	default:
		return nil
	}
	return func(_ *Machine, v, _ *term.View) (bool, bool) {
		return slices.Contains(kinds, v.Kind), v.Kind != term.Boxed
	}
}

// few is how many elements an operation compares: with more of them a call is charged for it.
const few = 32

// memberOfTerm tests whether a short array of terms holds a text.
func memberOfTerm(text string, in ast.Value) (holds, ok bool) {
	array, ok := in.(*ast.Array)
	if !ok || array.Len() > few {
		return false, false
	}
	for i := range array.Len() {
		if isText(array.Elem(i), text) {
			return true, true
		}
	}
	return false, true
}

// textMap is a function from texts to texts that changes nothing where unchanged says so; mapped is what it does with ASCII.
func textMap(unchanged func(string) bool, mapped func(byte) byte, change func(string) string) operation {
	return func(m *Machine, args []*term.View) *term.View {
		if !areTexts(args) {
			return nil
		}
		s := args[0].String
		if unchanged(s) {
			return args[0]
		}
		if !isASCII(s) {
			return m.arena.keep(term.View{Kind: term.Text, String: change(s)})
		}
		made := m.arena.text(len(s))
		for i := range len(s) {
			made = append(made, mapped(s[i]))
		}
		return m.arena.kept(made)
	}
}

func isLower(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || c >= 'A' && c <= 'Z' {
			return false
		}
	}
	return true
}

func lowered(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

func raised(c byte) byte {
	if c >= 'a' && c <= 'z' {
		c -= 'a' - 'A'
	}
	return c
}

func isUpper(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || c >= 'a' && c <= 'z' {
			return false
		}
	}
	return true
}

// cut is a function that returns a part of its first argument.
func cut(part func(s, what string) string) operation {
	return func(m *Machine, args []*term.View) *term.View {
		if !areTexts(args) {
			return nil
		}
		what := ""
		if len(args) > 1 {
			what = args[1].String
		}
		found := part(args[0].String, what)
		if len(found) == len(args[0].String) {
			return args[0]
		}
		return m.arena.keep(term.View{Kind: term.Text, String: found})
	}
}

func substring(m *Machine, args []*term.View) *term.View {
	if !areTexts(args[:1]) || args[1].Kind != term.Integer || args[2].Kind != term.Integer {
		return nil
	}
	s, from, length := args[0].String, args[1].Int, args[2].Int
	if from < 0 || !isASCII(s) {
		return nil
	}
	s = s[min(from, int64(len(s))):]
	if length >= 0 {
		s = s[:min(length, int64(len(s)))]
	}
	return m.arena.keep(term.View{Kind: term.Text, String: s})
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func replace(m *Machine, args []*term.View) *term.View {
	if !areTexts(args) {
		return nil
	}
	s, before, after := args[0].String, args[1].String, args[2].String
	n := strings.Count(s, before)
	switch {
	case before == "" || len(s)+n*len(after) >= maxText:
		return nil
	case n == 0:
		return args[0]
	}
	made := m.arena.text(len(s) + n*len(after))
	for range n {
		i := strings.Index(s, before)
		made = append(append(made, s[:i]...), after...)
		s = s[i+len(before):]
	}
	return m.arena.kept(append(made, s...))
}

// maxParts is how many parts of a text are charged nothing beyond the statement.
const maxParts = limit.SmallList

func split(m *Machine, args []*term.View) *term.View {
	if !areTexts(args) || args[1].String == "" {
		return nil
	}
	s, by := args[0].String, args[1].String
	n := strings.Count(s, by) + 1
	if n > maxParts {
		return nil
	}
	parts := m.arena.list(n)
	for i := range parts {
		part, rest, _ := strings.Cut(s, by)
		parts[i] = term.View{Kind: term.Text, String: part}
		s = rest
	}
	return m.arena.keep(term.View{Kind: term.List, Parts: m.arena.made(parts)})
}

func concat(m *Machine, args []*term.View) *term.View {
	if args[0].Kind != term.Text || args[1].Kind != term.List || len(args[1].Parts.Values) > maxParts {
		return nil
	}
	list, separator := args[1].Parts.Values, args[0].String
	length := len(list) * len(separator)
	for i := range list {
		if list[i].Kind != term.Text {
			return nil
		}
		length += len(list[i].String)
	}
	if length >= maxText {
		return nil
	}
	made := m.arena.text(length)
	for i := range list {
		if i > 0 {
			made = append(made, separator...)
		}
		made = append(made, list[i].String...)
	}
	return m.arena.kept(made)
}

func count(m *Machine, args []*term.View) *term.View {
	v := args[0]
	switch {
	case v.Kind == term.List:
		return m.arena.keep(term.View{Kind: term.Integer, Int: int64(len(v.Parts.Values))})
	case areTexts(args):
		return m.arena.keep(term.View{Kind: term.Integer, Int: int64(utf8.RuneCountInString(v.String))})
	}
	return nil
}

func toNumber(m *Machine, args []*term.View) *term.View {
	switch v := args[0]; v.Kind {
	case term.Integer, term.Number:
		return v
	case term.Text:
		if n := term.ViewOfNumber(v.String); n.Kind == term.Integer {
			return m.arena.keep(n)
		}
	}
	return nil
}

// arithmetic is a function of two integers; it returns false where the result may not be one that a view holds.
func arithmetic(operate func(x, y int64) (int64, bool)) operation {
	return func(m *Machine, args []*term.View) *term.View {
		if !isFew(args[0]) || !isFew(args[1]) {
			return nil
		}
		n, ok := operate(args[0].Int, args[1].Int)
		if !ok {
			return nil
		}
		return m.arena.keep(term.View{Kind: term.Integer, Int: n})
	}
}

// isFew reports whether a view is an integer that is written with at most 19 bytes: functions of two of them are charged nothing beyond
// their statements.
func isFew(v *term.View) bool { return v.Kind == term.Integer && v.Int > -1_000_000_000_000_000_000 }

func plus(x, y int64) (int64, bool) {
	sum := x + y
	return sum, (sum > x) == (y > 0)
}

func minus(x, y int64) (int64, bool) {
	difference := x - y
	return difference, (difference < x) == (y > 0)
}

func times(x, y int64) (int64, bool) {
	high, low := bits.Mul64(magnitude(x), magnitude(y))
	return x * y, high == 0 && low <= math.MaxInt64
}

func magnitude(n int64) uint64 { return uint64(max(n, -n)) } //nolint:gosec // never the least integer: see isFew

func remainder(x, y int64) (int64, bool) {
	if y == 0 {
		return 0, false
	}
	return x % y, true
}

// divide leaves the quotient to be worked out when its digits are needed, which most comparisons can do without.
func divide(m *Machine, args []*term.View) *term.View {
	if !isFew(args[0]) || !isFew(args[1]) || args[1].Int == 0 {
		return nil
	}
	return m.arena.keep(term.View{Kind: term.Ratio, Int: args[0].Int, By: args[1].Int})
}

// objectGet is the function for an object and a key that is a text.
func objectGet(m *Machine, args []*term.View) *term.View {
	if args[0].Kind != term.Object || args[1].Kind != term.Text || len(args[1].String) >= maxText {
		return nil
	}
	if v := args[0].Member(args[1].String); v != nil {
		return v
	}
	return args[2]
}

// parseTime reads a time in its most frequent form: YYYY-MM-DDTHH:MM:SS, perhaps a fraction, and Z.
func parseTime(m *Machine, args []*term.View) *term.View {
	if !areTexts(args) {
		return nil
	}
	n, ok := nanoseconds(args[0].String)
	if !ok {
		return nil
	}
	return m.arena.keep(term.View{Kind: term.Integer, Int: n})
}

// nanoseconds returns a time since 1970. It leaves out the first and the last years of those that fit.
func nanoseconds(s string) (n int64, ok bool) {
	if len(s) < 20 || s[4] != '-' || s[7] != '-' || s[10] != 'T' || s[13] != ':' || s[16] != ':' || s[len(s)-1] != 'Z' {
		return 0, false
	}
	year, ok := digits(s[:4])
	month, ok1 := digits(s[5:7])
	day, ok2 := digits(s[8:10])
	hour, ok3 := digits(s[11:13])
	minute, ok4 := digits(s[14:16])
	second, ok5 := digits(s[17:19])
	fraction, ok6 := fractionOf(s[19 : len(s)-1])
	if !ok || !ok1 || !ok2 || !ok3 || !ok4 || !ok5 || !ok6 {
		return 0, false
	}
	if year < 1980 || year > 2200 || month < 1 || month > 12 || day < 1 || day > 28 || hour > 23 || minute > 59 || second > 59 {
		at, err := time.Parse(time.RFC3339, s)
		if err != nil || at.Year() < 1700 || at.Year() > 2200 {
			return 0, false
		}
		return at.UnixNano(), true
	}
	seconds := ((days(year, month, day)*24+hour)*60+minute)*60 + second
	return seconds*int64(time.Second) + fraction, true
}

// days returns the days from 1970 to a day of the Gregorian calendar.
func days(year, month, day int64) int64 {
	if month <= 2 { // the year begins in March, so that a leap day is the last of one
		year, month = year-1, month+12
	}
	return year*365 + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day - 719_469
}

func digits(s string) (n int64, ok bool) {
	for i := range len(s) {
		c := s[i] - '0'
		if c > 9 {
			return 0, false
		}
		n = n*10 + int64(c)
	}
	return n, true
}

// fractionOf returns the nanoseconds of a fraction of a second with its point, or of none.
func fractionOf(s string) (n int64, ok bool) {
	if s == "" {
		return 0, true
	}
	if s[0] != '.' || len(s) < 2 || len(s) > 10 {
		return 0, false
	}
	n, ok = digits(s[1:])
	for range 10 - len(s) {
		n *= 10
	}
	return n, ok
}
