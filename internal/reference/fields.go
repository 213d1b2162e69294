package reference

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// field is one field of a dataset, as its schema has it.
type field struct {
	path        string // users.includeUsers, rules[].name
	kind        string // Markdown
	description string
}

// deepest bounds how far schemas that refer to themselves are followed.
const deepest = 12

// fields lists the fields of a schema: those that are always there first, then by name, each followed by those below it.
func fields(shape map[string]any) []field {
	w := walk{root: shape}
	w.object("", shape, 0)
	return w.found
}

// walk goes through a schema.
type walk struct {
	root  map[string]any
	found []field
}

// object adds what an object holds.
func (w *walk) object(path string, shape map[string]any, depth int) {
	properties, _ := shape["properties"].(map[string]any)
	required := words(shape["required"])
	names := slices.SortedFunc(maps.Keys(properties), func(a, b string) int {
		if first, second := slices.Contains(required, a), slices.Contains(required, b); first != second {
			if first {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	})
	for _, name := range names {
		w.add(path+name, w.resolve(properties[name]), slices.Contains(required, name), depth)
	}
	if others := w.resolve(shape["additionalProperties"]); others != nil {
		w.add(path+"*", others, false, depth)
	}
}

// add adds a field and what is below it.
func (w *walk) add(path string, shape map[string]any, required bool, depth int) {
	kind := w.kind(shape)
	if required {
		kind += " (required)"
	}
	description, _ := shape["description"].(string)
	w.found = append(w.found, field{path: path, kind: kind, description: description})
	for shape != nil && depth < deepest {
		if shape["items"] == nil {
			w.object(path+".", shape, depth+1)
			return
		}
		path, shape, depth = path+"[]", w.resolve(shape["items"]), depth+1
	}
}

// resolve returns a schema, or what it refers to with its own description.
func (w *walk) resolve(schema any) map[string]any {
	shape, _ := schema.(map[string]any)
	reference, ok := shape["$ref"].(string)
	if !ok {
		return shape
	}
	definitions, _ := w.root["$defs"].(map[string]any)
	target, _ := definitions[strings.TrimPrefix(reference, "#/$defs/")].(map[string]any)
	merged := maps.Clone(target)
	if merged == nil {
		merged = map[string]any{}
	}
	for name, value := range shape {
		if name != "$ref" {
			merged[name] = value
		}
	}
	return merged
}

// kind says in words what a value may be.
func (w *walk) kind(shape map[string]any) string {
	types := words(shape["type"])
	kinds := slices.DeleteFunc(slices.Clone(types), func(t string) bool { return t == "null" })
	for i, kind := range kinds {
		if kind == "array" {
			kinds[i] = w.list(w.resolve(shape["items"]))
		}
	}
	kind := strings.Join(kinds, " or ")
	switch format, _ := shape["format"].(string); {
	case shape["enum"] != nil:
		kind = "one of " + enumerated(shape)
	case shape["const"] != nil:
		kind = value(shape["const"])
	case format != "" && kind == "string":
		kind = text(format)
	case kind == "":
		kind = "any"
	}
	if slices.Contains(types, "null") {
		kind += " or null"
	}
	return kind
}

// list says what a list is of.
func (w *walk) list(items map[string]any) string {
	if items["enum"] != nil {
		return "list of " + enumerated(items)
	}
	kind := w.kind(items)
	switch {
	case kind == "any":
		return "list"
	case strings.HasPrefix(kind, "list"):
		return "list of " + strings.Replace(kind, "list", "lists", 1)
	case strings.Contains(kind, " "):
		return "list of " + kind
	default:
		return "list of " + kind + "s"
	}
}

// enumerated lists the values of an enumeration. Text stands without quotes.
func enumerated(shape map[string]any) string {
	values, _ := shape["enum"].([]any)
	var named []string
	for _, v := range values {
		switch v := v.(type) {
		case nil: // said by the type
		case string:
			named = append(named, code(v))
		default:
			named = append(named, value(v))
		}
	}
	return strings.Join(named, ", ")
}

// words returns a list of names, which a schema may shorten to one name.
func words(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		list := make([]string, len(v))
		for i, word := range v {
			list[i] = fmt.Sprint(word)
		}
		return list
	default:
		return nil
	}
}
