package psobject

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// CamelCase spells the name of a property as .NET's JsonNamingPolicy.CamelCase does: the first
// letter, and every capital after it that another capital or the end follows, becomes lower case.
// Other names stay as they are.
func CamelCase(name string) string {
	for i := range len(name) {
		if name[i] >= utf8.RuneSelf {
			return camelCase(name)
		}
	}
	// Nearly all names: nothing to look up in tables of letters.
	small := 0
	for ; small < len(name) && isCapital(name[small]); small++ {
		if next := small + 1; small > 0 && next < len(name) && !isCapital(name[next]) && name[next] != ' ' {
			break
		}
	}
	return strings.ToLower(name[:small]) + name[small:]
}

// Property returns a property of a record by its name, in any case. Of several that differ in case
// only, the one that is spelled as given counts, or else the last in the order of bytes.
func Property(record map[string]any, name string) (value any, there bool) {
	if value, there = record[name]; there {
		return value, true
	}
	found := ""
	for other := range record {
		if other > found && strings.EqualFold(other, name) {
			found = other
		}
	}
	if found == "" {
		return nil, false
	}
	return record[found], true
}

// fieldOf returns the field that a property of an object at a place becomes. A file has the same properties in all of
// its records.
func (f *File) fieldOf(name string, properties map[string]any, place at) string {
	if properties == nil {
		return CamelCase(name)
	}
	key := [2]string{place.field, name}
	field, ok := f.fieldNames[key]
	if !ok {
		if len(f.fieldNames) == maxFieldNames {
			clear(f.fieldNames)
		}
		field = fieldOf(name, properties)
		f.fieldNames[key] = field
	}
	return field
}

// maxFieldNames bounds what is kept of names that a file makes up.
const maxFieldNames = 10_000

// fieldOf returns the field of a schema that has the name of a property in some case, or the name in camel case if the schema has none.
func fieldOf(name string, properties map[string]any) string {
	field := CamelCase(name)
	if _, known := properties[field]; known {
		return field
	}
	found := ""
	for other := range properties {
		if other > found && strings.EqualFold(other, name) {
			found = other
		}
	}
	if found != "" {
		return found
	}
	return field
}

func isCapital(c byte) bool { return c >= 'A' && c <= 'Z' }

func camelCase(name string) string {
	letters := []rune(name)
	for i := range letters {
		if !unicode.IsUpper(letters[i]) {
			break
		}
		// The last capital of a run begins the next word, unless that word
		// is separated by a space.
		if next := i + 1; i > 0 && next < len(letters) && !unicode.IsUpper(letters[next]) && letters[next] != ' ' {
			break
		}
		letters[i] = unicode.ToLower(letters[i])
	}
	return string(letters)
}
