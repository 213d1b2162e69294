package catalog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/hashicorp/hcl/v2"

	"github.com/posture-score/posture/internal/suggest"
	"github.com/posture-score/posture/internal/textlimit"
)

// Bounds of a schema, besides those of its text. Those of the built-in datasets are far below each of these.
const (
	maxSchemaErrors = 20      // that are reported of one schema
	maxStates       = 100_000 // of the automata of its patterns together
)

// schemaText is the text of a schema, with the place of everything in it.
type schemaText struct {
	*collector
	file   string
	text   []byte
	places map[string][2]int // JSON pointer → where its name, or else its value, begins and ends
	errors int
	states int // of the patterns so far
}

// parse returns the decoded schema and notes the places. Text that is not a JSON object is
// reported, and the result is nil.
func (s *schemaText) parse() map[string]any {
	if p := textlimit.JSON(s.text); p != nil {
		s.errors++
		s.collector.errorf(limitRange(s.file, p), p.Summary, "%s", p.Detail)
		return nil
	}
	s.places = map[string][2]int{}
	decoder := jsontext.NewDecoder(bytes.NewReader(s.text))
	for {
		begin := int(decoder.InputOffset())
		token, err := decoder.ReadToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			s.syntax(err)
			return nil
		}
		if kind := token.Kind(); kind == '}' || kind == ']' {
			continue
		}
		pointer := string(decoder.StackPointer())
		if _, named := s.places[pointer]; !named {
			begin += len(s.text[begin:]) - len(bytes.TrimLeft(s.text[begin:], " \t\r\n,:"))
			s.places[pointer] = [2]int{begin, int(decoder.InputOffset())}
		}
	}
	var shape map[string]any
	values := json.NewDecoder(bytes.NewReader(s.text))
	values.UseNumber()
	if err := values.Decode(&shape); err != nil || shape == nil || values.More() {
		s.errorf("", "Not a schema", "A schema is one JSON object.")
		return nil
	}
	return shape
}

// syntax reports where a text is no JSON.
func (s *schemaText) syntax(err error) {
	at, what := 0, err.Error()
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		at, what = min(int(syntax.ByteOffset), len(s.text)), syntax.Err.Error()
		if errors.Is(err, io.ErrUnexpectedEOF) {
			what = "it ends too early"
		}
	}
	s.errors++
	s.collector.errorf(s.between(at, at), "Invalid JSON", "The schema cannot be read: %s.", strings.TrimPrefix(what, "jsontext: "))
}

// errorf reports a mistake at the place of a JSON pointer, or else of what is around it.
func (s *schemaText) errorf(pointer, summary, format string, args ...any) {
	if s.errors++; s.errors > maxSchemaErrors {
		return
	}
	for {
		if at, found := s.places[pointer]; found || pointer == "" {
			if pointer == "" {
				at = [2]int{}
			}
			s.collector.errorf(s.between(at[0], at[1]), summary, format, args...)
			return
		}
		pointer = pointer[:strings.LastIndexByte(pointer, '/')]
	}
}

// between returns the range between two offsets. Columns count characters.
func (s *schemaText) between(begin, end int) hcl.Range {
	position := func(offset int) hcl.Pos {
		line := bytes.LastIndexByte(s.text[:offset], '\n') + 1
		return hcl.Pos{Line: bytes.Count(s.text[:offset], []byte{'\n'}) + 1, Column: utf8.RuneCount(s.text[line:offset]) + 1, Byte: offset}
	}
	return hcl.Range{Filename: s.file, Start: position(begin), End: position(end)}
}

// form reports whether a value has the form that a keyword wants; if not, the form in words.
type form func(value any) (ok bool, wanted string)

func isAny(any) (bool, string) { return true, "" }

func isText(v any) (bool, string) { _, ok := v.(string); return ok, "a text" }

// isLine wants a text without line breaks and other control characters: it may be written into scripts.
func isLine(v any) (bool, string) {
	text, ok := v.(string)
	return ok && !strings.ContainsFunc(text, unicode.IsControl), "a text of one line"
}

func isBool(v any) (bool, string) { _, ok := v.(bool); return ok, "true or false" }

func isObject(v any) (bool, string) { _, ok := v.(map[string]any); return ok, "an object" }

func isList(v any) (bool, string) { _, ok := v.([]any); return ok, "a list" }

func isTexts(v any) (bool, string) {
	values, ok := v.([]any)
	return ok && !slices.ContainsFunc(values, func(value any) bool { _, text := value.(string); return !text }), "a list of texts"
}

func isCount(v any) (bool, string) {
	number, ok := v.(json.Number)
	value, err := number.Int64()
	return ok && err == nil && value >= 0, "a whole number"
}

func isTypes(v any) (bool, string) {
	types := typesOf(map[string]any{"type": v})
	valid := len(types) > 0 && !slices.ContainsFunc(types, func(name string) bool { return !slices.Contains(jsonTypes(), name) })
	return valid, "one of " + strings.Join(jsonTypes(), ", ") + ", or a list of them"
}

func jsonTypes() []string {
	return []string{"array", "boolean", "integer", "null", "number", "object", "string"}
}

// checkForms reports what is in an object and should not be, and what has another form than it should.
func (s *schemaText) checkForms(place string, given map[string]any, known map[string]form) bool {
	before := s.errors
	for _, name := range sortedKeys(given) {
		at := place + "/" + escape(name)
		check, ok := known[name]
		if !ok {
			detail := fmt.Sprintf("%q is not known here.%s Known are %s.", clip(name), suggest.Hint(name, sortedKeys(known)), strings.Join(sortedKeys(known), ", "))
			if instead := advice(name); instead != "" {
				detail = instead
			}
			s.errorf(at, "Unknown keyword", "%s", detail)
			continue
		}
		if ok, wanted := check(given[name]); !ok {
			s.errorf(at, "Invalid value", "%s has to be %s.", name, wanted)
		}
	}
	return s.errors == before
}

// typesOf returns the types that a schema allows; nil if it does not say so in a valid form.
func typesOf(shape map[string]any) []string {
	if name, ok := shape["type"].(string); ok {
		return []string{name}
	}
	var names []string
	for _, value := range list(shape["type"]) {
		name, ok := value.(string)
		if !ok {
			return nil
		}
		names = append(names, name)
	}
	return names
}

func jsonType(v any) string {
	if v == nil {
		return "null"
	}
	return "string"
}

func mapOf(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

func orList(words []string) string {
	if last := len(words) - 1; last > 0 {
		return strings.Join(words[:last], ", ") + " or " + words[last]
	}
	return strings.Join(words, "")
}

// escape returns a name as a token of a JSON pointer (RFC 6901).
func escape(name string) string {
	return strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
}

// isSchema reports whether the path within a source is that of a schema of a dataset.
func isSchema(name string) bool {
	return strings.HasPrefix(name, schemaFolder+"/") && strings.HasSuffix(name, ".json")
}
