package msgraph

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer/jsonfile"
	"github.com/posture-score/posture/internal/importer/psobject"
	"github.com/posture-score/posture/schemas"
)

// maxHeld bounds the answers that are held to be compared, in bytes.
const maxHeld = 64 << 20

// manyRecords are too many to be held because a few of them are on two pages.
const manyRecords = 20_000

// held are the records of one answer by their key.
type held struct {
	file  string
	order []string
	byKey map[string]any
}

// merge returns one list, or one document, of several answers to the same request, such as those of
// v1.0 and of beta, or where they differ. They have to agree in what both have.
func (r *responses) merge(ctx context.Context, dataset *schemas.Dataset, wholes []whole, saved psobject.Files) ([]any, string, error) {
	var all *held
	size := 0
	for _, w := range wholes {
		next, err := r.hold(ctx, dataset, w, saved, &size)
		if err != nil {
			return nil, "", err
		}
		if all == nil {
			all = next
			continue
		}
		if why := all.add(next, dataset); why != "" {
			return nil, why, nil
		}
	}
	for _, w := range wholes[1:] {
		r.plan.skip(w.file(), fmt.Sprintf("it answers the same as %s and agrees with it: %s is made of both", all.file, dataset.Name))
	}
	list := make([]any, 0, len(all.order))
	for _, key := range all.order {
		list = append(list, all.byKey[key])
	}
	return list, "", nil
}

// hold reads a whole answer.
func (r *responses) hold(ctx context.Context, dataset *schemas.Dataset, w whole, saved psobject.Files, size *int) (*held, error) {
	h := &held{file: w.file(), byKey: map[string]any{}}
	filled, seen := r.filledIn(ctx, w.pages), newSeen(dataset)
	err := r.each(ctx, w.pages, func(a answer, record map[string]any, n int) error {
		if *size += n; *size > maxHeld {
			return &evidence.Error{Summary: "the answers are too long to be compared", Hint: "Keep one of them."}
		}
		value := r.convert(a, record, filled, dataset, saved)
		again, err := seen.duplicate(value)
		if err != nil || again {
			return err
		}
		name, ok := identity(dataset, value)
		if !ok {
			name = fmt.Sprint(len(h.order))
		}
		before, twice := h.byKey[name]
		switch {
		case !twice:
			h.order = append(h.order, name)
			h.byKey[name] = value
		case !isDated(dataset):
			return &evidence.Error{Summary: fmt.Sprintf("two records of %s differ", jsonfile.Clip(name)), Hint: "Save the answer again."}
		case updated(value) > updated(before):
			h.byKey[name] = value
		}
		return nil
	})
	return h, err
}

const lastUpdated = "lastUpdatedDateTime"

// isDated reports whether records say when they were updated: of two that are on two pages, the
// later one counts.
func isDated(dataset *schemas.Dataset) bool {
	properties, _ := dataset.Shape()["properties"].(map[string]any)
	return properties[lastUpdated] != nil
}

func updated(record any) string {
	fields, _ := record.(map[string]any)
	text, _ := fields[lastUpdated].(string)
	return text
}

// add adds the records of another answer, or returns where it differs.
func (h *held) add(other *held, dataset *schemas.Dataset) string {
	differ := func(format string, args ...any) string {
		return fmt.Sprintf("%s and %s answer the same request and differ: %s; keep one of them", h.file, other.file, fmt.Sprintf(format, args...))
	}
	for _, key := range other.order {
		if _, ok := h.byKey[key]; !ok {
			return differ("%s is in the second alone", jsonfile.Clip(key))
		}
	}
	for _, key := range h.order {
		also, ok := other.byKey[key]
		if !ok {
			return differ("%s is in the first alone", jsonfile.Clip(key))
		}
		merged, where := agree(h.byKey[key], also, dataset.Shape(), "")
		if where != "" {
			if dataset.Kind == schemas.Document {
				return differ("%s", where)
			}
			return differ("%s of %s", where, jsonfile.Clip(key))
		}
		h.byKey[key] = merged
	}
	return ""
}

// agree merges two versions of one value: what only one of them has is kept, and what both have has
// to be the same. Otherwise agree returns the path of the first field that differs. Fields that the
// schema does not know may differ, and so may the case of texts.
func agree(a, b any, shape map[string]any, at string) (any, string) {
	switch first := a.(type) {
	case map[string]any:
		if second, ok := b.(map[string]any); ok {
			return agreeFields(first, second, shape, at)
		}
	case []any:
		if second, ok := b.([]any); ok {
			return agreeElements(first, second, shape, at)
		}
	}
	switch {
	case a == nil && isNothing(b):
		return b, ""
	case b == nil && isNothing(a), same(a, b):
		return a, ""
	}
	return nil, at
}

// isNothing reports whether a value says no more than null: v1.0 writes null where beta writes an
// object of nulls.
func isNothing(value any) bool {
	switch value := value.(type) {
	case nil:
		return true
	case []any:
		return len(value) == 0
	case map[string]any:
		for _, v := range value {
			if !isNothing(v) {
				return false
			}
		}
		return true
	}
	return false
}

func agreeFields(a, b, shape map[string]any, at string) (any, string) {
	properties, _ := shape["properties"].(map[string]any)
	merged := make(map[string]any, len(a)+len(b))
	for name, value := range b {
		merged[name] = value
	}
	for _, name := range sortedKeys(a) {
		also, both := b[name]
		of, known := properties[name].(map[string]any)
		if merged[name] = a[name]; !both || !known {
			continue
		}
		place := name
		if at != "" {
			place = at + "." + name
		}
		value, where := agree(a[name], also, of, place)
		if where != "" {
			return nil, where
		}
		merged[name] = value
	}
	return merged, ""
}

// agreeElements pairs the elements of two lists in any order.
func agreeElements(a, b []any, shape map[string]any, at string) (any, string) {
	const most = 2000 // every element may be compared with every other
	if len(a) != len(b) || len(a) > most {
		return nil, at
	}
	items, _ := shape["items"].(map[string]any)
	left := append([]any{}, b...)
	merged := make([]any, 0, len(a))
	for _, element := range a {
		found := false
		for i, other := range left {
			value, where := agree(element, other, items, at)
			if where != "" {
				continue
			}
			merged, left, found = append(merged, value), append(left[:i:i], left[i+1:]...), true
			break
		}
		if !found {
			return nil, at
		}
	}
	return merged, ""
}

func same(a, b any) bool {
	switch a.(type) {
	case nil, bool, string, json.Number, float64:
		if b == nil || a == nil {
			return a == b
		}
		_, textA := a.(string)
		_, textB := b.(string)
		return textA == textB && strings.EqualFold(fmt.Sprint(a), fmt.Sprint(b))
	}
	return false
}

// digest stands for a key or a record where there may be millions of them.
type digest [16]byte

func digestOf(data []byte) digest {
	sum := sha256.Sum256(data)
	return digest(sum[:16])
}

// seen finds records that are on two pages, as happens when the list changes while it is read.
type seen struct {
	dataset *schemas.Dataset
	records map[digest]digest
}

func newSeen(dataset *schemas.Dataset) *seen {
	return &seen{dataset: dataset, records: map[digest]digest{}}
}

// identity returns the unique fields of a record in lower case; false if the dataset has none or
// the record lacks one.
func identity(dataset *schemas.Dataset, record any) (string, bool) {
	fields, _ := record.(map[string]any)
	var parts []string
	for _, name := range dataset.Unique {
		text, ok := fields[name].(string)
		if !ok {
			return "", false
		}
		parts = append(parts, strings.ToLower(text))
	}
	return strings.Join(parts, " "), len(parts) > 0
}

// duplicate reports whether a record was seen before. Of two records of a population that
// contradict each other both are kept, and the assessment counts neither. A list is read whole, so
// that a contradiction is an error.
func (s *seen) duplicate(record any) (bool, error) {
	data, err := json.Marshal(record)
	if err != nil {
		return false, err
	}
	content := digestOf(data)
	name := content
	if id, ok := identity(s.dataset, record); ok {
		name = digestOf([]byte(id))
		before, known := s.records[name]
		switch {
		case !known || before == content:
		case s.dataset.Kind == schemas.Population:
			return false, nil
		default:
			return false, &evidence.Error{
				Summary: fmt.Sprintf("two records with %s %q differ", strings.Join(s.dataset.Unique, " and "), jsonfile.Clip(id)),
				Hint:    "Pages of one collection agree: save them all again.",
			}
		}
	}
	_, again := s.records[name]
	s.records[name] = content
	return again, nil
}
