package psobject

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// unpack takes away the wrappings that PowerShell puts around lists and dates
// which carry members of their own, whatever the schema wants.
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

// counted gives the text that became of a list which Windows PowerShell wrapped below its depth.
func counted(object map[string]any) (string, bool) {
	text, ok := object["value"].(string)
	_, number := object["Count"].(json.Number)
	return text, ok && number && len(object) == 2
}

func isOne(count any) bool {
	n, ok := count.(json.Number)
	return ok && n == "1"
}

// bare gives the value in an object that PowerShell made of a value that is
// none, such as a member of an enumeration ({"value":1,"Value":"AllowList"}), an
// id ({"value":"…","Guid":"…"}) or a date. Of its two forms that which the schema wants is taken.
func bare(object map[string]any, wanted types) (any, bool) {
	for _, name := range []string{"Value", "value"} {
		inner, there := object[name]
		if there && fits(inner, wanted) {
			return inner, true
		}
	}
	return timeSpan(object, wanted)
}

// Plain gives the value in an object that PowerShell made of a value that is none, such as a member of an enumeration, where one of
// these types of JSON is wanted, and reads a text as one of them. It gives back anything else as it is.
func Plain(value any, kinds ...any) any {
	wanted := types{kinds}
	value = unpack(value)
	if object, ok := value.(map[string]any); ok && !wanted.has("object") {
		if inner, ok := bare(object, wanted); ok {
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

// fits reports whether a value has one of the types that are wanted, or is a
// text that can be read as one.
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

// timeSpan writes a TimeSpan that became an object as .NET writes it: [-][d.]hh:mm:ss[.fffffff].
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
