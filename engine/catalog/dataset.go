package catalog

import (
	"context"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/posture-score/posture/internal/plaintext"
	"github.com/posture-score/posture/internal/suggest"
	"github.com/posture-score/posture/internal/textlimit"
	"github.com/posture-score/posture/schemas"
)

// Invariant: a dataset of a catalog obeys the rules that the built-in datasets obey: the type check
// knows every field of its records, and every keyword of its schema has a fast path. So a schema
// refers to no other, names types everywhere and uses few keywords.

// schemaFolder holds the schemas of a catalog's own datasets: schemas/<product>/<dataset>.json.
const schemaFolder = "schemas"

// Datasets returns the registry with the datasets that the sources bring, without loading their
// controls. The error is *[Problems].
func Datasets(ctx context.Context, base *schemas.Registry, sources ...Source) (*schemas.Registry, error) {
	l := &loader{collector: newCollector(), datasets: base}
	l.readSchemas(ctx, sources)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return l.datasets, l.err()
}

// readSchemas adds the datasets of all sources to those that are known, until the context ends.
func (l *loader) readSchemas(ctx context.Context, sources []Source) {
	var own []*schemas.Dataset
	declared := map[string]string{} // name → path
	for _, source := range sources {
		for _, p := range source.paths() {
			if !isSchema(p) {
				continue
			}
			if ctx.Err() != nil {
				return
			}
			shown := path.Join(source.Name, p)
			l.files[shown] = &hcl.File{Bytes: source.files[p]}
			name := l.datasetName(p, shown, declared)
			if name == "" {
				continue
			}
			declared[name] = shown
			dataset := l.readSchema(name, shown, source.files[p])
			if dataset == nil {
				l.invalid = append(l.invalid, name)
				continue
			}
			own = append(own, dataset)
		}
	}
	if all, err := l.datasets.With(own...); err == nil {
		l.datasets = all
	}
}

var datasetName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,99}\.[a-z][a-z0-9_]{0,99}$`)

// ValidDataset reports whether a name has the form <product>.<dataset>.
func ValidDataset(name string) bool { return datasetName.MatchString(name) }

// datasetName returns the name of the dataset that the schema at a path describes. It is empty, and
// reported, unless it is valid and new.
func (l *loader) datasetName(p, shown string, declared map[string]string) string {
	parts := strings.Split(strings.TrimSuffix(p, ".json"), "/")
	name := strings.Join(parts[1:], ".")
	if len(parts) != 3 || !ValidDataset(name) {
		l.errorf(start(shown), "Invalid path of a schema",
			"The schema of a dataset stands in %s/<product>/<dataset>.json, with names of lower-case letters, digits and underscores that start with a letter.", schemaFolder)
		return ""
	}
	if _, builtin := l.datasets.Dataset(name); builtin {
		l.errorf(start(shown), "Duplicate dataset", "The dataset %s is built in (see 'posture schema show %s'): choose another name.", name, name)
		return ""
	}
	if first := declared[name]; first != "" {
		l.errorf(start(shown), "Duplicate dataset", "The dataset %s is declared by %s already: choose another name.", name, first)
		return ""
	}
	return name
}

// readSchema returns the dataset that a schema describes; nil, and its mistakes reported, if it has any.
func (l *loader) readSchema(name, shown string, text []byte) *schemas.Dataset {
	s := &schemaText{collector: l.collector, file: shown, text: text}
	if shape := s.parse(); shape != nil {
		s.checkDataset(name, shape)
	}
	if s.errors > 0 {
		return nil
	}
	dataset, err := schemas.Parse(name, text)
	if err != nil {
		l.errorf(start(shown), "Invalid schema", "%s.", err)
		return nil
	}
	return dataset
}

// checkDataset checks the schema of a dataset: its title, its x-posture, and the shape of its records.
func (s *schemaText) checkDataset(name string, shape map[string]any) {
	if id, given := shape["$id"]; given && id != "urn:posture:evidence:"+name {
		s.errorf("/$id", "Invalid $id", "The schema of %s has the $id %q, or none.", name, "urn:posture:evidence:"+name)
	}
	if title, _ := shape["title"].(string); strings.TrimSpace(title) == "" {
		s.errorf("/title", "Missing title", `Say what the dataset is, as plans and references show it: "title": "..."`)
	}
	if slices.Equal(typesOf(shape), []string{"object"}) {
		s.checkShape("", shape)
	} else {
		s.errorf("/type", "Not an object", `Records and documents are objects: "type": "object".`)
	}
	facts, ok := shape["x-posture"].(map[string]any)
	if !ok {
		s.errorf("/x-posture", "Missing x-posture", `Say how the dataset is read: "x-posture": {"kind": "population", "key": "id"}. The kinds are %s.`, orList(kinds()))
		return
	}
	s.checkFacts(shape, facts)
}

func kinds() []string {
	return []string{string(schemas.Document), string(schemas.List), string(schemas.Population)}
}

// facts are what x-posture of a dataset may hold, with its form.
func facts() map[string]form {
	return map[string]form{
		"kind": isText, "key": isText, "label": isText, "subject": isLine, "unique": isTexts, "never_empty": isBool, "always": isObject, "optional": isTexts, "sources": isList, "default_limit": isCount,
	}
}

// sourceFacts are what one of the sources may hold.
func sourceFacts() map[string]form {
	return map[string]form{"endpoint": isLine, "cmdlet": isLine, "permission": isLine, "select": isBool, "expand": isLine}
}

// checkFacts checks x-posture of a dataset.
func (s *schemaText) checkFacts(shape, given map[string]any) {
	const place = "/x-posture"
	if !s.checkForms(place, given, facts()) {
		return
	}
	kind, key := given["kind"], ""
	switch text, _ := kind.(string); {
	case !slices.Contains(kinds(), text):
		s.errorf(place+"/kind", "Invalid kind", "The kind of a dataset is %s.%s", orList(kinds()), suggest.Hint(text, kinds()))
		return
	case text != string(schemas.Document):
		if key, _ = given["key"].(string); key == "" {
			s.errorf(place+"/key", "Missing key", `A %s needs a field that names its records: "key": "..."%s`, text, fieldsHint(shape))
		}
	case given["key"] != nil || given["label"] != nil || given["unique"] != nil:
		s.errorf(place+"/key", "Key of a document", "A document is one object: leave out key, label and unique, or make it a %s.", schemas.List)
	}
	properties, _ := shape["properties"].(map[string]any)
	if field, ok := properties[key].(map[string]any); ok && (!slices.Contains(list(shape["required"]), any(key)) || !slices.Equal(typesOf(field), []string{"string"})) {
		s.errorf(place+"/key", "Invalid key", `The key %s names records, so it is in each of them, and a text: it has to be among "required", with "type": "string".`, clip(key))
	}
	s.checkNamed(place+"/key", properties, key)
	s.checkLabel(place, properties, given)
	for i, field := range list(given["unique"]) {
		s.checkNamed(fmt.Sprintf("%s/unique/%d", place, i), properties, field.(string))
	}
	for _, field := range sortedKeys(mapOf(given["always"])) {
		s.checkNamed(place+"/always/"+escape(field), properties, field)
	}
	s.checkSources(place, given)
}

// maxSubject is how many characters the subject of a dataset has at most: it is a word.
const maxSubject = 40

// checkLabel checks the field with the names that people know records by, and the word for what they are about.
func (s *schemaText) checkLabel(place string, properties, given map[string]any) {
	label, _ := given["label"].(string)
	s.checkNamed(place+"/label", properties, label)
	if field, ok := properties[label].(map[string]any); ok && !slices.Contains(typesOf(field), "string") {
		s.errorf(place+"/label", "Invalid label", `The label %s is the name that people know a record by: a text, "type": "string" or ["string", "null"].`, clip(label))
	}
	if subject, ok := given["subject"].(string); ok && (len(subject) > maxSubject || !validName.MatchString(subject)) {
		s.errorf(place+"/subject", "Invalid subject", `Say in a word, of letters, digits and underscores, what a record is about: "subject": "user", "device" or "server".`)
	}
}

// checkNamed reports a field that x-posture names and the records do not have.
func (s *schemaText) checkNamed(place string, properties map[string]any, field string) {
	if field != "" && properties[field] == nil {
		s.errorf(place, "Unknown field", "The records have no field %q.%s", clip(field), suggest.Hint(field, sortedKeys(properties)))
	}
}

// fieldsHint returns the fields of texts that are in every record, as candidates for a key.
func fieldsHint(shape map[string]any) string {
	properties, _ := shape["properties"].(map[string]any)
	var names []string
	for _, name := range list(shape["required"]) {
		if text, _ := name.(string); slices.Equal(typesOf(mapOf(properties[text])), []string{"string"}) {
			names = append(names, text)
		}
	}
	if len(names) == 0 {
		return ", one that every record has."
	}
	return fmt.Sprintf(", such as %s.", orList(names))
}

func (s *schemaText) checkSources(place string, given map[string]any) {
	sources := list(given["sources"])
	for i, source := range sources {
		at := fmt.Sprintf("%s/sources/%d", place, i)
		facts, ok := source.(map[string]any)
		if ok && !s.checkForms(at, facts, sourceFacts()) {
			continue
		}
		if !ok || (facts["endpoint"] == nil) == (facts["cmdlet"] == nil) {
			s.errorf(at, "Invalid source", `A source is an endpoint or a cmdlet: {"endpoint": "Export of the CMDB, in words, or GET /v1.0/..."} or {"cmdlet": "Get-..."}.`)
		}
	}
	if given["default_limit"] != nil && (len(sources) == 0 || mapOf(sources[0])["cmdlet"] == nil) {
		s.errorf(place+"/default_limit", "Limit without a cmdlet", "It is the number of records at which the cmdlet of the first source stops: name that cmdlet, or leave it out.")
	}
}

// keywords are the keywords of JSON Schema that a schema of evidence uses.
func keywords() map[string]form {
	return map[string]form{
		"$schema": isText, "$id": isText, "$comment": isText, "title": isLine, "description": isText, "default": isAny, "examples": isList, "deprecated": isBool,
		"x-posture": isObject, "type": isTypes, "properties": isObject, "required": isTexts, "items": isObject, "enum": isList, "format": isText, "pattern": isText, "minLength": isCount,
	}
}

// checkShape checks the schema of a value and of all within it.
func (s *schemaText) checkShape(place string, shape map[string]any) {
	if !s.checkForms(place, shape, keywords()) {
		return
	}
	types := typesOf(shape)
	if len(types) == 0 {
		s.errorf(place, "Missing type", `Say what the field may hold, so that rules can be checked: "type": "string", or "type": ["string", "null"] and the like.`)
		return
	}
	about := map[string]string{"properties": "object", "required": "object", "items": "array", "format": "string", "pattern": "string", "minLength": "string"}
	for _, keyword := range sortedKeys(about) {
		if shape[keyword] != nil && !slices.Contains(types, about[keyword]) {
			s.errorf(place+"/"+keyword, "Keyword without its type", `%s is about values of the type %q, which "type" does not allow.`, keyword, about[keyword])
		}
	}
	s.checkTexts(place, shape, types)
	properties, _ := shape["properties"].(map[string]any)
	for i, name := range list(shape["required"]) {
		if text, _ := name.(string); properties[text] == nil {
			s.errorf(fmt.Sprintf("%s/required/%d", place, i), "Unknown field", "There is no field %q that could be required.%s", clip(text), suggest.Hint(text, sortedKeys(properties)))
		}
	}
	for _, name := range sortedKeys(properties) {
		below := place + "/properties/" + escape(name)
		if strings.ContainsFunc(name, plaintext.Steers) {
			s.errorf(below, "Invalid name of a field", "%q has characters that can't be seen: leave the field out.", clip(name))
		}
		if field, ok := properties[name].(map[string]any); ok {
			s.checkShape(below, field)
		} else {
			s.errorf(below, "Invalid field", `The schema of a field is an object: {"type": "string"} and the like.`)
		}
	}
	if items, ok := shape["items"].(map[string]any); ok {
		s.checkShape(place+"/items", items)
	}
}

// checkTexts checks what a schema says of texts.
func (s *schemaText) checkTexts(place string, shape map[string]any, types []string) {
	formats := append(schemas.Formats(), "date-time")
	if format, given := shape["format"].(string); given && !slices.Contains(formats, format) {
		hint := suggest.Hint(format, formats)
		if near := map[string]string{"email": "mail", "uuid": "id", "hostname": "domain", "upn": "sign-in-name", "date": "date-time"}[format]; near != "" {
			hint = fmt.Sprintf(" Did you mean %q?", near)
		}
		s.errorf(place+"/format", "Unknown format", "The formats are %s.%s", orList(formats), hint)
	}
	if pattern, given := shape["pattern"].(string); given {
		states, err := textlimit.Pattern(pattern)
		s.states += states
		switch {
		case err != nil:
			s.errorf(place+"/pattern", "Invalid pattern", "It can't be used as a regular expression: %s.", err)
		case s.states > maxStates:
			s.errorf(place+"/pattern", "Patterns too large", "All patterns of a schema together have up to %d states: shorten their repetitions.", maxStates)
		}
	}
	for i, value := range list(shape["enum"]) {
		at := fmt.Sprintf("%s/enum/%d", place, i)
		switch value.(type) {
		case string, nil:
			if kind := jsonType(value); !slices.Contains(types, kind) {
				s.errorf(at, "Value of another type", `"type" does not allow a value of the type %q.`, kind)
			}
		default:
			s.errorf(at, "Invalid value", "An enum lists texts, and null: leave it out, and let the rule decide about numbers.")
		}
	}
	if shape["enum"] != nil && len(list(shape["enum"])) == 0 {
		s.errorf(place+"/enum", "Empty enum", "No value would be valid: list the values, or leave it out.")
	}
	if given, ok := shape["x-posture"].(map[string]any); ok && place != "" {
		s.checkForms(place+"/x-posture", given, map[string]form{"words": isTexts, "separator": isText, "type_names": isBool})
	}
}

// advice returns how to do without a keyword that JSON Schema has and schemas of evidence do not
// use; "" for any other word.
func advice(keyword string) string {
	switch keyword {
	case "$ref", "$dynamicRef", "$recursiveRef", "$defs", "definitions", "$anchor":
		return "A schema of evidence stands alone, and nothing is ever fetched: write the fields out where they are used."
	case "additionalProperties", "unevaluatedProperties", "patternProperties", "propertyNames":
		return "Evidence may hold fields that no schema names: leave it out. An object without properties may hold anything."
	case "anyOf", "oneOf", "allOf", "not", "if", "then", "else", "dependentSchemas":
		return `A schema of evidence has no alternatives: list several types, such as "type": ["string", "null"], and let the rule decide about the rest.`
	case "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "maxLength", "minItems", "maxItems", "uniqueItems":
		return "A schema says what form evidence has, and not which values are good: leave it out, and let the rule decide."
	}
	return ""
}
