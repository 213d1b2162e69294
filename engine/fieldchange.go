package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/posture-score/posture/engine/internal/load"
	"github.com/posture-score/posture/engine/internal/scan"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/schemas"
)

// Invariant: only what the rule of a control reads is compared, in the form in which the rule sees it. The order of records, and that
// of the texts of a list, makes no difference.

// FieldChange is a field of a document that is another one than before.
type FieldChange struct {
	Dataset string  `json:"dataset"`
	Record  *Record `json:"record,omitempty"` // of a list, in canonical form; nil in a document
	// Field is the path of the field, dotted; [] is an element of a list of texts or numbers, and [2] the third element of another list.
	// It is empty for a whole record that came or left.
	Field string `json:"field"`
	Old   string `json:"old"` // JSON, cut to 200 characters; empty if it was not there
	New   string `json:"new"` // the same; empty if it is not there any more
}

// DocumentChanges are the fields that the rule of a control reads of documents, and that changed.
type DocumentChanges struct {
	Total   int           `json:"total"`
	Shown   []FieldChange `json:"shown"`             // the first ones, by dataset, record and field; never null
	Missing []string      `json:"missing,omitempty"` // datasets that either bundle lacks, so that they can't be compared; sorted
}

// maxFieldValue is how many characters of a value a change shows.
const maxFieldValue = 200

// DocumentChanges compares the documents that the rule of a control reads in two bundles, whatever it makes of them. It returns at
// most so many changes, and counts all. A control that reads no documents has none.
func (e *Engine) DocumentChanges(ctx context.Context, before, after *evidence.Bundle, control string, most int) (*DocumentChanges, error) {
	c, ok := e.rules.Catalog.Control(control)
	if !ok {
		return nil, e.rules.Catalog.Unknown(control)
	}
	old, err := load.Documents(ctx, e.rules, before, c)
	if err != nil {
		return nil, err
	}
	latest, err := load.Documents(ctx, e.rules, after, c)
	if err != nil {
		return nil, err
	}
	found := &DocumentChanges{Shown: []FieldChange{}}
	for _, name := range slices.Sorted(maps.Keys(latest)) {
		from, to := old[name], latest[name]
		if from.Value == nil || to.Value == nil {
			if from.Value != nil || to.Value != nil {
				found.Missing = append(found.Missing, name)
			}
			continue
		}
		d := differ{found: found, most: most, at: FieldChange{Dataset: name}}
		if to.Spec.Kind == schemas.Document {
			d.values("", plain(from.Value), plain(to.Value))
		} else {
			d.records(recordsByKey(from), recordsByKey(to))
		}
	}
	return found, ctx.Err()
}

// keyedRecord is a record of a list.
type keyedRecord struct {
	name   Record
	fields any // those that the rule reads
}

// recordsByKey returns the records of a list by their keys; what has none, or the key of another one, by its place.
func recordsByKey(document load.ControlDocument) map[string]keyedRecord {
	list, _ := plain(document.Value).([]any)
	byKey := map[string]keyedRecord{}
	read := func(field string) bool {
		return document.Read != nil && (document.Read.Whole || document.Read.Each != nil || document.Read.Fields[field] != nil)
	}
	for i, record := range list {
		fields, _ := record.(map[string]any)
		key, _ := fields[document.Spec.Key].(string)
		label, _ := fields[document.Spec.Label].(string)
		if _, taken := byKey[key]; taken || key == "" {
			key = "record " + strconv.Itoa(i+1)
		}
		for _, name := range []string{document.Spec.Key, document.Spec.Label} {
			if !read(name) {
				delete(fields, name)
			}
		}
		byKey[key] = keyedRecord{Record{Key: key, Label: scan.Label(label, key)}, record}
	}
	return byKey
}

// differ compares values.
type differ struct {
	found *DocumentChanges
	most  int
	at    FieldChange // without field and values
}

func (d *differ) records(before, after map[string]keyedRecord) {
	keys := maps.Clone(before)
	maps.Copy(keys, after)
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		old, was := before[key]
		latest, is := after[key]
		named := latest.name
		if !is {
			named = old.name
		}
		d.at.Record = &named
		switch {
		case was && is:
			d.values("", old.fields, latest.fields)
		case was:
			d.add("", text(old.fields), "")
		default:
			d.add("", "", text(latest.fields))
		}
	}
}

// values compares two values of a field.
func (d *differ) values(path string, old, latest any) {
	if reflect.DeepEqual(old, latest) {
		return
	}
	before, wasObject := old.(map[string]any)
	after, isObject := latest.(map[string]any)
	first, wasList := old.([]any)
	second, isList := latest.([]any)
	switch {
	case wasObject && isObject:
		d.objects(path, before, after)
	case wasList && isList && scalars(first) && scalars(second):
		d.elements(path, first, second)
	case wasList && isList:
		for i := range max(len(first), len(second)) {
			at := path + "[" + strconv.Itoa(i) + "]"
			switch {
			case i >= len(first):
				d.add(at, "", text(second[i]))
			case i >= len(second):
				d.add(at, text(first[i]), "")
			default:
				d.values(at, first[i], second[i])
			}
		}
	default:
		d.add(path, text(old), text(latest))
	}
}

func (d *differ) objects(path string, before, after map[string]any) {
	names := maps.Clone(before)
	maps.Copy(names, after)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		at := name
		if path != "" {
			at = path + "." + name
		}
		old, was := before[name]
		latest, is := after[name]
		switch {
		case was && is:
			d.values(at, old, latest)
		case was:
			d.add(at, text(old), "")
		default:
			d.add(at, "", text(latest))
		}
	}
}

// elements compares lists of texts, numbers and the like: by what is in them, as often as it is.
func (d *differ) elements(path string, before, after []any) {
	counts := map[string]int{}
	for _, element := range after {
		counts[text(element)]++
	}
	for _, element := range before {
		counts[text(element)]--
	}
	for _, element := range slices.Sorted(maps.Keys(counts)) {
		for ; counts[element] < 0; counts[element]++ {
			d.add(path+"[]", element, "")
		}
		for ; counts[element] > 0; counts[element]-- {
			d.add(path+"[]", "", element)
		}
	}
}

// scalars reports whether a list holds neither objects nor lists.
func scalars(list []any) bool {
	return !slices.ContainsFunc(list, func(element any) bool {
		switch element.(type) {
		case map[string]any, []any:
			return true
		}
		return false
	})
}

func (d *differ) add(field, old, latest string) {
	if d.found.Total++; len(d.found.Shown) >= d.most {
		return
	}
	change := d.at
	change.Field, change.Old, change.New = clipped(field), clipped(old), clipped(latest)
	d.found.Shown = append(d.found.Shown, change)
}

// text returns a value as JSON.
func text(value any) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(value) != nil {
		return fmt.Sprint(value) // decoded JSON always encodes
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// clipped returns the beginning of a long text.
func clipped(text string) string {
	if utf8.RuneCountInString(text) <= maxFieldValue {
		return text
	}
	return string([]rune(text)[:maxFieldValue-1]) + "…"
}
