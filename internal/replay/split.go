package replay

import (
	"slices"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/attribution"
)

// splits tells population and configuration apart, by the verdicts of the assessments before and after the new evidence.
type splits struct {
	before, after          *engine.Verdicts
	oldActions, newActions map[string]engine.Coverage // what was counted, by id
	catalog                *catalog.Catalog
	names                  *names
}

// of returns what is known of the records of a control, or nil: of a control without records, or of records that can't be told apart
// by their keys.
func (s *splits) of(id string) *attribution.Split {
	control, ok := s.catalog.Control(id)
	if !ok || control.Coverage == nil || !s.counted(s.before, s.oldActions, id) || !s.counted(s.after, s.newActions, id) {
		return nil
	}
	changes, ok := s.after.Changes(s.before, id)
	if !ok {
		return nil
	}
	was := s.oldActions[id]
	split := &attribution.Split{Compliant: was.Compliant, InScope: was.InScope, AllOrNothing: control.Coverage.AllOrNothing}
	dataset := control.Coverage.Dataset
	for change := range changes {
		s.count(split, dataset, change)
	}
	return split
}

// counted reports whether verdicts tell of as many records as the action counts.
func (s *splits) counted(verdicts *engine.Verdicts, actions map[string]engine.Coverage, id string) bool {
	counts, ok := verdicts.Counts(id)
	coverage, also := actions[id]
	return ok && also && counts.InScope == coverage.InScope && counts.InScope-counts.Failing == coverage.Compliant
}

// count adds a record whose verdict changed.
func (s *splits) count(split *attribution.Split, dataset string, change engine.RecordChange) {
	add := func(set **attribution.Set) { s.names.add(set, dataset, change.Key) }
	number := func(yes bool) int64 {
		if yes {
			return 1
		}
		return 0
	}
	before, after := change.Before, change.After
	switch {
	case !before.Present:
		split.InScope += number(after.InScope)
		split.Compliant += number(after.Compliant())
		if after.InScope {
			add(&split.Moved.Came)
		}
	case !after.Present:
		split.InScope -= number(before.InScope)
		split.Compliant -= number(before.Compliant())
		if before.InScope {
			add(&split.Moved.Left)
		}
	case before.Compliant() && after.Failing:
		add(&split.Moved.Regressed)
	case before.Failing && after.Compliant():
		add(&split.Moved.Improved)
	}
}

// coverages returns what the coverage controls of an assessment counted.
func coverages(a *engine.Assessment) map[string]engine.Coverage {
	counts := map[string]engine.Coverage{}
	for i := range a.Actions {
		if c := a.Actions[i].Coverage; c != nil {
			counts[a.Actions[i].ID] = *c
		}
	}
	return counts
}

// maxShown is how many records a set names.
const maxShown = 100

// names finds the names of records that are known by the hashes of their keys.
type names struct {
	wanted map[string]map[uint64][]*attribution.Set // by dataset and hash: the sets that name the record
}

// add counts a record in a set, and asks for its name if the set names few yet. Hashes come in order, so that the same records are
// named whatever the order of the evidence.
func (n *names) add(set **attribution.Set, dataset string, key uint64) {
	if *set == nil {
		*set = &attribution.Set{Shown: []engine.Record{}}
	}
	(*set).Total++
	if (*set).Total > maxShown {
		return
	}
	if n.wanted == nil {
		n.wanted = map[string]map[uint64][]*attribution.Set{}
	}
	if n.wanted[dataset] == nil {
		n.wanted[dataset] = map[uint64][]*attribution.Set{}
	}
	n.wanted[dataset][key] = append(n.wanted[dataset][key], *set)
}

// datasets returns the datasets in which names are wanted, sorted.
func (n *names) datasets() []string {
	var list []string
	for dataset := range n.wanted {
		list = append(list, dataset)
	}
	slices.Sort(list)
	return list
}
