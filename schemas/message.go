package schemas

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// breach is a rule of a schema that a value breaks.
type breach struct {
	keyword string
	rule    any            // what the schema says under the keyword
	around  map[string]any // the schema that the keyword stands in
	value   any
}

// message says in a few words what is wanted and what is there.
func (b breach) message() string {
	switch b.keyword {
	case "type":
		return "want " + b.wantedTypes() + ", got " + b.got()
	case "required":
		return b.missing()
	case "enum":
		return show(b.value) + " is not one of " + members(b.rule)
	case "const":
		return "want " + show(b.rule) + ", got " + show(b.value)
	case "format":
		return fmt.Sprintf("%s is not a %v", show(b.value), b.rule)
	case "pattern":
		return fmt.Sprintf("%s does not match %v%s", show(b.value), b.rule, b.meant())
	case "minimum":
		return fmt.Sprintf("%s is less than %v", show(b.value), b.rule)
	case "maximum":
		return fmt.Sprintf("%s is more than %v", show(b.value), b.rule)
	case "minLength":
		if b.value == "" {
			return "the text is empty"
		}
		return fmt.Sprintf("%s is shorter than %v characters", show(b.value), b.rule)
	case "minItems":
		return fmt.Sprintf("want at least %v in the list", b.rule)
	case "additionalProperties":
		return b.unknown()
	case "not":
		return "must not be here"
	}
	return "breaks the rule " + strconv.Quote(b.keyword) + " of the schema"
}

// meant says in the words of the schema what should be there, if it does: a pattern tells few people.
func (b breach) meant() string {
	description, _ := b.around["description"].(string)
	if description == "" {
		return ""
	}
	return "; wanted: " + strings.TrimSuffix(description, ".")
}

func (b breach) wantedTypes() string {
	if name, ok := b.rule.(string); ok {
		return name
	}
	var names []string
	texts(b.rule, &names)
	return strings.Join(names, " or ")
}

// got names the type of the value, or shows a number where an integer is wanted.
func (b breach) got() string {
	switch value := b.value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case json.Number:
		if strings.Contains(b.wantedTypes(), "integer") {
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

func (b breach) missing() string {
	var names []string
	texts(b.rule, &names)
	fields, _ := b.value.(map[string]any)
	names = slices.DeleteFunc(names, func(name string) bool {
		_, present := fields[name]
		return present
	})
	if len(names) == 1 {
		return "missing field " + clip(names[0])
	}
	return "missing fields " + list(names)
}

func (b breach) unknown() string {
	known, _ := b.around["properties"].(map[string]any)
	fields, _ := b.value.(map[string]any)
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(fields)), func(name string) bool {
		_, present := known[name]
		return present
	})
	if len(names) == 1 {
		return "unknown field " + clip(names[0])
	}
	return "unknown fields " + list(names)
}

// members lists what an enumeration allows.
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

// list quotes the first few names and counts the rest.
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

// show writes a value in as few words as do.
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

// clip quotes a text and cuts it after 40 characters, so that a message stays short whatever the evidence holds.
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
