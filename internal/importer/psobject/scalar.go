package psobject

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"github.com/posture-score/posture/schemas"
)

// scalar gives a value where the schema wants neither a list nor an object.
func (f *File) scalar(value any, shape map[string]any, wanted types, place at) (any, bool) {
	switch inner := value.(type) {
	case []any:
		return f.elements(inner, nil, place)
	case map[string]any:
		plain, ok := bare(inner, wanted)
		if !ok {
			return f.fields(inner, nil, place), true
		}
		value = plain
	}
	switch value := value.(type) {
	case string:
		return f.text(value, shape, wanted, place)
	case json.Number:
		if wanted.has("boolean") && !wanted.has("integer") && !wanted.has("number") && (value == "0" || value == "1") {
			return value == "1", true
		}
	}
	return value, true
}

// text gives a text where the schema wants a value that is neither a list nor an object.
func (f *File) text(text string, shape map[string]any, wanted types, place at) (any, bool) {
	if date, ok := Date(text); ok {
		return date, true
	}
	if isLeft(text, shape) {
		return f.lose(place)
	}
	if value, ok := textAs(text, wanted); ok {
		return value, true
	}
	if shape["format"] == instant {
		return timestamp(text), true
	}
	return schemas.Spell(shape, text), true
}

var (
	wholeNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)
	anyNumber   = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)
)

// textAs reads a text where the schema wants a boolean or a number and no text.
// Types of Exchange's own that are numbers, such as the SetSCL of a transport
// rule, come as texts from some versions of its module, and so does every value
// of a module that gives what its service answered.
func textAs(text string, wanted types) (any, bool) {
	switch {
	case wanted.has("string"):
		return nil, false
	case wanted.has("boolean") && strings.EqualFold(text, "true"):
		return true, true
	case wanted.has("boolean") && strings.EqualFold(text, "false"):
		return false, true
	case wanted.has("integer"):
		_, err := strconv.Atoi(text)
		return json.Number(text), err == nil && wholeNumber.MatchString(text) && text != "-0"
	case wanted.has("number"):
		_, err := strconv.ParseFloat(text, 64)
		return json.Number(text), err == nil && anyNumber.MatchString(text)
	}
	return nil, false
}
