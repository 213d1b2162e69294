package powershell

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// Convert gives value the names and the form that shape asks for. Value is
// decoded JSON (maps, slices, strings, booleans, nil and numbers of any type);
// it is not changed, but the result may share parts of it. Shape is a JSON
// Schema as decoded JSON; fields it does not know keep their form and only get
// their names and dates converted.
func Convert(value any, shape map[string]any) any {
	converted, _ := convert(value, shape)
	return converted
}

// convert also tells whether the value is there at all: false for one that
// PowerShell cut off.
func convert(value any, shape map[string]any) (any, bool) {
	wanted := typesOf(shape)
	value = unpack(value)
	switch {
	case wanted.has("array"):
		return list(value, shape, wanted)
	case wanted.has("object"):
		return object(value, shape, wanted)
	}
	switch value := value.(type) {
	case string:
		if date, ok := Date(value); ok {
			return date, true
		}
		if number, ok := integer(value, wanted); ok {
			return number, true
		}
		return value, true
	case []any:
		return elements(value, itemsOf(shape))
	case map[string]any:
		return fields(value, shape), true
	}
	return value, true
}

// integer reads a text where the schema wants a number and no text. Types of
// Exchange's own that are numbers, such as the SetSCL of a transport rule, come
// as texts from some versions of its module.
func integer(text string, wanted types) (json.Number, bool) {
	if wanted.has("string") || !wanted.has("integer") && !wanted.has("number") {
		return "", false
	}
	n, err := strconv.Atoi(text)
	return json.Number(text), err == nil && strconv.Itoa(n) == text
}

// list gives a value where the schema wants a list.
func list(value any, shape map[string]any, wanted types) (any, bool) {
	items := itemsOf(shape)
	switch value := value.(type) {
	case nil:
		if wanted.has("null") {
			return nil, true
		}
		return []any{}, true
	case []any:
		return elements(value, items)
	case map[string]any:
		if len(value) == 0 {
			return []any{}, true
		}
	case string:
		// An empty list that is cut off reads as an empty string.
		if value == "" {
			return []any{}, true
		}
		// A type of Exchange's own may be an element; a bare type of .NET's
		// or a hash table is what is left of the list.
		if isCutOff(value) && !strings.HasPrefix(value, "Microsoft.") {
			return nil, false
		}
	}
	return elements([]any{value}, items)
}

// object gives a value where the schema wants an object.
func object(value any, shape map[string]any, wanted types) (any, bool) {
	if list, ok := value.([]any); ok {
		switch {
		case len(list) == 1:
			value = list[0]
		case len(list) == 0 && wanted.has("null"):
			return nil, true
		}
	}
	switch value := value.(type) {
	case map[string]any:
		// The Graph SDK writes a part that isn't set as an object whose every
		// leaf is null. An empty list is a value.
		if wanted.has("null") && isHollow(value) {
			return nil, true
		}
		return fields(value, shape), true
	case string:
		if isCutOff(value) {
			return nil, false
		}
	}
	return value, true
}

func fields(value, shape map[string]any) map[string]any {
	properties, _ := shape["properties"].(map[string]any)
	converted := make(map[string]any, len(value))
	// In order, so that of two names that become one the same always wins.
	names := make([]string, 0, len(value))
	for name := range value {
		if !isAnnotation(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		field := CamelCase(name)
		of, _ := properties[field].(map[string]any)
		if v, ok := convert(value[name], of); ok {
			converted[field] = v
		}
	}
	return converted
}

// elements gives the elements of a list. A list that lost an element to the
// depth is lost whole: a shorter one could say less than the tenant has, such
// as fewer exceptions.
func elements(value []any, shape map[string]any) (any, bool) {
	nullable := shape == nil || typesOf(shape).has("null")
	converted := make([]any, 0, len(value))
	for _, element := range value {
		if element == nil && !nullable {
			continue
		}
		v, ok := convert(element, shape)
		if !ok {
			return nil, false
		}
		converted = append(converted, v)
	}
	return converted, true
}

// unpack takes away the wrappings that Windows PowerShell puts around lists
// and dates which carry members of their own.
func unpack(value any) any {
	wrapped, ok := value.(map[string]any)
	if !ok {
		return value
	}
	inner, ok := wrapped["value"]
	if !ok {
		return value
	}
	switch inner := inner.(type) {
	case []any:
		if _, counted := wrapped["Count"]; counted && len(wrapped) == 2 {
			return inner
		}
	case string:
		if _, ok := Date(inner); ok {
			return inner
		}
	}
	return value
}

// isCutOff reports whether text is what PowerShell leaves of a value below its
// depth: a hash table's notation or the name of a .NET type.
func isCutOff(text string) bool {
	return strings.HasPrefix(text, "@{") || strings.HasPrefix(text, "System.") || strings.HasPrefix(text, "Microsoft.")
}

// isAnnotation reports whether a name is OData's or Graph's own. The type of an object is
// kept: some datasets tell their records apart by it.
func isAnnotation(name string) bool {
	if name == "@odata.type" {
		return false
	}
	return strings.Contains(name, "@odata.") || strings.Contains(name, "@microsoft.graph.")
}

func isHollow(value any) bool {
	switch value := value.(type) {
	case nil:
		return true
	case map[string]any:
		for _, v := range value {
			if !isHollow(v) {
				return false
			}
		}
		return true
	}
	return false
}

// types are the JSON types that a schema allows, as it says them: a name, a
// list of names, or nothing.
type types struct{ named any }

func (t types) has(name string) bool {
	if names, ok := t.named.([]any); ok {
		return slices.Contains(names, any(name))
	}
	return t.named == name
}

func typesOf(shape map[string]any) types { return types{shape["type"]} }

func itemsOf(shape map[string]any) map[string]any {
	items, _ := shape["items"].(map[string]any)
	return items
}
