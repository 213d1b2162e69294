package schemas

import (
	"encoding/json"
	"math/bits"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/posture-score/posture/internal/jsonscan"
)

// Invariant: as in accept.go, a rule holds only where the library would say so.

// rules are keywords that schemas of documents use, and few schemas of datasets. The zero value allows everything.
type rules struct {
	least, most *int64 // of a number
	longest     *int   // characters of a string
	filled      bool   // an array or object has something in it
	yes         bool   // the value is true
	all         []*acceptor
	one         []*acceptor // of kinds that have nothing in common, so that at most one of them allows a value
	exclusive   uint64      // the marks of fields of which exactly one is there
	dependents  []dependent
}

// dependent is a schema for objects that have one of some fields.
type dependent struct {
	marks uint64
	shape *acceptor
}

// acceptorCompiler compiles a schema and those that it refers to.
type acceptorCompiler struct {
	definitions map[string]any
	open        []string // definitions that are being compiled
}

// compileRule compiles a keyword of rules.
func (a *acceptor) compileRule(c *acceptorCompiler, keyword string, rule any) bool {
	switch keyword {
	case "minimum", "maximum":
		bound, err := strconv.ParseInt(number(rule), 10, 32)
		if keyword == "minimum" {
			a.rules.least = &bound
		} else {
			a.rules.most = &bound
		}
		return err == nil
	case "maxLength":
		length, err := strconv.Atoi(number(rule))
		a.rules.longest = &length
		return err == nil && length >= 0
	case "minItems", "minProperties":
		a.rules.filled = true
		return number(rule) == "1"
	case "$ref":
		return a.compileReference(c, rule)
	}
	return false
}

// compileConst compiles a constant: a text, or true.
func (a *acceptor) compileConst(_ *acceptorCompiler, rule any) bool {
	if text, ok := rule.(string); ok {
		a.enum = []string{text}
		a.kinds &= kindText
		return true
	}
	a.rules.yes = true
	a.kinds &= kindBoolean
	return rule == true
}

func number(rule any) string {
	digits, _ := rule.(json.Number)
	return digits.String()
}

// compileReference compiles what a reference to a definition of the same schema leads to. One that leads to itself is not known here.
func (a *acceptor) compileReference(c *acceptorCompiler, rule any) bool {
	reference, _ := rule.(string)
	name, ok := strings.CutPrefix(reference, "#/$defs/")
	shape, found := c.definitions[name].(map[string]any)
	if !ok || !found || slices.Contains(c.open, name) {
		return false
	}
	c.open = append(c.open, name)
	to := c.acceptor(shape, a.fold, false)
	c.open = c.open[:len(c.open)-1]
	a.rules.all = append(a.rules.all, to)
	return to != nil
}

// compileOne compiles oneOf: schemas of which one allows an object by the field that it requires, or schemas for different kinds.
func (a *acceptor) compileOne(c *acceptorCompiler, rule any) bool {
	shapes, ok := rule.([]any)
	if !ok || a.rules.one != nil {
		return false
	}
	var fields []string
	seen := kinds(0)
	for _, s := range shapes {
		shape, ok := s.(map[string]any)
		if !ok {
			return false
		}
		var required []string
		if len(shape) == 1 && texts(shape["required"], &required) && len(required) == 1 {
			fields = append(fields, required[0])
			continue
		}
		of := c.acceptor(shape, a.fold, false)
		if of == nil || of.every()&seen != 0 {
			return false
		}
		seen |= of.every()
		a.rules.one = append(a.rules.one, of)
	}
	if len(fields) == 0 {
		return true
	}
	mask, ok := a.mark(fields)
	a.rules.exclusive = mask
	// All of them allow what is no object, so that not exactly one does.
	return ok && len(a.rules.one) == 0 && a.kinds == kindObject && bits.OnesCount64(mask) == len(fields)
}

// every returns the kinds that a value can have which is allowed.
func (a *acceptor) every() kinds {
	kinds := a.kinds
	if a.anything {
		kinds = kindAny
	}
	if kinds&kindNumber != 0 {
		kinds |= kindInteger
	}
	if a.rules != nil {
		for _, of := range a.rules.all {
			kinds &= of.every()
		}
	}
	return kinds
}

// compileDependents compiles the schemas for objects with certain fields. Those that are equal become one.
func (a *acceptor) compileDependents(c *acceptorCompiler, rule any) bool {
	shapes, ok := rule.(map[string]any)
	if !ok {
		return false
	}
	var compiled []map[string]any
	for _, name := range sortedNames(shapes) {
		shape, isShape := shapes[name].(map[string]any)
		marks, marked := a.mark([]string{name})
		if !isShape || !marked {
			return false
		}
		if i := slices.IndexFunc(compiled, func(other map[string]any) bool { return reflect.DeepEqual(shape, other) }); i >= 0 {
			a.rules.dependents[i].marks |= marks
			continue
		}
		of := c.acceptor(shape, a.fold, false)
		if of == nil {
			return false
		}
		compiled = append(compiled, shape)
		a.rules.dependents = append(a.rules.dependents, dependent{marks, of})
	}
	return true
}

func sortedNames(shapes map[string]any) []string {
	names := make([]string, 0, len(shapes))
	for name := range shapes {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// bounded reports whether a number is certainly within the bounds. One with an exponent, or that is huge, is left to the library.
func bounded[T string | []byte](r *rules, digits T) bool {
	if r.least == nil && r.most == nil {
		return true
	}
	floor, ceiling, ok := around(digits)
	return ok && (r.least == nil || floor >= *r.least) && (r.most == nil || ceiling <= *r.most)
}

// around returns the integers next to a number, which are the same for an integer.
func around[T string | []byte](digits T) (floor, ceiling int64, ok bool) {
	const most = 15 // digits that fit
	start, sign := 0, int64(1)
	if len(digits) > 0 && digits[0] == '-' {
		start, sign = 1, -1
	}
	i, whole := start, int64(0)
	for ; i < len(digits) && digit(digits[i]); i++ {
		if i-start == most {
			return 0, 0, false
		}
		whole = whole*10 + int64(digits[i]-'0')
	}
	floor, ceiling = sign*whole, sign*whole
	if i == len(digits) {
		return floor, ceiling, i > start
	}
	if digits[i] != '.' {
		return 0, 0, false
	}
	fraction := false
	for i++; i < len(digits); i++ {
		if !digit(digits[i]) {
			return 0, 0, false
		}
		fraction = fraction || digits[i] != '0'
	}
	switch {
	case fraction && sign > 0:
		ceiling++
	case fraction:
		floor--
	}
	return floor, ceiling, true
}

// exactlyOne reports whether exactly one of the fields is there of which that has to be.
func (r *rules) exactlyOne(seen uint64) bool {
	return r.exclusive == 0 || bits.OnesCount64(seen&r.exclusive) == 1
}

// matchMembers reports whether the rules allow an object that starts at i, and has the fields with these marks.
func (r *rules) matchMembers(b []byte, i int, seen uint64) bool {
	return r.exactlyOne(seen) && !slices.ContainsFunc(r.dependents, func(d dependent) bool { return d.marks&seen != 0 && d.shape.match(b, i) < 0 })
}

// acceptsMembers is matchMembers for decoded fields.
func (r *rules) acceptsMembers(values map[string]any, seen uint64) bool {
	return r.exactlyOne(seen) && !slices.ContainsFunc(r.dependents, func(d dependent) bool { return d.marks&seen != 0 && !d.shape.acceptsValue(values) })
}

// matchText reports whether the rules allow the value from i to end, which is allowed otherwise.
func (r *rules) matchText(b []byte, i, end int) bool {
	switch first := b[i]; {
	case first == '"':
		if r.longest != nil && end-i-2 > *r.longest { // bytes are at least as many as characters, and so are those of escapes
			return false
		}
	case first == '[' || first == '{':
		if inner := jsonscan.SkipSpace(b, i+1); r.filled && inner == end-1 {
			return false
		}
	case first == '-' || digit(first):
		if !bounded(r, b[i:end]) {
			return false
		}
	case first == 'f' && r.yes:
		return false
	}
	for _, of := range r.all {
		if of.match(b, i) != end {
			return false
		}
	}
	return len(r.one) == 0 || slices.ContainsFunc(r.one, func(of *acceptor) bool { return of.match(b, i) == end })
}

// acceptsValue reports whether the rules allow a decoded value, which is allowed otherwise.
func (r *rules) acceptsValue(value any) bool {
	switch value := value.(type) {
	case string:
		if r.longest != nil && len(value) > *r.longest {
			return false
		}
	case []any:
		if r.filled && len(value) == 0 {
			return false
		}
	case map[string]any:
		if r.filled && len(value) == 0 {
			return false
		}
	case json.Number:
		if !bounded(r, string(value)) {
			return false
		}
	case bool:
		if r.yes && !value {
			return false
		}
	}
	for _, of := range r.all {
		if !of.acceptsValue(value) {
			return false
		}
	}
	return len(r.one) == 0 || slices.ContainsFunc(r.one, func(of *acceptor) bool { return of.acceptsValue(value) })
}
