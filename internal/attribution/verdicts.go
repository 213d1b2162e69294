package attribution

import (
	"github.com/posture-score/posture/engine"
)

// Verdicts are those of two assessments record by record, which tell population and configuration apart.
type Verdicts struct {
	Before, After *engine.Verdicts
	// AllOrNothing reports whether a control earns points only if all records comply. If it is nil, that follows from the outcomes, as far
	// as they tell.
	AllOrNothing func(id string) bool
	// Name names a record in a set, now or later: that of a dataset whose key has this hash (see [engine.KeyHash]). It is asked for the
	// first records of each set, in the order of their hashes. It may be nil.
	Name func(set *Set, dataset string, key uint64)
}

// Splits returns what is known of the records of a control between two assessments, or nil: of a control without records, or of
// records that can't be told apart by their keys.
func (v *Verdicts) Splits(before, after *engine.Assessment) func(id string) *Split {
	old, latest := byID(before), byID(after)
	return func(id string) *Split {
		from, to := old[id], latest[id]
		if from == nil || to == nil || !counted(v.Before, from) || !counted(v.After, to) {
			return nil
		}
		changes, ok := v.After.Changes(v.Before, id)
		if !ok {
			return nil
		}
		split := &Split{Compliant: from.Coverage.Compliant, InScope: from.Coverage.InScope, AllOrNothing: v.allOrNothing(from, to)}
		for change := range changes {
			v.count(split, to.Population, change)
		}
		return split
	}
}

// counted reports whether verdicts tell of as many records as an action counts.
func counted(verdicts *engine.Verdicts, a *engine.Action) bool {
	counts, ok := verdicts.Counts(a.ID)
	c := a.Coverage
	return ok && c != nil && counts.InScope == c.InScope && counts.InScope-counts.Failing == c.Compliant
}

func (v *Verdicts) allOrNothing(before, after *engine.Action) bool {
	if v.AllOrNothing != nil {
		return v.AllOrNothing(after.ID)
	}
	nothing := func(a *engine.Action) bool { return a.Outcome == engine.NotMet && a.Coverage.Compliant > 0 }
	return nothing(before) || nothing(after)
}

// count adds a record whose verdict changed.
func (v *Verdicts) count(split *Split, dataset string, change engine.RecordChange) {
	add := func(set **Set) { v.add(set, dataset, change.Key) }
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

func number(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

// add counts a record in a set, and asks for its name if the set names few yet.
func (v *Verdicts) add(set **Set, dataset string, key uint64) {
	if *set == nil {
		*set = &Set{Shown: []engine.Record{}}
	}
	(*set).Total++
	if (*set).Total <= maxShown && v.Name != nil {
		v.Name(*set, dataset, key)
	}
}
