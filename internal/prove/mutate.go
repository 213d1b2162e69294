package prove

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Mutation is a way to damage evidence.
type Mutation string

// The mutations.
const (
	Missing    Mutation = "missing"           // the field is not there
	Null       Mutation = "null"              // it is null
	WrongType  Mutation = "of the wrong type" // a text for a number, and the like
	Truncated  Mutation = "cut off"           // it is what a serializer leaves of a value below its depth
	OtherCase  Mutation = "in capitals"       // a text is
	Duplicated Mutation = "repeated"          // the whole record is there twice
	LeftOut    Mutation = "not there"         // the whole dataset is not
)

// ofFields are the mutations of single fields, in the order in which they are tried.
func ofFields() []Mutation { return []Mutation{Missing, Null, WrongType, Truncated, OtherCase} }

// mutate returns the value that replaces another; ok is false if the mutation changes nothing or
// can't be made. A field that is to be missing has no value.
func (m Mutation) mutate(value any) (mutated any, ok bool) {
	switch m {
	case Missing:
		return nil, true
	case Null:
		return nil, value != nil
	case WrongType:
		return wrongType(value), true
	case Truncated:
		return truncated(value)
	case OtherCase:
		text, isText := value.(string)
		return strings.ToUpper(text), isText && strings.ToUpper(text) != text
	}
	return nil, false
}

func wrongType(value any) any {
	switch value := value.(type) {
	case string:
		return 7
	case []any, map[string]any:
		return "x"
	case nil:
		return map[string]any{"x": "y"}
	default:
		return fmt.Sprint(value)
	}
}

// truncated is what ConvertTo-Json makes of a list or an object below its depth.
func truncated(value any) (any, bool) {
	switch value := value.(type) {
	case []any:
		words := make([]string, len(value))
		for i, element := range value {
			if text, ok := truncated(element); ok {
				element = text
			}
			words[i] = fmt.Sprint(element)
		}
		return strings.Join(words, " "), true
	case map[string]any:
		fields := make([]string, 0, len(value))
		for _, name := range slices.Sorted(maps.Keys(value)) {
			fields = append(fields, fmt.Sprintf("%s=%v", name, value[name]))
		}
		return "@{" + strings.Join(fields, "; ") + "}", true
	}
	return nil, false
}

// every means all elements of a list in a path.
const every = "*"

// maxPaths bounds how many fields of one dataset are damaged.
const maxPaths = 400

// pathsOf returns the fields that some record has, sorted: ["conditions" "users" "includeUsers"].
func pathsOf(content any) [][]string {
	seen := map[string][]string{}
	var walk func(path []string, value any)
	walk = func(path []string, value any) {
		switch value := value.(type) {
		case map[string]any:
			for name, field := range value {
				inner := append(slices.Clone(path), name)
				seen[strings.Join(inner, "\x00")] = inner
				walk(inner, field)
			}
		case []any:
			for _, element := range value {
				walk(append(slices.Clone(path), every), element)
			}
		}
	}
	if records, ok := content.([]any); ok {
		for _, record := range records {
			walk(nil, record)
		}
	} else {
		walk(nil, content)
	}
	paths := make([][]string, 0, len(seen))
	for _, key := range slices.Sorted(maps.Keys(seen)) {
		paths = append(paths, seen[key])
	}
	return paths[:min(len(paths), maxPaths)]
}

// damaged returns a copy of the content in which the field at a path is mutated wherever it is;
// changed is false if it is nowhere.
func damaged(content any, path []string, m Mutation) (copied any, changed bool) {
	switch content := content.(type) {
	case []any:
		rest := path
		if path[0] == every {
			rest = path[1:]
		}
		list := make([]any, len(content))
		for i, element := range content {
			inner, did := element, false
			if len(rest) > 0 {
				inner, did = damaged(element, rest, m)
			}
			list[i], changed = inner, changed || did
		}
		return list, changed
	case map[string]any:
		value, there := content[path[0]]
		if !there {
			return content, false
		}
		fields := maps.Clone(content)
		if len(path) > 1 {
			fields[path[0]], changed = damaged(value, path[1:], m)
			return fields, changed
		}
		mutated, ok := m.mutate(value)
		switch {
		case !ok:
			return content, false
		case m == Missing:
			delete(fields, path[0])
		default:
			fields[path[0]] = mutated
		}
		return fields, true
	}
	return content, false
}

// nullable reports whether a JSON Schema names null among the types of the field at a path.
func nullable(shape map[string]any, path []string) bool {
	for _, name := range path {
		inner, _ := shape["properties"].(map[string]any)
		if name == every {
			shape, _ = shape["items"].(map[string]any)
			continue
		}
		shape, _ = inner[name].(map[string]any)
	}
	types, _ := shape["type"].([]any)
	return slices.Contains(types, any("null"))
}
