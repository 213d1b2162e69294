package powershell

import (
	"maps"
	"slices"
	"strings"
)

// CutOff names the first field of a record, of those that its shape knows, that
// ConvertTo-Json cut off below its depth; "" if there is none. It tells what
// [Convert] would leave out. The record is one as PowerShell wrote it.
//
// A list of texts that was cut off is those texts with spaces between them, and
// an empty one is an empty text. A record that has such fields, and neither a
// list nor an object anywhere, was cut off right below itself.
func CutOff(record, shape map[string]any) string {
	properties, _ := shape["properties"].(map[string]any)
	flat := isFlat(record)
	for _, name := range slices.Sorted(maps.Keys(record)) {
		of, ok := properties[CamelCase(name)].(map[string]any)
		if ok && lost(record[name], of, flat) {
			return name
		}
	}
	return ""
}

// lost reports whether a value is what is left of another.
func lost(value any, shape map[string]any, flat bool) bool {
	wanted := typesOf(shape)
	switch value := unpack(value).(type) {
	case string:
		switch {
		case wanted.has("array"):
			own := strings.HasPrefix(value, "Microsoft.") // an element, as in Convert
			return isCutOff(value) && !own || flat && (value == "" || strings.Contains(value, " "))
		case wanted.has("object"):
			return isCutOff(value)
		}
		return isContainer(value)
	case []any:
		if len(value) == 1 && wanted.has("object") && !wanted.has("array") {
			return lost(value[0], shape, false)
		}
		return slices.ContainsFunc(value, func(element any) bool { return lost(element, itemsOf(shape), false) })
	case map[string]any:
		if wanted.has("array") {
			shape = itemsOf(shape)
		}
		return shape != nil && CutOff(value, shape) != ""
	}
	return false
}

// isContainer knows the types of .NET that hold others. Where the schema wants
// a text, any other name of a type may be one.
func isContainer(text string) bool {
	return text == "System.Object[]" || strings.HasPrefix(text, "System.Collections.") || strings.HasPrefix(text, "System.Management.Automation.")
}

func isFlat(record map[string]any) bool {
	for _, value := range record {
		switch unpack(value).(type) {
		case []any, map[string]any:
			return false
		}
	}
	return true
}
