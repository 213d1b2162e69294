package reference

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/posture-score/posture/schemas"
)

// Field is a field of a record, or of a document.
type Field struct {
	Path        string   `json:"path"` // users.includeUsers, rules[].name
	Types       []string `json:"types"`
	Format      string   `json:"format,omitempty"`
	Enum        []any    `json:"enum,omitempty"`
	Required    bool     `json:"required"`
	Description string   `json:"description,omitempty"`

	shape map[string]any
}

// Fields returns the fields of a dataset: required ones first, then by name, each followed by those
// below it.
func Fields(d *schemas.Dataset) []Field { return fieldsOf("", d.Shape(), nil) }

// fieldsOf appends the fields of an object.
func fieldsOf(path string, shape map[string]any, fields []Field) []Field {
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
		below, _ := properties[name].(map[string]any)
		field := Field{Path: path + name, Types: words(below["type"]), Required: slices.Contains(required, name), shape: below}
		field.Format, _ = below["format"].(string)
		field.Enum, _ = below["enum"].([]any)
		field.Description, _ = below["description"].(string)
		fields = append(fields, field)
		place := field.Path
		for below["items"] != nil {
			place += "[]"
			below, _ = below["items"].(map[string]any)
		}
		fields = fieldsOf(place+".", below, fields)
	}
	return fields
}

// Type returns in words what the field may hold. Values of an enumeration are written by literal;
// nil leaves them out.
func (f Field) Type(literal func(value any) string) string { return typeOf(f.shape, literal) }

// Values returns the values of an enumeration, of the field or of the elements of a list; "" where
// any value is allowed.
func (f Field) Values(literal func(value any) string) string {
	if items, ok := f.shape["items"].(map[string]any); ok {
		return enumerated(items, literal)
	}
	return enumerated(f.shape, literal)
}

func typeOf(shape map[string]any, literal func(any) string) string {
	types := words(shape["type"])
	kinds := slices.DeleteFunc(slices.Clone(types), func(t string) bool { return t == "null" })
	for i, kind := range kinds {
		if kind == "array" {
			items, _ := shape["items"].(map[string]any)
			kinds[i] = listOf(items, literal)
		}
	}
	kind := strings.Join(kinds, " or ")
	switch format, _ := shape["format"].(string); {
	case shape["enum"] != nil && literal != nil:
		kind = "one of " + enumerated(shape, literal)
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

func listOf(items map[string]any, literal func(any) string) string {
	if items["enum"] != nil && literal != nil {
		return "list of " + enumerated(items, literal)
	}
	kind := typeOf(items, literal)
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

// enumerated returns the values of an enumeration, without null, which the type says.
func enumerated(shape map[string]any, literal func(any) string) string {
	values, _ := shape["enum"].([]any)
	var named []string
	for _, v := range values {
		if v != nil {
			named = append(named, literal(v))
		}
	}
	return strings.Join(named, ", ")
}

// literal returns a value as Markdown code: a text without quotes.
func literal(v any) string {
	if text, ok := v.(string); ok {
		return code(text)
	}
	return value(v)
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
