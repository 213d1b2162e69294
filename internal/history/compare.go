package history

import (
	"cmp"
	"slices"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/schemas"
)

// Recorded is an assessment, with its verdicts record by record if they are known.
type Recorded struct {
	Assessment *engine.Assessment
	Verdicts   *engine.Verdicts // nil if only the assessment is known
}

// Compare says why one assessment has another score than an earlier one: record by record, if the verdicts of both are known. Records
// are named as far as the assessments name them.
func Compare(before, after Recorded) (*attribution.Attribution, error) {
	if before.Verdicts == nil || after.Verdicts == nil {
		return attribution.Compare(before.Assessment, after.Assessment), nil
	}
	known, err := namesOf(before.Assessment, after.Assessment)
	if err != nil {
		return nil, err
	}
	verdicts := &attribution.Verdicts{Before: before.Verdicts, After: after.Verdicts, Name: known.name}
	return attribution.CompareRecords(before.Assessment, after.Assessment, verdicts), nil
}

// names are the records that assessments name, by dataset and by the hash of the key.
type names map[string]map[uint64]engine.Record

// namesOf returns the records that fail in assessments, as far as these name them. Those of later assessments count.
func namesOf(assessments ...*engine.Assessment) (names, error) {
	registry, err := schemas.Builtin()
	if err != nil {
		return nil, err
	}
	all := names{}
	for _, a := range assessments {
		for i := range a.Actions {
			if action := &a.Actions[i]; action.Failing != nil && action.Population != "" {
				all.add(registry, action.Population, action.Failing.Shown)
			}
		}
	}
	return all, nil
}

func (n names) add(registry *schemas.Registry, population string, records []engine.Record) {
	dataset, builtin := registry.Dataset(population)
	if n[population] == nil {
		n[population] = map[uint64]engine.Record{}
	}
	for _, record := range records {
		canonical := record.Key // of another dataset nobody here knows when two keys are the same
		if builtin {
			canonical = dataset.KeyFold().String(canonical)
		}
		n[population][engine.KeyHash(population, canonical)] = record
	}
}

// name adds a record to a set, in the order of keys, if its name is known.
func (n names) name(set *attribution.Set, dataset string, key uint64) {
	record, ok := n[dataset][key]
	if !ok {
		return
	}
	at, _ := slices.BinarySearchFunc(set.Shown, record, func(a, b engine.Record) int { return cmp.Compare(a.Key, b.Key) })
	set.Shown = slices.Insert(set.Shown, at, record)
}
