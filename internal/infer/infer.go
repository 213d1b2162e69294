package infer

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/posture-score/posture/internal/importer/jsonfile"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/schemas"
)

// Bounds of a sample. What lies beyond the first records is not read.
const (
	maxBytes   = 256 << 20
	maxRecords = 100_000
	maxFields  = 2_000 // of all objects together
	maxNames   = 200   // of one object: more are keys of a map, and no fields
	maxDepth   = 16    // of objects that a proposal describes
	maxKeys    = 1_000 // texts of a field that are compared one by one to propose an enum or a format
)

// Proposal is a schema for people to edit.
type Proposal struct {
	Schema  []byte
	Records int      // that were read
	Advice  []string // what to look at; may be empty
}

// Propose reads a sample: a list of records, one record after another, or one document. An empty kind is that of the sample: a document
// if it is one object that does not stand in a list, and a population otherwise.
func Propose(ctx context.Context, name string, kind schemas.Kind, sample io.Reader) (*Proposal, error) {
	root, fields, count := &node{}, 0, 0
	text := &lines{from: jsonfile.Text(sample)}
	decoder := jsonfile.NewDecoder(ctx, text, maxBytes)
	listed := decoder.PeekKind() == '['
	if listed {
		if _, err := decoder.ReadToken(); err != nil {
			return nil, unreadable(err, text)
		}
	}
	keys := &candidates{}
	for count < maxRecords && (!listed || decoder.PeekKind() != ']') {
		raw, err := decoder.ReadValue()
		if errors.Is(err, io.EOF) && !listed {
			break
		}
		if err != nil {
			return nil, unreadable(err, text)
		}
		begin := decoder.InputOffset() - int64(len(raw))
		if err := checkNames(raw, begin, text); err != nil {
			return nil, err
		}
		count++
		record, err := decode(raw)
		if err != nil {
			return nil, text.errorf(begin, "record %d: %w", count, err)
		}
		if root.add(record, 0, &fields); fields > maxFields {
			return nil, fmt.Errorf("the sample has more than %d fields: describe objects whose keys are values by hand", maxFields)
		}
		keys.add(record)
	}
	if count == 0 {
		return nil, errors.New("the sample holds no record")
	}
	if kind == "" {
		kind = schemas.Population
		if !listed && count == 1 {
			kind = schemas.Document
		}
	}
	if kind == schemas.Document && count > 1 {
		return nil, fmt.Errorf("the sample holds %d records, and a document is one", count)
	}
	return propose(name, kind, root, count, keys)
}

// decode returns a record with its numbers as they are written.
func decode(raw jsontext.Value) (map[string]any, error) {
	value, err := records.Decode(raw, records.DefaultLimits())
	if err != nil {
		return nil, err
	}
	record, ok := value.(map[string]any)
	if !ok {
		return nil, errors.New("it is no object")
	}
	return record, nil
}

func unreadable(err error, text *lines) error {
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return text.errorf(syntax.ByteOffset, "not well-formed JSON: %w", syntax.Err)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fmt.Errorf("reading the sample: %s", jsonfile.Explain(err))
}

// propose writes the schema of what was seen.
func propose(name string, kind schemas.Kind, root *node, count int, keys *candidates) (*Proposal, error) {
	_, base, _ := strings.Cut(name, ".")
	words := strings.ReplaceAll(base, "_", " ")
	facts := facts{Kind: kind, Sources: []source{{Endpoint: "<replace: where these records come from>"}}}
	p := &Proposal{Records: count}
	if kind != schemas.Document {
		if facts.Key = keys.best(root, count); facts.Key == "" {
			p.Advice = append(p.Advice, "no field is a text that every record has and no two share: choose the key, and say under \"unique\" which fields tell records apart")
		} else {
			root.fields[facts.Key].key = true
		}
	}
	shape := root.shape("")
	proposed := dataset{
		Draft: "https://json-schema.org/draft/2020-12/schema", ID: "urn:posture:evidence:" + name,
		Title: strings.ToUpper(words[:1]) + words[1:], Description: "<replace: what one record is>",
		Facts: facts, property: *shape,
	}
	if kind == schemas.Document {
		proposed.Description = "<replace: what the document is>"
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(proposed); err != nil {
		return nil, fmt.Errorf("writing the schema: %w", err)
	}
	p.Schema = text.Bytes()
	if empty := root.untyped("", nil); len(empty) > 0 {
		p.Advice = append(p.Advice, "of these fields the sample shows no value, so a text is proposed: "+strings.Join(empty, ", "))
	}
	if objects := root.maps("", nil); len(objects) > 0 {
		p.Advice = append(p.Advice, fmt.Sprintf("of these objects no fields are proposed, since they have more than %d or lie more than %d deep: %s",
			maxNames, maxDepth, strings.Join(objects, ", ")))
	}
	return p, nil
}

// dataset is a schema as it is written.
type dataset struct {
	Draft       string `json:"$schema"`
	ID          string `json:"$id"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Facts       facts  `json:"x-posture"`
	property
}

type facts struct {
	Kind    schemas.Kind `json:"kind"`
	Key     string       `json:"key,omitempty"`
	Sources []source     `json:"sources"`
}

type source struct {
	Endpoint string `json:"endpoint"`
}

// property is the schema of a value as it is written.
type property struct {
	Type       any                  `json:"type"` // a text, or several
	Format     string               `json:"format,omitempty"`
	MinLength  int                  `json:"minLength,omitempty"`
	Enum       []any                `json:"enum,omitempty"`
	Items      *property            `json:"items,omitempty"`
	Required   []string             `json:"required,omitempty"`
	Properties map[string]*property `json:"properties,omitempty"`
}

// node is what was seen of the values at one place.
type node struct {
	count   int
	kinds   map[string]int // by JSON type
	fields  map[string]*node
	isMap   bool // its objects have keys of their own
	items   *node
	texts   map[string]int // how often each text was seen; nil once there are too many
	formats []string       // that all texts have
	key     bool           // it names records
}

// add notes a value, and counts the fields that are new.
func (n *node) add(value any, depth int, fields *int) {
	if n.count++; n.kinds == nil {
		n.kinds, n.texts, n.fields, n.formats = map[string]int{}, map[string]int{}, map[string]*node{}, slices.Clone(formats)
	}
	n.kinds[typeOf(value)]++
	switch value := value.(type) {
	case string:
		n.addText(value)
	case []any:
		if n.items == nil {
			n.items = &node{}
		}
		for _, item := range value {
			n.items.add(item, depth+1, fields)
		}
	case map[string]any:
		if n.isMap = n.isMap || depth >= maxDepth || len(value) > maxNames; n.isMap {
			n.fields = nil
			return
		}
		for name, field := range value {
			if *fields > maxFields {
				return
			}
			if n.fields[name] == nil {
				n.fields[name] = &node{}
				*fields++
			}
			n.fields[name].add(field, depth+1, fields)
		}
		if n.isMap = len(n.fields) > maxNames; n.isMap {
			n.fields = nil
		}
	}
}

func (n *node) addText(text string) {
	n.formats = slices.DeleteFunc(n.formats, func(format string) bool { return !hasFormat(text, format) })
	if n.texts == nil {
		return
	}
	if n.texts[text]++; len(n.texts) > maxKeys {
		n.texts = nil
	}
}

// untyped appends the paths of fields that were never more than null.
func (n *node) untyped(place string, paths []string) []string {
	for _, name := range slices.Sorted(maps.Keys(n.fields)) {
		field := n.fields[name]
		if path := place + name; len(field.kinds) == 1 && field.kinds["null"] > 0 {
			paths = append(paths, path)
		} else {
			paths = field.untyped(path+".", paths)
		}
	}
	if n.items != nil {
		paths = n.items.untyped(strings.TrimSuffix(place, ".")+"[].", paths)
	}
	return paths
}

// maps appends the paths of objects whose fields are not described.
func (n *node) maps(place string, paths []string) []string {
	if n.isMap {
		return append(paths, cmp.Or(strings.TrimSuffix(place, "."), "the record itself"))
	}
	for _, name := range slices.Sorted(maps.Keys(n.fields)) {
		paths = n.fields[name].maps(place+name+".", paths)
	}
	if n.items != nil {
		paths = n.items.maps(strings.TrimSuffix(place, ".")+"[].", paths)
	}
	return paths
}

// shape returns the schema of the values that were seen in a field of that name.
func (n *node) shape(name string) *property {
	p := &property{}
	kinds := slices.Sorted(maps.Keys(n.kinds))
	if n.kinds["number"] > 0 {
		kinds = slices.DeleteFunc(kinds, func(kind string) bool { return kind == "integer" })
	}
	null := n.kinds["null"] > 0
	kinds = slices.DeleteFunc(kinds, func(kind string) bool { return kind == "null" })
	if len(kinds) == 0 {
		kinds = []string{"string"}
	}
	if null {
		kinds = append(kinds, "null")
	}
	p.Type = any(kinds)
	if len(kinds) == 1 {
		p.Type = kinds[0]
	}
	if n.kinds["string"] > 0 && len(n.formats) > 0 {
		p.Format = formatOf(name, n.formats[0])
	}
	if n.key {
		p.MinLength = 1
	} else if p.Format == "" {
		p.Enum = n.enum(kinds, null)
	}
	if n.items != nil && n.items.count > 0 {
		p.Items = n.items.shape(name)
	}
	if n.kinds["object"] == 0 || n.isMap {
		return p
	}
	p.Properties = map[string]*property{}
	for _, name := range slices.Sorted(maps.Keys(n.fields)) {
		p.Properties[name] = n.fields[name].shape(name)
		if n.fields[name].count == n.kinds["object"] {
			p.Required = append(p.Required, name)
		}
	}
	return p
}

// enum returns the texts that were seen, if they look like the members of an enumeration: few, short, and seen again and again.
func (n *node) enum(kinds []string, null bool) []any {
	const members, length, often = 6, 40, 5
	if len(n.texts) == 0 || len(n.texts) > members || kinds[0] != "string" || len(kinds) > 1 && !null || len(kinds) > 2 {
		return nil
	}
	if n.kinds["string"] < often*len(n.texts) {
		return nil
	}
	var values []any
	for _, text := range slices.Sorted(maps.Keys(n.texts)) {
		if text == "" || len(text) > length || strings.TrimSpace(text) != text || n.texts[text] < 2 {
			return nil
		}
		values = append(values, text)
	}
	if null {
		values = append(values, nil)
	}
	return values
}

func typeOf(value any) string {
	switch value := value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case json.Number:
		if strings.ContainsAny(value.String(), ".eE") {
			return "number"
		}
		return "integer"
	case []any:
		return "array"
	}
	return "object"
}

// formats are those that a text itself shows; whether a text is a name is not among them.
var formats = []string{"date-time", "id", "mail", "domain"}

var (
	isID     = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)
	isTime   = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$`)
	isMail   = regexp.MustCompile(`^[^@\s]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}$`)
	isDomain = regexp.MustCompile(`^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.[A-Za-z]{2,}$`)
)

func hasFormat(text, format string) bool {
	switch format {
	case "date-time":
		_, err := time.Parse(time.RFC3339, text)
		return err == nil && isTime.MatchString(text)
	case "id":
		return isID.MatchString(text)
	case "mail":
		return isMail.MatchString(text)
	default:
		return len(text) < 254 && isDomain.MatchString(text)
	}
}

// formatOf returns the format of a field whose texts all look like one. Only the name tells a domain from the name of a file, and a
// sign-in name from an address.
func formatOf(name, seen string) string {
	name = strings.ToLower(name)
	hint := func(parts ...string) bool {
		return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(name, part) })
	}
	switch {
	case seen == "domain" && !hint("domain", "host", "fqdn", "dns"):
		return ""
	case seen == "mail" && hint("principal", "upn"):
		return "sign-in-name"
	}
	return seen
}

// candidates are the fields that may be the key of records.
type candidates struct {
	seen map[string]map[string]bool // texts of a field, in lower case; nil once one came twice
}

// add notes the texts of a record. Keys compare without case.
func (c *candidates) add(record map[string]any) {
	const length = 200
	if c.seen == nil {
		c.seen = map[string]map[string]bool{}
		for name := range record {
			c.seen[name] = map[string]bool{}
		}
	}
	for name, seen := range c.seen {
		text, ok := record[name].(string)
		lower := strings.ToLower(text)
		if !ok || text == "" || len(text) > length || seen[lower] {
			delete(c.seen, name)
			continue
		}
		seen[lower] = true
	}
}

// best returns the field that most looks like a key; "" if none can be.
func (c *candidates) best(root *node, count int) string {
	names := slices.Sorted(maps.Keys(c.seen))
	rank := func(name string) int {
		lower := strings.ToLower(name)
		switch {
		case lower == "id":
			return 0
		case strings.HasSuffix(name, "Id") || strings.HasSuffix(name, "ID") || strings.HasSuffix(lower, "_id"):
			return 1
		case root.fields[name] != nil && slices.Contains(root.fields[name].formats, "id"):
			return 2
		case strings.HasSuffix(lower, "name") || lower == "host" || lower == "key":
			return 3
		}
		return 4
	}
	slices.SortStableFunc(names, func(a, b string) int { return rank(a) - rank(b) })
	for _, name := range names {
		if root.fields[name] != nil && root.fields[name].count == count && !slices.Contains(root.fields[name].formats, "date-time") {
			return name
		}
	}
	return ""
}
