package attest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/importer/jsonfile"
)

// Saved is the assessment in a file, as it stands there.
type Saved struct {
	Text  []byte   // without white space, and without what is beside the assessment
	Extra []string // what is beside it, such as the comparison with a benchmark: it does not follow from the evidence alone
}

// Read reads the JSON of an assessment, and keeps its bytes. It is not checked for being one.
func Read(r io.Reader) (*Saved, error) {
	dec := jsontext.NewDecoder(jsonfile.Text(io.LimitReader(r, maxBytes)))
	if token, err := dec.ReadToken(); err != nil || token.Kind() != '{' {
		return nil, errors.New("it is no assessment that was saved as JSON")
	}
	s := &Saved{}
	var text bytes.Buffer
	known, separator := names(), ""
	text.WriteByte('{')
	for dec.PeekKind() != '}' {
		name, err := dec.ReadValue()
		if err != nil {
			return nil, fmt.Errorf("reading the assessment: %w", err)
		}
		name = bytes.Clone(name)
		value, err := dec.ReadValue()
		if err != nil {
			return nil, fmt.Errorf("reading the assessment: %w", err)
		}
		word := strings.Trim(string(name), `"`)
		if !known[word] {
			s.Extra = append(s.Extra, word)
			continue
		}
		text.WriteString(separator)
		separator = ","
		text.Write(name)
		text.WriteByte(':')
		if err := json.Compact(&text, value); err != nil {
			return nil, fmt.Errorf("reading the assessment: %w", err)
		}
	}
	text.WriteByte('}')
	s.Text = text.Bytes()
	return s, nil
}

// names returns the names of the fields of an assessment.
func names() map[string]bool {
	known := map[string]bool{}
	for field := range reflect.TypeFor[engine.Assessment]().Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		known[name] = true
	}
	return known
}

// Difference is something that two results say differently.
type Difference struct {
	Field string `json:"field"`           // dotted, such as points.achieved; [2] is the third element of a list
	Saved string `json:"saved"`           // JSON, cut to 200 characters; empty if it is not there
	Again string `json:"again"`           // the same
	About string `json:"about,omitempty"` // in words, for what a result was made of
}

// ActionDifference is an action that two results say differently.
type ActionDifference struct {
	ID     string       `json:"id"`
	Fields []Difference `json:"fields"` // the first ones
	Total  int          `json:"total"`  // fields that differ
}

// Comparison is what is different between a result and the one that was made again.
type Comparison struct {
	Same    bool               `json:"same"`    // byte for byte
	Made    []Difference       `json:"made"`    // what the results were made of, which explains the rest
	Rest    []Difference       `json:"rest"`    // apart from actions; the first ones
	Actions []ActionDifference `json:"actions"` // by id; the first ones
	Total   int                `json:"total"`   // actions that differ
}

// Bounds of what a comparison lists. It counts everything.
const (
	maxActions = 50
	maxFields  = 20
	maxValue   = 200 // characters
)

// Compare compares a result with the one that was made again, each as JSON without white space.
func Compare(saved, again []byte) (*Comparison, error) {
	c := &Comparison{Same: bytes.Equal(saved, again), Made: []Difference{}, Rest: []Difference{}, Actions: []ActionDifference{}}
	if c.Same {
		return c, nil
	}
	one, err := decode(saved)
	if err != nil {
		return nil, fmt.Errorf("reading the saved result: %w", err)
	}
	other, err := decode(again)
	if err != nil {
		return nil, fmt.Errorf("reading the result that was made again: %w", err)
	}
	for _, m := range made() {
		before, after := at(one, m.path), at(other, m.path)
		if !reflect.DeepEqual(before, after) {
			c.Made = append(c.Made, Difference{Field: strings.Join(m.path, "."), Saved: shown(before), Again: shown(after), About: m.about})
		}
		drop(one, m.path)
		drop(other, m.path)
	}
	c.actions(one["actions"], other["actions"])
	delete(one, "actions")
	delete(other, "actions")
	rest := fields{most: maxFields}
	rest.differ("", one, other)
	c.Rest = append(c.Rest, rest.found...)
	if len(c.Made)+len(c.Rest)+c.Total == 0 {
		c.Rest = append(c.Rest, Difference{Field: "", Saved: "the same values", Again: "written otherwise: in another order, or with other escapes"})
	}
	return c, nil
}

// made returns what a result was made of.
func made() []struct {
	about string
	path  []string
} {
	return []struct {
		about string
		path  []string
	}{
		{"the format", []string{"schema_version"}},
		{"the evidence", []string{"evidence", "digest"}},
		{"the catalog", []string{"catalog", "digest"}},
		{"the version of the catalog", []string{"catalog", "version"}},
		{"the overridden parameters", []string{"catalog", "parameters", "digest"}},
		{"the register", []string{"register", "digest"}},
		{"the version of posture", []string{"engine", "version"}},
		{"the limits", []string{"limits"}},
		{"the time", []string{"evaluated_at"}},
		{"the key of the pseudonyms", []string{"redaction"}},
	}
}

func decode(text []byte) (map[string]any, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var value map[string]any
	return value, dec.Decode(&value)
}

func at(object map[string]any, path []string) any {
	value := any(object)
	for _, name := range path {
		object, _ := value.(map[string]any)
		value = object[name]
	}
	return value
}

func drop(object map[string]any, path []string) {
	for _, name := range path[:len(path)-1] {
		object, _ = object[name].(map[string]any)
	}
	delete(object, path[len(path)-1])
}

// actions compares lists of actions by their ids.
func (c *Comparison) actions(saved, again any) {
	one, other := byID(saved), byID(again)
	ids := maps.Clone(one)
	maps.Copy(ids, other)
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		found := fields{most: maxFields}
		found.differ("", one[id], other[id])
		if found.total == 0 {
			continue
		}
		if c.Total++; c.Total <= maxActions {
			c.Actions = append(c.Actions, ActionDifference{ID: id, Fields: found.found, Total: found.total})
		}
	}
}

func byID(list any) map[string]any {
	byID := map[string]any{}
	actions, _ := list.([]any)
	for i, action := range actions {
		object, _ := action.(map[string]any)
		id, _ := object["id"].(string)
		if _, taken := byID[id]; taken || id == "" {
			id = "action " + strconv.Itoa(i+1)
		}
		byID[id] = action
	}
	return byID
}

// fields gathers what differs between two values.
type fields struct {
	found []Difference
	most  int
	total int
}

func (f *fields) differ(path string, saved, again any) {
	if reflect.DeepEqual(saved, again) {
		return
	}
	before, wasObject := saved.(map[string]any)
	after, isObject := again.(map[string]any)
	first, wasList := saved.([]any)
	second, isList := again.([]any)
	switch {
	case wasObject && isObject:
		names := maps.Clone(before)
		maps.Copy(names, after)
		for _, name := range slices.Sorted(maps.Keys(names)) {
			f.differ(strings.TrimPrefix(path+"."+name, "."), before[name], after[name])
		}
	case wasList && isList && named(first) && named(second):
		f.records(path, first, second)
	case wasList && isList && len(first) == len(second):
		for i := range first {
			f.differ(path+"["+strconv.Itoa(i)+"]", first[i], second[i])
		}
	default:
		if f.total++; f.total <= f.most {
			f.found = append(f.found, Difference{Field: path, Saved: shown(saved), Again: shown(again)})
		}
	}
}

// named reports whether a list holds objects with names.
func named(list []any) bool {
	return len(list) > 0 && !slices.ContainsFunc(list, func(element any) bool { return nameOf(element) == "" })
}

// nameOf returns what an object is called; "" if it has no name.
func nameOf(value any) string {
	object, _ := value.(map[string]any)
	for _, field := range []string{"name", "category", "product", "control"} {
		if name, _ := object[field].(string); name != "" {
			return name
		}
	}
	return ""
}

// records compares lists of objects by their names.
func (f *fields) records(path string, saved, again []any) {
	one, other := map[string]any{}, map[string]any{}
	for _, element := range saved {
		one[nameOf(element)] = element
	}
	for _, element := range again {
		other[nameOf(element)] = element
	}
	names := maps.Clone(one)
	maps.Copy(names, other)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		f.differ(path+"["+name+"]", one[name], other[name])
	}
}

// shown returns a value as JSON, cut if it is long.
func shown(value any) string {
	if value == nil {
		return ""
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return fmt.Sprint(value) // decoded JSON always encodes
	}
	runes := []rune(strings.TrimSuffix(text.String(), "\n"))
	if len(runes) > maxValue {
		return string(runes[:maxValue-1]) + "…"
	}
	return string(runes)
}
