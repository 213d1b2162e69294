package schemas

import (
	"cmp"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// Violation is one place where a value departs from its schema.
type Violation struct {
	Pointer string // JSON pointer into the value; empty for the whole
	Keyword string // the JSON Schema keyword that is not satisfied
	Message string // short, for people; quotes at most 40 characters of the value
}

// Structural says whether rules can't rely on the value: a wrong type, a missing field, a text of another form than the one that other
// datasets name the same thing by. A value that is only unknown (a new member of an enumeration, a date in another form) or out of
// bounds has the right type and is not structural.
func (v Violation) Structural() bool {
	switch v.Keyword {
	case "enum", "const", "format", "minimum", "maximum":
		return false
	}
	return true
}

// named are the names in a message.
var named = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// Places are the paths to what is wrong: the names of members and places in lists on the way to the value, or to each field that is
// missing from it.
func (v Violation) Places() [][]string {
	at := steps(v.Pointer)
	if v.Keyword != "required" || strings.Contains(v.Message, "…") || strings.HasSuffix(v.Message, " more") {
		return [][]string{at} // not all of its fields are named
	}
	var places [][]string
	for _, text := range named.FindAllString(v.Message, -1) {
		if name, err := strconv.Unquote(text); err == nil {
			places = append(places, append(slices.Clone(at), name))
		}
	}
	return places
}

// steps are the tokens of a JSON pointer.
func steps(pointer string) []string {
	if pointer == "" {
		return nil
	}
	tokens := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	for i, token := range tokens {
		tokens[i] = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
	}
	return tokens
}

// order sorts and removes what is said twice.
func order(found []Violation) []Violation {
	slices.SortFunc(found, func(a, b Violation) int {
		return cmp.Or(cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Keyword, b.Keyword), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(found)
}

// leaves gathers the causes that have no cause of their own.
func (s *schema) leaves(cause *jsonschema.ValidationError, value any, found []Violation) []Violation {
	for _, deeper := range cause.Causes {
		found = s.leaves(deeper, value, found)
	}
	if len(cause.Causes) > 0 {
		return found
	}
	_, fragment, _ := strings.Cut(cause.AbsoluteKeywordLocation, "#")
	path := unescape(fragment)
	broken := breach{keyword: "false"}
	if len(path) > 0 {
		broken.keyword = path[len(path)-1]
		broken.rule = at(s.shape(), path)
		broken.around, _ = at(s.shape(), path[:len(path)-1]).(map[string]any)
	}
	if broken.rule == false && broken.keyword != "additionalProperties" {
		broken.keyword = "not" // a field whose schema is false must not be there
	}
	where := unescape(cause.InstanceLocation)
	broken.value = at(value, where)
	return append(found, Violation{Pointer: pointer(where), Keyword: broken.keyword, Message: broken.message()})
}

// unrepresentable finds numbers that can't be held; the library would stumble over them.
func unrepresentable(value any, place string, found []Violation) []Violation {
	switch value := value.(type) {
	case json.Number:
		if !representable(value) {
			found = append(found, Violation{Pointer: place, Keyword: "type", Message: "the number " + clip(string(value)) + " is out of range"})
		}
	case []any:
		for i, item := range value {
			found = unrepresentable(item, place+"/"+strconv.Itoa(i), found)
		}
	case map[string]any:
		for name, field := range value {
			found = unrepresentable(field, place+pointer([]string{name}), found)
		}
	}
	return found
}

// representable says whether a number fits a float64 and is written at a length that is no burden to compute with.
func representable(number json.Number) bool {
	const digits, exponents = 1000, 1000
	if len(number) > digits {
		return false
	}
	if mark := strings.IndexAny(string(number), "eE"); mark >= 0 {
		exponent, err := strconv.Atoi(string(number[mark+1:]))
		if err != nil || exponent > exponents || exponent < -exponents {
			return false
		}
	}
	_, err := strconv.ParseFloat(string(number), 64)
	return err == nil
}

// unescape splits a location as the library writes it: a JSON pointer whose tokens are escaped for URLs as well.
func unescape(location string) []string {
	if location == "" || location == "/" {
		return nil
	}
	tokens := strings.Split(strings.TrimPrefix(location, "/"), "/")
	for i, token := range tokens {
		if plain, err := url.PathUnescape(token); err == nil {
			token = plain
		}
		tokens[i] = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
	}
	return tokens
}

// pointer writes a JSON pointer (RFC 6901).
func pointer(tokens []string) string {
	var text strings.Builder
	for _, token := range tokens {
		text.WriteByte('/')
		text.WriteString(strings.ReplaceAll(strings.ReplaceAll(token, "~", "~0"), "/", "~1"))
	}
	return text.String()
}

// at follows a path into decoded JSON; nil if it leads nowhere.
func at(value any, path []string) any {
	for _, token := range path {
		switch holder := value.(type) {
		case map[string]any:
			value = holder[token]
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(holder) {
				return nil
			}
			value = holder[i]
		default:
			return nil
		}
	}
	return value
}
