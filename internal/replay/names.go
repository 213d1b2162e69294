package replay

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/schemas"
)

// names finds the names of records that are known by the hashes of their keys.
type names struct {
	wanted map[string]map[uint64][]*attribution.Set // by dataset and hash: the sets that name the record
}

// want asks for the name of a record in a set.
func (n *names) want(set *attribution.Set, dataset string, key uint64) {
	if n.wanted == nil {
		n.wanted = map[string]map[uint64][]*attribution.Set{}
	}
	if n.wanted[dataset] == nil {
		n.wanted[dataset] = map[uint64][]*attribution.Set{}
	}
	n.wanted[dataset][key] = append(n.wanted[dataset][key], set)
}

// find reads the names in evidence: first of the new side, where most records are, then of the old one for those that left.
func (n *names) find(ctx context.Context, registry *schemas.Registry, bundles ...*evidence.Bundle) error {
	var sets []*attribution.Set
	for _, name := range slices.Sorted(maps.Keys(n.wanted)) {
		for _, named := range n.wanted[name] {
			sets = append(sets, named...)
		}
		dataset, ok := registry.Dataset(name)
		if !ok {
			continue
		}
		for _, bundle := range bundles {
			if err := n.read(ctx, dataset, bundle); err != nil {
				return err
			}
		}
	}
	for _, set := range sets {
		slices.SortFunc(set.Shown, func(a, b engine.Record) int { return strings.Compare(a.Key, b.Key) })
	}
	return nil
}

// read finds names in one dataset of one bundle.
func (n *names) read(ctx context.Context, dataset *schemas.Dataset, bundle *evidence.Bundle) error {
	wanted, fold := n.wanted[dataset.Name], dataset.KeyFold()
	for record, err := range bundle.Records(ctx, dataset.Name) {
		if err != nil {
			return err
		}
		if len(wanted) == 0 {
			return nil
		}
		key, label := fieldsOf(record.JSON, dataset.Key, dataset.Label)
		hash := engine.KeyHash(dataset.Name, fold.String(key))
		for _, set := range wanted[hash] {
			set.Shown = append(set.Shown, engine.Record{Key: key, Label: label})
		}
		delete(wanted, hash)
	}
	return nil
}

// fieldsOf returns two texts of a record. What is no text is empty: nothing is known by it.
func fieldsOf(record []byte, key, label string) (string, string) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(record, &fields) != nil {
		return "", ""
	}
	text := func(name string) (value string) {
		_ = json.Unmarshal(fields[name], &value)
		return value
	}
	shown := text(label)
	if shown == text(key) {
		shown = ""
	}
	for utf8.RuneCountInString(shown) > maxLabel {
		shown = string([]rune(shown)[:maxLabel])
	}
	return text(key), shown
}

// maxLabel is how many characters a label has at most, as in an assessment.
const maxLabel = 128
