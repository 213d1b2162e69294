package schemas

import (
	"encoding/json"
	"slices"
)

// Invariant: a value that is accepted is decoded JSON with numbers in range, and valid.

func (a *acceptor) acceptsValue(value any) bool {
	if a == nil {
		return false
	}
	if a.anything {
		return plain(value)
	}
	return a.acceptsKind(value) && (a.rules == nil || a.rules.acceptsValue(value))
}

// acceptsKind is acceptsValue without the rules.
func (a *acceptor) acceptsKind(value any) bool {
	switch value := value.(type) {
	case nil:
		return a.allows(kindNull)
	case bool:
		return a.allows(kindBoolean)
	case string:
		return allowsText(a, value) && (a.pattern == nil || a.pattern.MatchString(a.fold.String(value)))
	case json.Number:
		return allowsNumber(a, string(value)) && inRange(value)
	case []any:
		return a.allows(kindArray) && !slices.ContainsFunc(value, func(item any) bool { return !a.items.acceptsValue(item) })
	case map[string]any:
		return a.allows(kindObject) && a.acceptsFields(value)
	}
	return false
}

func (a *acceptor) acceptsFields(values map[string]any) bool {
	seen := uint64(0)
	for name, value := range values {
		field, known := a.fields[name]
		switch {
		case known && !field.shape.acceptsValue(value),
			!known && a.closed,
			!known && a.rest != nil && !a.rest.acceptsValue(value),
			!known && a.rest == nil && !plain(value):
			return false
		}
		seen |= field.mark
	}
	return seen&a.required == a.required && (a.rules == nil || a.rules.acceptsMembers(values, seen))
}

// plain reports whether a value without a schema is decoded JSON with numbers in range.
func plain(value any) bool {
	switch value := value.(type) {
	case nil, bool, string:
		return true
	case json.Number:
		return inRange(value)
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
