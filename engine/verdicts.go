package engine

import (
	"iter"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine/internal/bitset"
	"github.com/posture-score/posture/engine/internal/scan"
)

// Invariant: verdicts are the same for the same catalog, evidence, decisions and time, in whatever order the evidence lists records.

// Verdicts are those of an assessment record by record, by which two assessments of a tenant are compared: which records came and
// left, and which stayed and have another verdict. Records are told apart by hashes of their keys. A million users take 8 MB, and
// 375 KB more for each control. They are filled by [Engine.Assess]; the zero value has none.
type Verdicts struct {
	populations []*population // sorted by dataset
	byControl   map[string]*controlVerdicts
}

// population is the records of a dataset by their keys.
type population struct {
	dataset  string
	keys     []uint64 // sorted, different
	controls []*controlVerdicts
}

// controlVerdicts are the verdicts of one control: sets of numbers of keys.
type controlVerdicts struct {
	id         string
	population *population
	inScope    bitset.Set // excluded ones are not
	failing    bitset.Set // of those in scope
	excluded   bitset.Set
}

// RecordVerdict is what a control says of a record.
type RecordVerdict struct {
	Present  bool // in the population
	InScope  bool
	Failing  bool // in scope, and not compliant
	Excluded bool // out of scope by a decision of the organization
}

// Compliant reports whether the record is in scope and complies.
func (v RecordVerdict) Compliant() bool { return v.InScope && !v.Failing }

// RecordChange is a record with another verdict than before.
type RecordChange struct {
	Key    uint64 // see [KeyHash]
	Before RecordVerdict
	After  RecordVerdict
}

// VerdictCounts count the records of a control by their keys. They equal those of its action, unless records have no keys, or the
// same one: then verdicts don't tell all that changed.
type VerdictCounts struct{ InScope, Failing, Excluded int64 }

// KeyHash returns the hash by which verdicts know a record: of its key in canonical form (schemas.Dataset.KeyFold).
func KeyHash(dataset, canonical string) uint64 {
	return scan.HashKey(dataset, []byte(canonical), nil)
}

// add adds what a scan found.
func (v *Verdicts) add(found scan.Population) {
	p := &population{dataset: found.Dataset, keys: found.Keys}
	for _, c := range found.Controls {
		p.controls = append(p.controls, &controlVerdicts{c.ID, p, c.InScope, c.Failing, c.Excluded})
	}
	v.addPopulation(p)
}

func (v *Verdicts) addPopulation(p *population) {
	if v.byControl == nil {
		v.byControl = map[string]*controlVerdicts{}
	}
	slices.SortFunc(p.controls, func(a, b *controlVerdicts) int { return strings.Compare(a.id, b.id) })
	for _, c := range p.controls {
		v.byControl[c.id] = c
	}
	v.populations = append(v.populations, p)
	slices.SortFunc(v.populations, func(a, b *population) int { return strings.Compare(a.dataset, b.dataset) })
}

// Controls returns the ids of the controls that have verdicts, sorted: the coverage controls that were assessed by their records.
func (v *Verdicts) Controls() []string {
	ids := make([]string, 0, len(v.byControl))
	for id := range v.byControl {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// Keys returns how many keys a population has; 0 if it was not scanned. Keys that only joined datasets have are counted, too.
func (v *Verdicts) Keys(dataset string) int64 {
	for _, p := range v.populations {
		if p.dataset == dataset {
			return int64(len(p.keys))
		}
	}
	return 0
}

// Counts returns the counts of a control; false if it has no verdicts.
func (v *Verdicts) Counts(control string) (VerdictCounts, bool) {
	c := v.byControl[control]
	if c == nil {
		return VerdictCounts{}, false
	}
	return VerdictCounts{c.inScope.Count(), c.failing.Count(), c.excluded.Count()}, true
}

// Population returns the keys that came into the population of a control since earlier verdicts, and those that left it, in order;
// false if they are of different datasets, or either has no verdicts of the control.
func (v *Verdicts) Population(earlier *Verdicts, control string) (came, left []uint64, ok bool) {
	before, after := earlier.byControl[control], v.byControl[control]
	if before == nil || after == nil || before.population.dataset != after.population.dataset {
		return nil, nil, false
	}
	for i, j := range aligned(before.population.keys, after.population.keys) {
		switch {
		case i < 0:
			came = append(came, after.population.keys[j])
		case j < 0:
			left = append(left, before.population.keys[i])
		}
	}
	return came, left, true
}

// Changes returns the records of which a control says otherwise than in earlier verdicts, by their keys in order. It returns false
// where [Verdicts.Population] does.
func (v *Verdicts) Changes(earlier *Verdicts, control string) (iter.Seq[RecordChange], bool) {
	before, after := earlier.byControl[control], v.byControl[control]
	if before == nil || after == nil || before.population.dataset != after.population.dataset {
		return nil, false
	}
	if slices.Equal(before.population.keys, after.population.keys) {
		return changesOfSame(before, after), true
	}
	return func(yield func(RecordChange) bool) {
		for i, j := range aligned(before.population.keys, after.population.keys) {
			change := RecordChange{Before: before.of(i), After: after.of(j)}
			if change.Before == change.After {
				continue
			}
			if change.Key = after.population.key(j); j < 0 {
				change.Key = before.population.key(i)
			}
			if !yield(change) {
				return
			}
		}
	}, true
}

// changesOfSame returns the changes within a population that has the same keys as before.
func changesOfSame(before, after *controlVerdicts) iter.Seq[RecordChange] {
	return func(yield func(RecordChange) bool) {
		var differ bitset.Set
		for _, set := range []bitset.Set{
			before.inScope.Xor(after.inScope), before.failing.Xor(after.failing), before.excluded.Xor(after.excluded),
		} {
			differ.AddShifted(set, 0)
		}
		for i := range differ.All() {
			if !yield(RecordChange{after.population.keys[i], before.of(i), after.of(i)}) {
				return
			}
		}
	}
}

// of returns the verdict on the key of that number; less than 0 for none.
func (c *controlVerdicts) of(i int) RecordVerdict {
	if i < 0 {
		return RecordVerdict{}
	}
	return RecordVerdict{Present: true, InScope: c.inScope.Has(i), Failing: c.failing.Has(i), Excluded: c.excluded.Has(i)}
}

func (p *population) key(i int) uint64 {
	if i < 0 {
		return 0
	}
	return p.keys[i]
}

// aligned returns the places of each key in two sorted lists, in order; -1 in one that lacks it.
func aligned(before, after []uint64) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		for i, j := 0, 0; i < len(before) || j < len(after); {
			x, y := i, j
			switch {
			case i == len(before) || j < len(after) && after[j] < before[i]:
				x, j = -1, j+1
			case j == len(after) || before[i] < after[j]:
				y, i = -1, i+1
			default:
				i, j = i+1, j+1
			}
			if !yield(x, y) {
				return
			}
		}
	}
}
