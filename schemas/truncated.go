package schemas

import (
	"bytes"
	"strconv"
	"strings"
)

// truncated appends a violation for each text, in a field that the schema names, that ConvertTo-Json
// wrote in the place of an object or a list below its depth.
func truncated(shape map[string]any, value any, place string, found []Violation) []Violation {
	switch value := value.(type) {
	case string:
		if cutOff(value) {
			found = append(found, Violation{Pointer: place, Keyword: "type", Message: clip(value) + " is what ConvertTo-Json leaves below its depth: save it again with -Depth 10"})
		}
	case []any:
		items, ok := shape["items"].(map[string]any)
		for i, item := range value {
			if ok {
				found = truncated(items, item, place+"/"+strconv.Itoa(i), found)
			}
		}
	case map[string]any:
		properties, _ := shape["properties"].(map[string]any)
		for name, field := range value {
			if of, ok := properties[name].(map[string]any); ok {
				found = truncated(of, field, place+pointer([]string{name}), found)
			}
		}
	}
	return found
}

// cutOff reports whether a text is the notation of a hash table, or the name of a .NET type that holds other values.
func cutOff[T string | []byte](text T) bool {
	const system = "System."
	switch {
	case len(text) > 1 && text[0] == '@' && text[1] == '{':
		return true
	case len(text) < len(system) || string(text[:len(system)]) != system:
		return false
	}
	name := string(text[len(system):])
	return name == "Object" || strings.HasSuffix(name, "[]") || strings.HasPrefix(name, "Collections.")
}

// mayBeCutOff reports whether cutOff may hold for a text that has escapes.
func mayBeCutOff(text []byte) bool {
	for _, begin := range []string{"@", "S", `\u0040`, `\u0053`} {
		if bytes.HasPrefix(text, []byte(begin)) {
			return true
		}
	}
	return false
}
