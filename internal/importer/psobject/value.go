package psobject

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/posture-score/posture/schemas"
)

// scalar converts a value where the schema has neither a list nor an object.
func (f *File) scalar(value any, shape map[string]any, wanted types, place at) (any, bool) {
	switch inner := value.(type) {
	case []any:
		return f.elements(inner, nil, place)
	case map[string]any:
		plain, ok := unwrap(inner, wanted)
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

// text converts a text where the schema has neither a list nor an object.
func (f *File) text(text string, shape map[string]any, wanted types, place at) (any, bool) {
	if date, ok := Date(text); ok {
		return date, true
	}
	if isRemainder(text, shape) {
		return f.cutOff(place)
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

// textAs parses a text where the schema has a boolean or a number and no text. Types of Exchange's
// own that are numbers, such as the SetSCL of a transport rule, are texts in some versions of its
// module, and so is every value of a module that returns the response of its service.
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

// unpack removes the wrappings that PowerShell puts around lists and dates with members of their
// own.
func unpack(value any) any {
	wrapped, ok := value.(map[string]any)
	if !ok {
		return value
	}
	switch inner := wrapped["value"].(type) {
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

// counted returns the text that became of a list which Windows PowerShell wrapped below its depth.
func counted(object map[string]any) (string, bool) {
	text, ok := object["value"].(string)
	_, number := object["Count"].(json.Number)
	return text, ok && number && len(object) == 2
}

// unwrap returns the value in an object that PowerShell made of a scalar, such as a member of an
// enumeration ({"value":1,"Value":"AllowList"}), an id ({"value":"…","Guid":"…"}) or a date. Of its
// two forms it returns the one that the schema allows.
func unwrap(object map[string]any, wanted types) (any, bool) {
	for _, name := range []string{"Value", "value"} {
		inner, there := object[name]
		if there && fits(inner, wanted) {
			return inner, true
		}
	}
	return timeSpan(object, wanted)
}

// Unwrap returns the scalar of one of the given JSON types in an object that PowerShell made of it,
// or in a text. Any other value is returned as it is.
func Unwrap(value any, kinds ...any) any {
	wanted := types{kinds}
	value = unpack(value)
	if object, ok := value.(map[string]any); ok && !wanted.has("object") {
		if inner, ok := unwrap(object, wanted); ok {
			value = inner
		}
	}
	if text, ok := value.(string); ok {
		if read, ok := textAs(text, wanted); ok {
			return read
		}
	}
	return value
}

// fits reports whether a value has an allowed type, or is a text that can be parsed as one.
func fits(value any, wanted types) bool {
	switch value := value.(type) {
	case string:
		_, ok := textAs(value, wanted)
		return ok || wanted.has("string")
	case bool:
		return wanted.has("boolean")
	case json.Number, float64, int:
		return wanted.has("integer") || wanted.has("number")
	}
	return false
}

// timeSpan returns a TimeSpan that became an object in .NET's notation: [-][d.]hh:mm:ss[.fffffff].
func timeSpan(object map[string]any, wanted types) (any, bool) {
	number, ok := object["Ticks"].(json.Number)
	if _, span := object["TotalDays"]; !ok || !span && object["TotalHours"] == nil || !wanted.has("string") {
		return nil, false
	}
	ticks, err := strconv.ParseInt(number.String(), 10, 64)
	if err != nil {
		return nil, false
	}
	const second, day = 10_000_000, 86_400
	sign := ""
	if ticks < 0 {
		sign, ticks = "-", -ticks
	}
	seconds, rest := ticks/second, ticks%second
	text := fmt.Sprintf("%02d:%02d:%02d", seconds/3600%24, seconds/60%60, seconds%60)
	if days := seconds / day; days > 0 {
		text = fmt.Sprintf("%d.%s", days, text)
	}
	if rest > 0 {
		text += fmt.Sprintf(".%07d", rest)
	}
	return sign + text, true
}

// Dates outside these years have no RFC 3339 form.
const (
	firstYear = 0
	lastYear  = 9999
)

// Date parses "/Date(1723812853000)/": milliseconds since 1970 in UTC, with an optional offset
// ("+0200") that does not change the instant. It returns RFC 3339 in UTC, and false for anything
// else.
func Date(text string) (string, bool) {
	inner, ok := strings.CutPrefix(text, "/Date(")
	if !ok {
		return "", false
	}
	if inner, ok = strings.CutSuffix(inner, ")/"); !ok {
		return "", false
	}
	// A sign after the first character begins the offset.
	if at := strings.LastIndexAny(inner, "+-"); at > 0 {
		if len(inner) != at+5 || !isDigits(inner[at+1:]) {
			return "", false
		}
		inner = inner[:at]
	}
	if !isDigits(strings.TrimPrefix(inner, "-")) {
		return "", false
	}
	ms, err := strconv.ParseInt(inner, 10, 64)
	if err != nil {
		return "", false
	}
	at := time.UnixMilli(ms).UTC()
	if at.Year() < firstYear || at.Year() > lastYear {
		return "", false
	}
	return at.Format(time.RFC3339Nano), true
}

func isDigits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}

// instant is the format of texts that are a time.
const instant = "date-time"

// timestamp returns a time as RFC 3339 in UTC. It may be in local time, as ConvertTo-Json writes
// it, with a blank, or without a zone: those of Microsoft's services are in UTC ("2020-11-03
// 10:13:34.8476880"). Any other text stays as it is, and so does a time with an ambiguous order of
// day and month.
func timestamp(text string) string {
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		if strings.HasSuffix(text, "Z") || at.UTC().Year() < firstYear || at.UTC().Year() > lastYear {
			return text
		}
		return at.UTC().Format(time.RFC3339Nano)
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 Z07:00", "2006-01-02 15:04:05 UTC", "2006-01-02T15:04Z07:00", "2006-01-02", "Mon, 02 Jan 2006 15:04:05 GMT"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC().Format(time.RFC3339Nano)
		}
	}
	return text
}
