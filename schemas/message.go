package schemas

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// assertion is a keyword of a schema that a value does not satisfy.
type assertion struct {
	keyword string
	rule    any            // the value of the keyword
	parent  map[string]any // the schema that has the keyword
	value   any            // in the evidence
}

// message returns what is wanted and what is there, in a few words.
func (a assertion) message() string {
	switch a.keyword {
	case "type":
		return "want " + a.wantedTypes() + ", got " + a.got()
	case "required":
		return a.missing()
	case "enum":
		return show(a.value) + " is not one of " + members(a.rule)
	case "const":
		return "want " + show(a.rule) + ", got " + show(a.value)
	case "format":
		return fmt.Sprintf("%s is not a %v", show(a.value), a.rule)
	case "pattern":
		return fmt.Sprintf("%s does not match %v%s", show(a.value), a.rule, a.meant())
	case "minimum":
		return fmt.Sprintf("%s is less than %v", show(a.value), a.rule)
	case "maximum":
		return fmt.Sprintf("%s is more than %v", show(a.value), a.rule)
	case "minLength":
		if a.value == "" {
			return "the text is empty"
		}
		return fmt.Sprintf("%s is shorter than %v characters", show(a.value), a.rule)
	case "minItems":
		return fmt.Sprintf("want at least %v in the list", a.rule)
	case "additionalProperties":
		return a.unknown()
	case "not":
		return "must not be here"
	}
	return "breaks the rule " + strconv.Quote(a.keyword) + " of the schema"
}

// meant returns the description of the field, which explains a pattern; "" if there is none.
func (a assertion) meant() string {
	description, _ := a.parent["description"].(string)
	if description == "" {
		return ""
	}
	return "; wanted: " + strings.TrimSuffix(description, ".")
}

func (a assertion) wantedTypes() string {
	if name, ok := a.rule.(string); ok {
		return name
	}
	var names []string
	texts(a.rule, &names)
	return strings.Join(names, " or ")
}

// got returns the type of the value, or the number itself where an integer is wanted.
func (a assertion) got() string {
	switch value := a.value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case json.Number:
		if strings.Contains(a.wantedTypes(), "integer") {
			return show(value)
		}
		return "number"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	}
	return "no JSON value"
}

func (a assertion) missing() string {
	var names []string
	texts(a.rule, &names)
	fields, _ := a.value.(map[string]any)
	names = slices.DeleteFunc(names, func(name string) bool {
		_, present := fields[name]
		return present
	})
	if len(names) == 1 {
		return "missing field " + clip(names[0])
	}
	return "missing fields " + list(names)
}

func (a assertion) unknown() string {
	known, _ := a.parent["properties"].(map[string]any)
	fields, _ := a.value.(map[string]any)
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(fields)), func(name string) bool {
		_, present := known[name]
		return present
	})
	if len(names) == 1 {
		return "unknown field " + clip(names[0])
	}
	return "unknown fields " + list(names)
}

// members returns the texts of an enumeration.
func members(rule any) string {
	values, _ := rule.([]any)
	var names []string
	for _, value := range values {
		if name, ok := value.(string); ok {
			names = append(names, name)
		}
	}
	return list(names)
}

// list returns the first few names, quoted, and the number of the others.
func list(names []string) string {
	const most = 8
	var quoted []string
	for _, name := range names[:min(len(names), most)] {
		quoted = append(quoted, clip(name))
	}
	if more := len(names) - most; more > 0 {
		quoted = append(quoted, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(quoted, ", ")
}

// show returns a short form of a value.
func show(value any) string {
	switch value := value.(type) {
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(value)
	case string:
		return clip(value)
	case json.Number:
		if len(value) > clipped {
			return string(value[:clipped]) + "…"
		}
		return string(value)
	case []any:
		return "an array"
	}
	return "an object"
}

const clipped = 40

// clip returns a text, quoted and cut after 40 characters, so that messages are short whatever the evidence holds.
func clip(text string) string {
	count := 0
	for i := range text {
		if count == clipped {
			return strconv.Quote(text[:i] + "…")
		}
		count++
	}
	return strconv.Quote(text)
}
