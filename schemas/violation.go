package schemas

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/posture-score/posture/internal/jsonscan"
)

// Violation is a value, or a part of one, that its schema does not allow.
type Violation struct {
	Pointer string // JSON pointer into the value; empty for the whole
	Keyword string // the JSON Schema keyword that is not satisfied
	Message string // short, for people; quotes at most 40 characters of the value
}

// Structural reports whether rules can't rely on the value: it has a wrong type, a field is missing, or
// a text that other datasets refer to has another form than there. A value that is only unknown (a new
// member of an enumeration, a date in another form) or out of bounds has the right type and is not
// structural.
func (v Violation) Structural() bool {
	switch v.Keyword {
	case "enum", "const", "format", "minimum", "maximum":
		return false
	}
	return true
}

// named matches the quoted names in a message.
var named = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// Paths returns the paths to the value, or to each field that is missing from it: names of members, and
// indexes of lists.
func (v Violation) Paths() [][]string {
	at := steps(v.Pointer)
	if v.Keyword != "required" || strings.Contains(v.Message, "…") || strings.HasSuffix(v.Message, " more") {
		return [][]string{at} // not all of its fields are named
	}
	var paths [][]string
	for _, text := range named.FindAllString(v.Message, -1) {
		if name, err := strconv.Unquote(text); err == nil {
			paths = append(paths, append(slices.Clone(at), name))
		}
	}
	return paths
}

// steps returns the tokens of a JSON pointer.
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

// order sorts violations, and removes those that occur twice.
func order(found []Violation) []Violation {
	slices.SortFunc(found, func(a, b Violation) int {
		return cmp.Or(cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Keyword, b.Keyword), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(found)
}

// leaves appends the violations of a validation error: its causes that have no causes themselves.
func (s *schema) leaves(cause *jsonschema.ValidationError, value any, found []Violation) []Violation {
	for _, deeper := range cause.Causes {
		found = s.leaves(deeper, value, found)
	}
	if len(cause.Causes) > 0 {
		return found
	}
	_, fragment, _ := strings.Cut(cause.AbsoluteKeywordLocation, "#")
	path := unescape(fragment)
	failed := assertion{keyword: "false"}
	if len(path) > 0 {
		failed.keyword = path[len(path)-1]
		failed.rule = at(s.shape(), path)
		failed.parent, _ = at(s.shape(), path[:len(path)-1]).(map[string]any)
	}
	if failed.rule == false && failed.keyword != "additionalProperties" {
		failed.keyword = "not" // a field whose schema is false must not be there
	}
	where := unescape(cause.InstanceLocation)
	failed.value = at(value, where)
	return append(found, Violation{Pointer: pointer(where), Keyword: failed.keyword, Message: failed.message()})
}

// unrepresentable appends a violation for each number that a float64 can't hold: the library would fail on them.
func unrepresentable(value any, place string, found []Violation) []Violation {
	switch value := value.(type) {
	case json.Number:
		if !inRange(value) {
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

func inRange(number json.Number) bool { return jsonscan.InRange([]byte(number)) }

// unescape returns the tokens of a location as the library writes it: a JSON pointer that is also escaped for URLs.
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

// pointer returns a JSON pointer (RFC 6901).
func pointer(tokens []string) string {
	var text strings.Builder
	for _, token := range tokens {
		text.WriteByte('/')
		text.WriteString(strings.ReplaceAll(strings.ReplaceAll(token, "~", "~0"), "/", "~1"))
	}
	return text.String()
}

// at returns the value at a path in decoded JSON; nil if there is none.
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

// maxListed is how many violations an error lists.
const maxListed = 3

// Mismatch returns an error that says of a document, such as "the assessment", what is against its schema: the first violations, and
// how many more there are. It is nil if there are none.
func Mismatch(document string, found []Violation) error {
	if len(found) == 0 {
		return nil
	}
	var texts []string
	for _, v := range found[:min(len(found), maxListed)] {
		texts = append(texts, v.Pointer+": "+v.Message)
	}
	if more := len(found) - len(texts); more > 0 {
		texts = append(texts, fmt.Sprintf("and %d more", more))
	}
	return fmt.Errorf("%s is not what its schema says: %s", document, strings.Join(texts, "; "))
}
