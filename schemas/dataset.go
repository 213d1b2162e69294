package schemas

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Kind says how a dataset may be read.
type Kind string

// The kinds of datasets.
const (
	Document   Kind = "document"   // one JSON object
	List       Kind = "list"       // records, few enough to be held at once
	Population Kind = "population" // records without bound: streamed or joined, never held
)

// Source is one place that a dataset can be collected from.
type Source struct {
	Endpoint   string `json:"endpoint"`   // such as "GET /v1.0/users"; empty if it is a cmdlet
	Cmdlet     string `json:"cmdlet"`     // such as "Get-SharingPolicy"; empty if it is an endpoint
	Permission string `json:"permission"` // what the collector needs; may be empty
	Select     bool   `json:"select"`     // the endpoint gives few fields unless the others are named
	Expand     string `json:"expand"`     // what the endpoint is to expand; may be empty
}

// Query is what an endpoint has to be asked for to give all fields of a dataset: "$select=id,mail"; empty if that is nothing.
func (s Source) Query(d *Dataset) string {
	var parts []string
	if s.Select {
		properties, _ := d.Shape()["properties"].(map[string]any)
		parts = append(parts, "$select="+strings.Join(slices.Sorted(maps.Keys(properties)), ","))
	}
	if s.Expand != "" {
		parts = append(parts, "$expand="+s.Expand)
	}
	return strings.Join(parts, "&")
}

// Dataset is one kind of evidence.
type Dataset struct {
	Name        string // <area>.<dataset>
	Title       string
	Description string
	Kind        Kind
	Key         string   // field that names a record; empty for a document
	Unique      []string // fields that together tell records apart; none if nothing does
	NeverEmpty  bool     // every tenant has some of its records: an export with none shows nothing
	// Always are values of fields, in canonical form, that a record of every tenant has, such as its default policy: an export in which every
	// record has another value is not whole.
	Always   map[string]any
	Optional []string // fields that may be absent for what they are, each with all within it; dotted, without the places in lists
	Sources  []Source
	// DefaultLimit is how many records its source gives at most unless it is asked for all; 0 if it gives all.
	DefaultLimit int64

	schema *schema
}

// Shape returns the JSON Schema of one record, or of the document. It is shared: read only.
func (d *Dataset) Shape() map[string]any { return d.schema.shape() }

// Fold gives one record, or the document, its canonical form: the one in which its texts compare without case.
func (d *Dataset) Fold() *Fold { return d.schema.fold() }

// KeyFold gives the keys of records their canonical form.
func (d *Dataset) KeyFold() *Fold { return d.Fold().Field(d.Key) }

// Validate checks one record, or the document, in its canonical form. The value is JSON decoded with [json.Number] for numbers. What is wrong
// comes sorted by pointer; nil says that nothing is.
func (d *Dataset) Validate(value any) []Violation { return d.schema.validate(value) }

// Accepts says whether one record, or the document, is surely what the schema says, as it is written in well-formed JSON: then
// [Dataset.Validate] finds nothing in it, whichever of several fields with the same name counts. False says nothing: decode it and
// ask. It takes a small part of the time that decoding does and is safe for concurrent use.
func (d *Dataset) Accepts(text []byte) bool { return d.schema.accept().acceptsText(text) }

// Doubt says why so many records may not be all that there are, "" if nothing shows it.
func (d *Dataset) Doubt(records int64) string {
	if d.DefaultLimit == 0 || records != d.DefaultLimit {
		return ""
	}
	return fmt.Sprintf("%s holds just %d records, as many as %s gives unless it is asked for all: save it again with -ResultSize Unlimited if there are more",
		d.Name, records, d.Sources[0].Cmdlet)
}

// parse reads the schema of one dataset and the facts in it.
func parse(name string, raw []byte) (*Dataset, error) {
	schema, err := newSchema(raw, true)
	if err != nil {
		return nil, err
	}
	dataset, err := describe(name, raw, schema)
	if err != nil {
		return nil, err
	}
	return dataset, dataset.checkFields()
}

// parseLate is parse for a schema that is known to be one: it reads the facts, which stand first, and leaves the rest until
// somebody asks for it.
func parseLate(name string, raw []byte) (*Dataset, error) {
	facts, err := until(raw, "x-posture")
	if err != nil {
		return nil, err
	}
	return describe(name, facts, lateSchema(raw))
}

// until cuts an object off behind a member.
func until(raw []byte, member string) ([]byte, error) {
	decoder := jsontext.NewDecoder(bytes.NewBuffer(raw))
	if _, err := decoder.ReadToken(); err != nil {
		return nil, err
	}
	for decoder.PeekKind() == '"' {
		name, err := decoder.ReadToken()
		if err != nil {
			return nil, err
		}
		found := name.String() == member
		if err := decoder.SkipValue(); err != nil {
			return nil, err
		}
		if found {
			return append(slices.Clone(raw[:decoder.InputOffset()]), '}'), nil
		}
	}
	return nil, fmt.Errorf("it has no %s", member)
}

// describe puts a schema and the facts in its text together.
func describe(name string, raw []byte, schema *schema) (*Dataset, error) {
	var head struct {
		ID          string `json:"$id"`
		Title       string `json:"title"`
		Description string `json:"description"`
		Facts       struct {
			Kind       Kind           `json:"kind"`
			Key        string         `json:"key"`
			Unique     *[]string      `json:"unique"` // the key if it is left out
			NeverEmpty bool           `json:"never_empty"`
			Always     map[string]any `json:"always"`
			Optional   []string       `json:"optional"`
			Sources    []Source       `json:"sources"`
			Limit      int64          `json:"default_limit"`
		} `json:"x-posture"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return nil, err
	}
	if want := "urn:posture:evidence:" + name; head.ID != want {
		return nil, fmt.Errorf("$id is %q, want %q", head.ID, want)
	}
	switch head.Facts.Kind {
	case Document:
		if head.Facts.Key != "" || head.Facts.Unique != nil {
			return nil, errors.New("x-posture: a document has no key, and no other to be told apart from")
		}
	case List, Population:
		if head.Facts.Key == "" {
			return nil, fmt.Errorf("x-posture: a %s needs a key", head.Facts.Kind)
		}
	default:
		return nil, fmt.Errorf("x-posture: kind is %q, want %q, %q or %q", head.Facts.Kind, Document, List, Population)
	}
	unique := head.Facts.Unique
	if unique == nil && head.Facts.Key != "" {
		unique = &[]string{head.Facts.Key}
	}
	dataset := &Dataset{
		Name:        name,
		Title:       head.Title,
		Description: head.Description,
		Kind:        head.Facts.Kind,
		Key:         head.Facts.Key,
		NeverEmpty:  head.Facts.NeverEmpty,
		Always:      head.Facts.Always,
		Optional:    head.Facts.Optional,
		Sources:     head.Facts.Sources,
		schema:      schema,

		DefaultLimit: head.Facts.Limit,
	}
	if unique != nil {
		dataset.Unique = *unique
	}
	return dataset, nil
}

// checkFields wants the fields that the facts name to be there.
func (d *Dataset) checkFields() error {
	fields, _ := d.Shape()["properties"].(map[string]any)
	named := append([]string{d.Key}, d.Unique...)
	for _, name := range append(named, slices.Sorted(maps.Keys(d.Always))...) {
		if _, ok := fields[name]; !ok && name != "" {
			return fmt.Errorf("x-posture: the records have no field %q", name)
		}
	}
	for _, path := range d.Optional {
		if !names(d.Shape(), path) {
			return fmt.Errorf("x-posture: the records have no field %q that could be optional", path)
		}
	}
	return nil
}

// names says whether a schema names the field at a dotted path.
func names(schema map[string]any, path string) bool {
	for _, name := range strings.Split(path, ".") {
		if items, ok := schema["items"].(map[string]any); ok {
			schema = items
		}
		fields, _ := schema["properties"].(map[string]any)
		below, ok := fields[name].(map[string]any)
		if !ok {
			return false
		}
		schema = below
	}
	return true
}
