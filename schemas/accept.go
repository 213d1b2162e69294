package schemas

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// acceptor answers for the keywords that our schemas use most, without an allocation. It says yes only when the library
// would; anything it does not know, and anything wrong, is a no, and the library decides. A nil acceptor never says yes.
type acceptor struct {
	types     []string // empty: any
	required  []string
	fields    map[string]*acceptor
	closed    bool
	items     *acceptor // of arrays, when listed is set
	listed    bool
	enum      []any // strings and null; nil: any
	instant   bool  // format date-time
	minLength int
}

// newAcceptor reads a schema; it is nil for one with a keyword that is not known here.
func newAcceptor(shape map[string]any) *acceptor {
	a := &acceptor{}
	for keyword, rule := range shape {
		if !a.learn(keyword, rule) {
			return nil
		}
	}
	return a
}

func (a *acceptor) learn(keyword string, rule any) bool {
	switch keyword {
	case "$schema", "$id", "title", "description", "x-posture":
		return true
	case "type":
		if name, ok := rule.(string); ok {
			a.types = []string{name}
			return true
		}
		return texts(rule, &a.types)
	case "required":
		return texts(rule, &a.required)
	case "properties":
		return a.learnFields(rule)
	case "additionalProperties":
		open, ok := rule.(bool)
		a.closed = ok && !open
		return ok
	case "items":
		shape, ok := rule.(map[string]any)
		a.listed, a.items = true, newAcceptor(shape)
		return ok
	case "enum":
		values, ok := rule.([]any)
		a.enum = values
		return ok && !slices.ContainsFunc(values, func(value any) bool {
			_, text := value.(string)
			return !text && value != nil
		})
	case "format":
		a.instant = rule == "date-time"
		return a.instant
	case "minLength":
		number, ok := rule.(json.Number)
		length, err := strconv.Atoi(number.String())
		a.minLength = length
		return ok && err == nil
	}
	return false
}

func (a *acceptor) learnFields(rule any) bool {
	shapes, ok := rule.(map[string]any)
	a.fields = make(map[string]*acceptor, len(shapes))
	for name, field := range shapes {
		shape, object := field.(map[string]any)
		if !object {
			return false
		}
		a.fields[name] = newAcceptor(shape)
	}
	return ok
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

func (a *acceptor) accepts(value any) bool {
	if a == nil {
		return false
	}
	switch value := value.(type) {
	case nil:
		return a.allows("null") && (a.enum == nil || slices.Contains(a.enum, nil))
	case bool:
		return a.allows("boolean") && a.enum == nil
	case string:
		return a.allows("string") && a.acceptsText(value)
	case json.Number:
		return a.enum == nil && representable(value) && (a.allows("number") || a.allows("integer") && whole(value))
	case []any:
		return a.allows("array") && a.enum == nil && a.acceptsItems(value)
	case map[string]any:
		return a.allows("object") && a.enum == nil && a.acceptsFields(value)
	}
	return false
}

func (a *acceptor) allows(kind string) bool {
	return len(a.types) == 0 || slices.Contains(a.types, kind)
}

func (a *acceptor) acceptsText(value string) bool {
	if a.enum != nil && !slices.ContainsFunc(a.enum, func(member any) bool { return member == value }) {
		return false
	}
	if a.instant && !instant(value) {
		return false
	}
	return a.minLength == 0 || utf8.RuneCountInString(value) >= a.minLength
}

func (a *acceptor) acceptsItems(values []any) bool {
	for _, value := range values {
		if a.listed && !a.items.accepts(value) || !a.listed && !plain(value) {
			return false
		}
	}
	return true
}

func (a *acceptor) acceptsFields(values map[string]any) bool {
	for _, name := range a.required {
		if _, present := values[name]; !present {
			return false
		}
	}
	for name, value := range values {
		field, known := a.fields[name]
		if known && !field.accepts(value) || !known && (a.closed || !plain(value)) {
			return false
		}
	}
	return true
}

// plain says whether a value that no schema describes is sound: JSON, with numbers that can be held.
func plain(value any) bool {
	switch value := value.(type) {
	case nil, bool, string:
		return true
	case json.Number:
		return representable(value)
	case []any:
		return !slices.ContainsFunc(value, func(item any) bool { return !plain(item) })
	case map[string]any:
		for _, field := range value {
			if !plain(field) {
				return false
			}
		}
		return true
	}
	return false
}

// whole says whether a number is certainly an integer; 1.0 and 1e3 are left to the library.
func whole(number json.Number) bool {
	digits := strings.TrimPrefix(string(number), "-")
	if digits == "" {
		return false
	}
	for _, digit := range []byte(digits) {
		if digit < '0' || digit > '9' {
			return false
		}
	}
	return true
}

// instant says whether a text is certainly a date-time of RFC 3339: the layout first, since [time.Parse] forgives more.
func instant(text string) bool {
	const layout = "0000-00-00T00:00:00"
	if len(text) < len(layout)+1 || strings.ContainsRune(text, ',') {
		return false
	}
	for i, wanted := range []byte(layout) {
		digit := text[i] >= '0' && text[i] <= '9'
		if (wanted == '0') != digit || wanted != '0' && wanted != text[i] {
			return false
		}
	}
	_, err := time.Parse(time.RFC3339, text)
	return err == nil
}
