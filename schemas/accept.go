package schemas

import (
	"cmp"
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// Invariant: an acceptor accepts a value only if the library would. It rejects what is invalid or what
// it does not know, and then the library decides. It is immutable, and safe for concurrent use.

// acceptor checks values against the keywords that our schemas use, without an allocation where strings
// are canonical: acceptsValue takes a decoded value, acceptsText takes JSON. A nil acceptor accepts
// nothing.
type acceptor struct {
	fold      *Fold // to the canonical form in which strings are compared; nil if they are compared as they are
	anything  bool  // any JSON; the other fields are not set
	kinds     kinds
	fields    map[string]member
	required  uint64    // the marks of required fields
	closed    bool      // no other fields are allowed
	rest      *acceptor // of other fields; nil for any
	items     *acceptor
	enum      []string // the allowed strings; nil if all are
	instant   bool     // format date-time
	pattern   *regexp.Regexp
	minLength int
	rules     *rules // nil if there are none
	marks     int    // how many marks are given
}

// member is a field that a schema names.
type member struct {
	shape *acceptor
	mark  uint64 // a bit of its own if it matters whether the field is there, or 0
}

// kinds is a set of JSON's types.
type kinds uint8

const (
	kindNull kinds = 1 << iota
	kindBoolean
	kindText
	kindInteger
	kindNumber
	kindArray
	kindObject
	kindAny = kindNull | kindBoolean | kindText | kindInteger | kindNumber | kindArray | kindObject
)

// newAcceptor compiles a schema; it returns nil for a schema with a keyword that is not known here.
// fold is that of the values, or nil.
func newAcceptor(shape map[string]any, fold *Fold) *acceptor {
	definitions, _ := shape["$defs"].(map[string]any)
	return (&acceptorCompiler{definitions: definitions}).acceptor(shape, fold, true)
}

// acceptor compiles a schema: the root, or one within it.
func (c *acceptorCompiler) acceptor(shape map[string]any, fold *Fold, root bool) *acceptor {
	a := &acceptor{fold: fold, kinds: kindAny, items: &acceptor{anything: true}, rules: &rules{}}
	late := map[string]func(*acceptorCompiler, any) bool{ // in this order: they follow from types and fields
		"const": a.compileConst, "enum": a.compileEnum, "required": a.compileRequired, "oneOf": a.compileOne, "dependentSchemas": a.compileDependents,
	}
	for keyword, rule := range shape {
		if late[keyword] == nil && !a.compile(c, keyword, rule, root) {
			return nil
		}
	}
	for _, keyword := range []string{"const", "enum", "required", "oneOf", "dependentSchemas"} {
		if rule, ok := shape[keyword]; ok && !late[keyword](c, rule) {
			return nil
		}
	}
	if reflect.DeepEqual(*a.rules, rules{}) {
		a.rules = nil
	}
	return a
}

func (a *acceptor) compile(c *acceptorCompiler, keyword string, rule any, root bool) bool {
	switch keyword {
	case "$id", "$defs": // references are to the definitions of the root
		return root
	case "$schema", "$comment", "title", "description", "default", "examples", "deprecated", "x-posture":
		return true
	case "type":
		return a.compileType(rule)
	case "properties":
		return a.compileProperties(c, rule)
	case "additionalProperties":
		if shape, ok := rule.(map[string]any); ok && a.fold == nil {
			a.rest = c.acceptor(shape, nil, false)
			return a.rest != nil
		}
		open, ok := rule.(bool)
		a.closed = ok && !open
		return ok
	case "items":
		shape, ok := rule.(map[string]any)
		a.items = c.acceptor(shape, a.fold.Elements(), false)
		return ok
	case "format":
		a.instant = rule == "date-time"
		word, _ := rule.(string)
		return a.instant || slices.Contains(Formats(), word)
	case "pattern":
		pattern, ok := rule.(string)
		expression, err := regexp.Compile(pattern)
		a.pattern = expression
		return ok && err == nil
	case "minLength":
		digits, ok := rule.(json.Number)
		length, err := strconv.Atoi(digits.String())
		a.minLength = length
		return ok && err == nil && length >= 0
	}
	return a.compileRule(c, keyword, rule)
}

func (a *acceptor) compileType(rule any) bool {
	var names []string
	if name, ok := rule.(string); ok {
		names = []string{name}
	} else if !texts(rule, &names) {
		return false
	}
	a.kinds = 0
	for _, name := range names {
		kind := kindOf(name)
		if kind == 0 {
			return false
		}
		a.kinds |= kind
	}
	return true
}

func kindOf(name string) kinds {
	switch name {
	case "null":
		return kindNull
	case "boolean":
		return kindBoolean
	case "string":
		return kindText
	case "integer":
		return kindInteger
	case "number":
		return kindNumber | kindInteger
	case "array":
		return kindArray
	case "object":
		return kindObject
	}
	return 0
}

func (a *acceptor) compileProperties(c *acceptorCompiler, rule any) bool {
	shapes, ok := rule.(map[string]any)
	a.fields = make(map[string]member, len(shapes))
	for name, field := range shapes {
		shape, ok := field.(map[string]any)
		if !ok {
			return false
		}
		a.fields[name] = member{shape: c.acceptor(shape, a.fold.Field(name), false)}
	}
	return ok
}

// compileEnum compiles an enumeration of strings and null, after the types.
func (a *acceptor) compileEnum(_ *acceptorCompiler, rule any) bool {
	members, ok := rule.([]any)
	ok = ok && a.enum == nil // of a constant
	allowed := kinds(0)
	for _, value := range members {
		switch value := value.(type) {
		case nil:
			allowed |= kindNull
		case string:
			allowed |= kindText
			a.enum = append(a.enum, value)
		default:
			return false
		}
	}
	a.kinds &= allowed
	return ok
}

// compileRequired compiles the names of required fields, after the fields.
func (a *acceptor) compileRequired(_ *acceptorCompiler, rule any) bool {
	var names []string
	if !texts(rule, &names) {
		return false
	}
	marks, ok := a.mark(names)
	a.required = marks
	return ok
}

// mark gives fields a mark each, as long as there are any. A field without a schema accepts anything, unless the schema is closed.
func (a *acceptor) mark(names []string) (marks uint64, ok bool) {
	if a.fields == nil {
		a.fields = make(map[string]member, len(names))
	}
	for _, name := range names {
		field, known := a.fields[name]
		if !known && !a.closed {
			field.shape = cmp.Or(a.rest, &acceptor{anything: true})
		}
		if field.mark == 0 {
			if a.marks == 64 {
				return 0, false
			}
			field.mark = 1 << a.marks
			a.marks++
		}
		a.fields[name] = field
		marks |= field.mark
	}
	return marks, true
}

func texts(rule any, into *[]string) bool {
	values, ok := rule.([]any)
	for _, value := range values {
		text, isText := value.(string)
		if !isText {
			return false
		}
		*into = append(*into, text)
	}
	return ok
}

func (a *acceptor) allows(kind kinds) bool { return a.kinds&kind != 0 }

// allowsText reports whether a string is allowed, apart from the pattern. Bytes are UTF-8 without escapes.
func allowsText[T string | []byte](a *acceptor, value T) bool {
	if !a.allows(kindText) || cutOff(value) {
		return false
	}
	if a.enum != nil && !slices.ContainsFunc(a.enum, func(member string) bool { return member == string(value) }) &&
		(a.fold == nil || !knows(a.fold, value)) {
		return false
	}
	return (a.minLength == 0 || characters(value) >= a.minLength) && (!a.instant || instant(value))
}

// allowsNumber reports whether a number is allowed, if it is representable.
func allowsNumber[T string | []byte](a *acceptor, digits T) bool {
	return a.allows(kindNumber) || a.allows(kindInteger) && whole(digits)
}

// characters counts the characters of a string; invalid UTF-8 may count less.
func characters[T string | []byte](text T) int {
	count := 0
	for i := range len(text) {
		if text[i]&0xC0 != 0x80 {
			count++
		}
	}
	return count
}

// whole reports whether a number is certainly an integer; 1.0 and 1e3 are left to the library.
func whole[T string | []byte](digits T) bool {
	start := 0
	if len(digits) > 0 && digits[0] == '-' {
		start = 1
	}
	for i := start; i < len(digits); i++ {
		if !digit(digits[i]) {
			return false
		}
	}
	return len(digits) > start
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// instant reports whether a string is certainly a date-time of RFC 3339. Small letters and leap seconds
// are left to the library.
func instant[T string | []byte](text T) bool {
	const layout = "0000-00-00T00:00:00"
	if len(text) <= len(layout) {
		return false
	}
	for i, wanted := range []byte(layout) {
		if wanted != text[i] && (wanted != '0' || !digit(text[i])) {
			return false
		}
	}
	year, month, day := pair(text, 0)*100+pair(text, 2), pair(text, 5), pair(text, 8)
	if month < 1 || month > 12 || day < 1 || day > 28 && day > lastDay(year, month) {
		return false
	}
	if pair(text, 11) > 23 || pair(text, 14) > 59 || pair(text, 17) > 59 {
		return false
	}
	i := len(layout)
	if text[i] == '.' {
		start := i + 1
		for i = start; i < len(text) && digit(text[i]); i++ {
		}
		if i == start {
			return false
		}
	}
	return zone(text, i)
}

// zone reports whether Z or an offset such as +01:00 is at i, and nothing follows it.
func zone[T string | []byte](text T, i int) bool {
	if len(text) == i+1 {
		return text[i] == 'Z'
	}
	if len(text) != i+len("+00:00") || text[i] != '+' && text[i] != '-' || text[i+3] != ':' {
		return false
	}
	for _, at := range []int{1, 2, 4, 5} {
		if !digit(text[i+at]) {
			return false
		}
	}
	return pair(text, i+1) <= 23 && pair(text, i+4) <= 59
}

// pair reads two digits.
func pair[T string | []byte](text T, i int) int { return int(text[i]-'0')*10 + int(text[i+1]-'0') }

func lastDay(year, month int) int {
	return time.Date(year, time.Month(month+1), 0, 0, 0, 0, 0, time.UTC).Day()
}
