package schemas

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Kind is how the evidence of a dataset is read.
type Kind string

// The kinds of datasets.
const (
	Document   Kind = "document"   // one JSON object
	List       Kind = "list"       // records, few enough to be held at once
	Population Kind = "population" // records without bound: streamed or joined, never held
)

// Source is one place that a dataset can be collected from.
type Source struct {
	Endpoint   string `json:"endpoint,omitempty"`   // such as "GET /v1.0/users", or words; empty if it is a cmdlet
	Cmdlet     string `json:"cmdlet,omitempty"`     // such as "Get-SharingPolicy"; empty if it is an endpoint
	Permission string `json:"permission,omitempty"` // that the collector needs; may be empty
	Select     bool   `json:"select,omitempty"`     // the endpoint returns few fields unless the query names the others
	Expand     string `json:"expand,omitempty"`     // the value of $expand; may be empty
}

// Query returns the query with which an endpoint returns all fields of a dataset, such as
// "$select=id,mail"; "" if it needs none.
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
	Label       string   // field with the name that people know a record by; empty if there is none
	Subject     string   // what a record is about, in a word: "user", "device"; empty if the schema does not say
	Unique      []string // fields that together identify a record; none if records may repeat
	NeverEmpty  bool     // every tenant has such records: an export without any counts as failed
	// Always are values of fields, in canonical form, that a record of every tenant has, such as that
	// of its default policy. An export without such a record is incomplete.
	Always   map[string]any
	Optional []string // dotted paths, without the indexes of lists, of fields that may be absent, each with all below it
	Sources  []Source // may be empty for a dataset of a catalog
	// DefaultLimit is the number of records at which the cmdlet of its first source stops unless told
	// otherwise; 0 if it has no limit.
	DefaultLimit int64
	// Digest is the SHA-256 of its schema in hexadecimal, if it was parsed by [Parse].
	Digest string

	schema *schema
}

// Shape returns the JSON Schema of one record, or of the document. It is shared: callers must not change it.
func (d *Dataset) Shape() map[string]any { return d.schema.shape() }

// Fold returns the Fold that puts one record, or the document, into the form in which its texts compare without case.
func (d *Dataset) Fold() *Fold { return d.schema.fold() }

// KeyFold returns the Fold of the key of a record.
func (d *Dataset) KeyFold() *Fold { return d.Fold().Field(d.Key) }

// Validate checks one record, or the document, in its canonical form. The value is JSON decoded with
// [json.Number] for numbers. It returns the violations sorted by pointer, nil if there are none.
func (d *Dataset) Validate(value any) []Violation { return d.schema.validate(value) }

// Accepts returns true only if one record, or the document, has no violation, whichever of several
// fields with the same name counts. The text is well-formed JSON. After false, decode it and call
// [Dataset.Validate]: it may be valid still. It takes a small part of the time that decoding does, and
// is safe for concurrent use.
func (d *Dataset) Accepts(text []byte) bool { return d.schema.accept().acceptsText(text) }

// LimitWarning returns a warning if so many records may be cut off by the default limit of their
// source, and "" otherwise.
func (d *Dataset) LimitWarning(records int64) string {
	if d.DefaultLimit == 0 || records != d.DefaultLimit {
		return ""
	}
	return fmt.Sprintf("%s holds just %d records, as many as %s gives unless it is asked for all: save it again with -ResultSize Unlimited if there are more",
		d.Name, records, d.Sources[0].Cmdlet)
}

// Parse returns the dataset of that name, <product>.<dataset>, that a schema describes.
func Parse(name string, raw []byte) (*Dataset, error) {
	dataset, err := parse(name, raw)
	if err != nil {
		return nil, err
	}
	if _, err := dataset.schema.compiled(); err != nil {
		return nil, fmt.Errorf("not a JSON Schema of draft 2020-12: %w", err)
	}
	sum := sha256.Sum256(raw)
	dataset.Digest = hex.EncodeToString(sum[:])
	return dataset, nil
}

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

// parseLate is parse for a schema that is known to be valid: it reads x-posture, which stands first,
// and parses the rest on first use.
func parseLate(name string, raw []byte) (*Dataset, error) {
	facts, err := until(raw, "x-posture")
	if err != nil {
		return nil, err
	}
	return describe(name, facts, lateSchema(raw))
}

// until returns an object up to a member of that name, inclusive.
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

// describe returns the dataset of a schema, with what its x-posture says.
func describe(name string, raw []byte, schema *schema) (*Dataset, error) {
	var head struct {
		ID          string `json:"$id"`
		Title       string `json:"title"`
		Description string `json:"description"`
		Facts       struct {
			Kind       Kind           `json:"kind"`
			Key        string         `json:"key"`
			Label      string         `json:"label"`
			Subject    string         `json:"subject"`
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
	if want := "urn:posture:evidence:" + name; head.ID != want && head.ID != "" {
		return nil, fmt.Errorf("$id is %q, want %q", head.ID, want)
	}
	switch head.Facts.Kind {
	case Document:
		if head.Facts.Key != "" || head.Facts.Label != "" || head.Facts.Unique != nil {
			return nil, errors.New("x-posture: a document has no key or label, and no other to be told apart from")
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
		Label:       head.Facts.Label,
		Subject:     head.Facts.Subject,
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

// checkFields returns an error unless the schema has the fields that x-posture names.
func (d *Dataset) checkFields() error {
	fields, _ := d.Shape()["properties"].(map[string]any)
	named := append([]string{d.Key, d.Label}, d.Unique...)
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

// names reports whether a schema has the field at a dotted path.
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
