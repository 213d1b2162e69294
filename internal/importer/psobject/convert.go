package psobject

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// Convert returns value with the names and in the form of shape, a decoded JSON Schema. Value is
// decoded JSON (maps, slices, strings, booleans, nil and numbers of any type). It is not changed,
// but the result may share parts of it. Of fields that the schema does not know only names and
// dates are converted. Names of fields and words of enumerations may be in any case. What was cut
// off is left out; a [File] lists it.
func Convert(value any, shape map[string]any) any {
	converted, _ := NewFile("").convert(value, shape, at{known: true})
	return converted
}

// convert also returns false for a value that was cut off.
func (f *File) convert(value any, shape map[string]any, place at) (any, bool) {
	wanted := typesOf(shape)
	value = unpack(value)
	switch {
	case wanted.has("array"):
		return f.list(value, shape, wanted, place)
	case wanted.has("object"):
		return f.object(value, shape, wanted, place)
	case wanted.named != nil:
		return f.scalar(value, shape, wanted, place)
	}
	switch value := value.(type) {
	case string:
		if date, ok := Date(value); ok {
			return date, true
		}
		// The schema says nothing of it, and what is in a field that it knows may be read.
		if place.known && isPlaceholder(value) {
			return f.cutOff(place)
		}
	case []any:
		return f.elements(value, itemsOf(shape), place)
	case map[string]any:
		return f.fields(value, shape, place), true
	}
	return value, true
}

// list converts a value where the schema has a list.
func (f *File) list(value any, shape map[string]any, wanted types, place at) (any, bool) {
	items := itemsOf(shape)
	switch value := value.(type) {
	case nil:
		if wanted.has("null") {
			return nil, true
		}
		return []any{}, true
	case []any:
		return f.elements(value, items, place)
	case map[string]any:
		if len(value) == 0 {
			return []any{}, true
		}
		if inner, ok := value["value"].([]any); ok && !hasField(items, "value") {
			return f.elements(inner, items, place)
		}
		if inner, ok := counted(value); ok {
			return f.joined(inner, items, place, value["Count"])
		}
	case string:
		return f.joined(value, items, place, nil)
	}
	return f.elements([]any{value}, items, place)
}

// joined converts a list that became a text: a list of one became its element, an empty one an
// empty text, and a longer one, below the depth, its elements with blanks between them. Count is
// the number of elements, or nil.
func (f *File) joined(text string, items map[string]any, place at, count any) (any, bool) {
	wanted := typesOf(items)
	many := strings.ContainsAny(text, " \r\n\t")
	switch {
	case text == "":
		return []any{}, true
	case isRemainder(text, items), typeName(text) != "" && !isTypeList(items):
		return f.cutOff(place)
	case wanted.has("object") && !wanted.has("string"):
		return f.cutOff(place)
	case count == json.Number("1"):
	case many && count != nil, wereJoined(text, items):
		return f.cutOff(place)
	case many:
		f.maybeJoined(place)
	}
	return f.elements([]any{text}, items, place)
}

// object converts a value where the schema has an object.
func (f *File) object(value any, shape map[string]any, wanted types, place at) (any, bool) {
	if list, ok := value.([]any); ok {
		switch {
		case len(list) == 1:
			value = list[0]
		case len(list) == 0 && wanted.has("null"):
			return nil, true
		}
	}
	switch value := value.(type) {
	case map[string]any:
		// Windows PowerShell adds members even to what it cut off.
		if IsPlaceholder(value["value"]) && !hasField(shape, "value") {
			return f.cutOff(place)
		}
		// The Graph SDK writes a part that is not set as an object of nulls. An empty list is a value, and an empty
		// object lacks all of its fields.
		if wanted.has("null") && len(value) > 0 && isHollow(value) {
			return nil, true
		}
		return f.fields(value, shape, place), true
	case string:
		// Whatever it says, it is what became of an object.
		if value != "" && !wanted.has("string") {
			return f.cutOff(place)
		}
	}
	return value, true
}

func (f *File) fields(value, shape map[string]any, place at) map[string]any {
	properties, said := shape["properties"].(map[string]any)
	converted := make(map[string]any, len(value))
	// In order, so that of two names that become one the same always wins: the one that is written as the field is, or else the last.
	names := make([]string, 0, len(value))
	for name := range value {
		if !isAnnotation(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		field := f.fieldOf(name, properties, place)
		if _, exact := value[field]; exact && name != field {
			continue
		}
		of, known := properties[field].(map[string]any)
		below := place.within(field, known)
		if !said && place.field != "" {
			below = place.inside()
		}
		if v, ok := f.convert(value[name], of, below); ok {
			converted[field] = v
		}
	}
	return converted
}

// elements converts the elements of a list. A list that cut an element to the depth is cut as a
// whole: a shorter one could say less than the tenant has, such as fewer exceptions.
func (f *File) elements(value []any, shape map[string]any, place at) (any, bool) {
	nullable := shape == nil || typesOf(shape).has("null")
	converted := make([]any, 0, len(value))
	whole := true
	for _, element := range value {
		if element == nil && !nullable {
			continue
		}
		// An element that is several was a list in the list.
		if text, ok := element.(string); ok && wereJoined(text, shape) {
			f.cutOff(place)
			whole = false
			continue
		}
		v, ok := f.convert(element, shape, place.element())
		whole = whole && ok
		converted = append(converted, v)
	}
	if !whole {
		return nil, false
	}
	return converted, true
}

// isAnnotation reports whether a name is one of OData, of Graph or of Exchange, not of a property.
// The type of an object is kept: some datasets tell their records apart by it.
func isAnnotation(name string) bool {
	if name == "@odata.type" {
		return false
	}
	for _, mark := range []string{"@odata.", "@microsoft.graph.", "@data.", "@adminapi."} {
		if strings.Contains(name, mark) {
			return true
		}
	}
	return false
}

func isHollow(value any) bool {
	switch value := value.(type) {
	case nil:
		return true
	case map[string]any:
		for _, v := range value {
			if !isHollow(v) {
				return false
			}
		}
		return true
	}
	return false
}

// types are the JSON types that a schema allows: a name, a list of names, or nil.
type types struct{ named any }

func (t types) has(name string) bool {
	if names, ok := t.named.([]any); ok {
		return slices.Contains(names, any(name))
	}
	return t.named == name
}

func typesOf(shape map[string]any) types { return types{shape["type"]} }

func itemsOf(shape map[string]any) map[string]any {
	items, _ := shape["items"].(map[string]any)
	return items
}

func hasField(shape map[string]any, name string) bool {
	properties, _ := shape["properties"].(map[string]any)
	return properties[name] != nil
}

// wereJoined reports whether a text must be several values of the schema: an id has neither a blank
// nor a comma, a domain no blank, and a mail address one @, whatever name is next to it.
func wereJoined(text string, shape map[string]any) bool {
	switch shape["format"] {
	case "id":
		return strings.ContainsAny(text, " ,;\t\r\n")
	case "domain":
		// A sharing policy says behind a domain what is shared with it.
		words := strings.Fields(text)
		return len(words) > 1 && !slices.ContainsFunc(words, func(word string) bool { return strings.ContainsAny(word, ":,") || !strings.Contains(word, ".") })
	case "mail":
		return strings.Count(text, "@") > 1
	}
	return false
}

var members = regexp.MustCompile(`^\{\s*['"]?\w+['"]?\s*[:=].*\}$|^\w+=[^;]*(;\s*\w+=[^;]*)+;?$`)

// wasObject reports whether a text must be an object in words where the schema has an id, an
// address or a name: {Id: ...}, or id=...; name=...
func wasObject(text string, shape map[string]any) bool {
	return shape["format"] != nil && shape["format"] != instant && strings.ContainsAny(text, "{=") && members.MatchString(text)
}

// isRemainder reports whether a text is what is left of a list or an object where the schema has
// something else.
func isRemainder(text string, shape map[string]any) bool {
	return isPlaceholder(text) && (!isTypeList(shape) || strings.HasPrefix(text, "@{")) || wasObject(text, shape)
}

// isTypeList reports whether a schema has the names of .NET types.
func isTypeList(shape map[string]any) bool {
	facts, _ := shape["x-posture"].(map[string]any)
	return facts["type_names"] == true
}
