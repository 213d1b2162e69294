package scaffold

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// maxDepth bounds how deep in a record a field for the example is looked for.
const maxDepth = 3

// field is a field of a record or document that the example compares with a value.
type field struct {
	path     []string
	good     any // the value that complies
	bad      any
	distance int // how far the field is from a good example: a boolean at the top
}

// example returns the field that makes the simplest example of a rule; ok is false if the schema
// has no field with a simple value.
func example(shape map[string]any, key string) (best field, ok bool) {
	for _, f := range fields(shape, nil) {
		if len(f.path) == 1 && f.path[0] == key {
			f.distance += 100 // it names the record, so that comparing it says little
		}
		if !ok || f.distance < best.distance {
			best, ok = f, true
		}
	}
	return best, ok
}

// fields returns the fields with simple values, in the order of their names.
func fields(shape map[string]any, parents []string) []field {
	properties, _ := shape["properties"].(map[string]any)
	var found []field
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		property, _ := properties[name].(map[string]any)
		path := append(slices.Clone(parents), name)
		types := typesOf(property)
		f := field{path: path, distance: 2 * len(parents)}
		switch words := wordsOf(property); {
		case slices.Contains(types, "boolean"):
			f.good, f.bad = true, false
		case len(words) > 1:
			f.good, f.bad, f.distance = words[0], words[1], f.distance+1
		case slices.Contains(types, "integer"), slices.Contains(types, "number"):
			f.good, f.bad, f.distance = 1, 0, f.distance+3
		case slices.Contains(types, "string") && len(words) == 0:
			f.good, f.bad, f.distance = "example", "another", f.distance+6
		case slices.Contains(types, "object") && len(path) < maxDepth:
			found = append(found, fields(property, path)...)
			continue
		default:
			continue
		}
		found = append(found, f)
	}
	return found
}

func typesOf(property map[string]any) []string {
	switch types := property["type"].(type) {
	case string:
		return []string{types}
	case []any:
		var names []string
		for _, name := range types {
			if name, ok := name.(string); ok {
				names = append(names, name)
			}
		}
		return names
	}
	return nil
}

// wordsOf returns the texts of an enumeration.
func wordsOf(property map[string]any) []string {
	var words []string
	values, _ := property["enum"].([]any)
	for _, value := range values {
		if word, ok := value.(string); ok {
			words = append(words, word)
		}
	}
	return words
}

// ref returns the path as it follows a variable in Rego: dotted where that is possible.
func (f field) ref() string {
	var text strings.Builder
	for _, part := range f.path {
		if identifier.MatchString(part) && !slices.Contains(keywords(), part) {
			text.WriteString("." + part)
		} else {
			fmt.Fprintf(&text, "[%s]", literal(part))
		}
	}
	return text.String()
}

// object returns the Rego of an object that has the value at the path, and the other members at the top.
func (f field) object(value any, others ...string) string {
	text := literal(value)
	for _, part := range slices.Backward(f.path[1:]) {
		text = fmt.Sprintf("{%s: %s}", literal(part), text)
	}
	return "{" + strings.Join(append(others, literal(f.path[0])+": "+text), ", ") + "}"
}

func literal(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return "null" // values are literals of this package, and texts of schemas
	}
	return string(text)
}
