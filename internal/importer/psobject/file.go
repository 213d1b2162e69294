package psobject

import (
	"maps"
	"slices"
	"strings"

	"github.com/posture-score/posture/evidence"
)

// File converts the records of one saved file to the shape of a dataset, and notes which of their
// fields were cut off. ConvertTo-Json cuts off every list and object below one level, which is the
// same in the whole file. So if a file has a list or an object at some level, nothing at that level
// or above it was cut off, and a text with a blank in it is a text, not a list of two. A File is
// for one dataset and not safe for concurrent use.
type File struct {
	name     string
	deepest  int             // level of the deepest list or object that was seen
	cut      map[string]bool // fields that were cut off
	joinedAt map[string]int  // fields with a text that may be a joined list, and the deepest level of such a text

	fieldNames map[[2]string]string // by the path of the object around it and the name of the property
}

// leastDepth is the smallest -Depth that all versions of ConvertTo-Json accept. PowerShell 7 also
// accepts 0, which is hardly ever used: it leaves no list and no object but one.
const leastDepth = 1

// NewFile returns a file without records.
func NewFile(name string) *File {
	return &File{name: name, cut: map[string]bool{}, joinedAt: map[string]int{}, fieldNames: map[[2]string]string{}}
}

// Convert returns a record with the names and in the form of shape, as the function [Convert] does. Level is the number
// of lists and objects around the record in the file: none around a lone object, one around the elements of a list, two
// around the records in the "value" of a response. Adapt, which may be nil, spells a record as the dataset does; it may
// change the record, and may move values down, or all of them up.
func (f *File) Convert(record map[string]any, level int, adapt func(map[string]any) map[string]any, shape map[string]any) any {
	// What adapt makes is no evidence of the depth, nor is what it takes away.
	deepest := depth(record, level)
	if adapt != nil {
		record = adapt(record)
		deepest = min(deepest, depth(record, level))
	}
	f.deepest = max(f.deepest, deepest)
	converted, _ := f.convert(record, shape, at{level: level, known: true})
	return converted
}

// Truncated returns the fields that were cut off in the records so far, sorted.
func (f *File) Truncated() []evidence.Truncated {
	fields := maps.Clone(f.cut)
	for field, level := range f.joinedAt {
		if level > max(f.deepest, leastDepth) {
			fields[field] = true
		}
	}
	var truncated []evidence.Truncated
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		truncated = append(truncated, evidence.Truncated{Field: field, File: f.name})
	}
	return truncated
}

// Files are the files of one dataset, by name.
type Files map[string]*File

// Of returns the file of a name, which it adds if there is none.
func (f Files) Of(name string) *File {
	if f[name] == nil {
		f[name] = NewFile(name)
	}
	return f[name]
}

// Truncated returns the fields that were cut off in the files, by file and field.
func (f Files) Truncated() []evidence.Truncated {
	var truncated []evidence.Truncated
	for _, name := range slices.Sorted(maps.Keys(f)) {
		truncated = append(truncated, f[name].Truncated()...)
	}
	return truncated
}

// at is the place of a value in a record.
type at struct {
	field string // the path of names to it, with dots; lists add none
	level int    // lists and objects around it in the file
	known bool   // the schema knows the field, or says nothing of what is in the one around it
}

// cutOff notes that the value at a place was cut off.
func (f *File) cutOff(place at) (any, bool) {
	if place.known && place.field != "" {
		f.cut[place.field] = true
	}
	return nil, false
}

// maybeJoined notes that a text may be a list whose elements were joined.
func (f *File) maybeJoined(place at) {
	if place.known && place.field != "" {
		f.joinedAt[place.field] = max(f.joinedAt[place.field], place.level)
	}
}

// within returns the place of a member.
func (a at) within(field string, known bool) at {
	a.level++
	a.known = a.known && known
	if a.field != "" {
		field = a.field + "." + field
	}
	a.field = field
	return a
}

// element returns the place of the elements of a list.
func (a at) element() at {
	a.level++
	return a
}

// inside returns the place of a member about which the schema says nothing: it is known if the
// field around it is.
func (a at) inside() at { return a.element() }

// depth returns the level of the deepest list or object in a value, or the one above the value if
// it is neither. An object that PowerShell may have wrapped around a value does not count: it is
// written at any depth, and its content is at its own level.
func depth(value any, level int) int {
	deepest := level - 1
	switch value := value.(type) {
	case []any:
		deepest = level
		for _, element := range value {
			deepest = max(deepest, depth(element, level+1))
		}
	case map[string]any:
		wrapped := false
		for name, member := range value {
			if strings.EqualFold(name, "value") {
				wrapped = true
				deepest = max(deepest, depth(member, level))
				continue
			}
			deepest = max(deepest, depth(member, level+1))
		}
		if !wrapped {
			deepest = max(deepest, level)
		}
	}
	return deepest
}

// IsPlaceholder reports whether a value is the text that PowerShell writes for a list or an object
// below its depth.
func IsPlaceholder(value any) bool {
	text, ok := value.(string)
	return ok && isPlaceholder(text)
}

// NoRecord returns the error of a value that is no object where a record should be.
func NoRecord(value any) *evidence.Error {
	if IsPlaceholder(value) {
		return &evidence.Error{Summary: "ConvertTo-Json cut off the record, which lies below its depth", Hint: "Save it again with -Depth 10."}
	}
	return &evidence.Error{Summary: "the record is no object"}
}

// isPlaceholder reports whether a text is what PowerShell writes for a list or an object below its
// depth.
func isPlaceholder(text string) bool {
	if strings.HasPrefix(text, "@{") || text == "[object Object]" {
		return true
	}
	name := typeName(text)
	switch parts := strings.Count(name, ".") + 1; {
	case name == "":
		return false
	case len(name) < len(text), name == "System.Object": // an array, a generic type or a nested one
		return true
	case strings.HasPrefix(name, "Microsoft."): // an application may have such a name, but a shorter one
		return parts > 3
	default:
		return parts > 2
	}
}

// typeName returns the name of the .NET type that a text is, without what follows it in generic
// types and arrays; "" if it is none.
func typeName(text string) string {
	name := strings.TrimPrefix(text, "Deserialized.")
	if !strings.HasPrefix(name, "System.") && !strings.HasPrefix(name, "Microsoft.") {
		return ""
	}
	if end := strings.IndexAny(name, "`[+"); end >= 0 {
		name = name[:end]
	}
	for _, part := range strings.Split(name, ".") {
		if part == "" || strings.ContainsFunc(part, isNoLetter) {
			return ""
		}
	}
	return name
}

func isNoLetter(r rune) bool {
	return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
}
