package attribution

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/score"
)

// Compare says why the second assessment has another score than the first, by what the two tell.
func Compare(before, after *engine.Assessment) *Attribution {
	return compare(FromAssessments, before, after, nil)
}

// CompareRecords is Compare with the verdicts of both, which tell which records came, left, and have another verdict.
func CompareRecords(before, after *engine.Assessment, verdicts *Verdicts) *Attribution {
	return compare(FromRecords, before, after, verdicts.Splits(before, after))
}

func compare(method Method, before, after *engine.Assessment, split func(id string) *Split) *Attribution {
	a := begin(method, before, after)
	if !a.sameTenant() {
		return a
	}
	walks := newWalks(before)
	walks.apply(before, after, differences(before, after), split)
	return a.finish(walks, before, after)
}

// Step is an assessment in which one thing is new, and all that was new in the steps before.
type Step struct {
	Cause      Cause // Catalog, Parameters, Evidence, Exclusion, Status or Time
	Assessment *engine.Assessment
	Split      func(id string) *Split // of a step of Evidence: what is known of the records of a control; may be nil
}

// Trace says why the last assessment of the steps has another score than the first, by the assessments in between.
func Trace(before *engine.Assessment, steps []Step) *Attribution {
	after := steps[len(steps)-1].Assessment
	a := begin(FromEvidence, before, after)
	if !a.sameTenant() {
		return a
	}
	walks := newWalks(before)
	last := before
	for _, step := range steps {
		walks.apply(last, step.Assessment, only(step.Cause), step.Split)
		last = step.Assessment
	}
	return a.finish(walks, before, after)
}

func begin(method Method, before, after *engine.Assessment) *Attribution {
	a := &Attribution{
		SchemaVersion: SchemaVersion, Method: method, Old: side(before), New: side(after),
		Causes: []Part{}, Actions: []Change{}, Incomparable: []Incomparably{}, Notes: []string{},
	}
	a.Change = Amount{
		Points: score.Delta(a.New.Achieved - a.Old.Achieved), Total: score.Delta(a.New.Total - a.Old.Total),
		Percent: score.Delta(a.New.Percent - a.Old.Percent),
	}
	return a
}

func side(a *engine.Assessment) Side {
	return Side{
		Tenant: a.Tenant, EvaluatedAt: a.EvaluatedAt, CollectedAt: a.Evidence.CollectedAt, Evidence: a.Evidence.Digest,
		Catalog: a.Catalog.Digest, Version: a.Catalog.Version, Engine: a.Engine.Version,
		Achieved: a.Score.Achieved, Total: a.Score.Total, Percent: a.Score.Percent,
	}
}

// sameTenant reports whether both assessments are of one tenant. If not, the whole change is incomparable.
func (a *Attribution) sameTenant() bool {
	if strings.EqualFold(a.Old.Tenant.ID, a.New.Tenant.ID) {
		return true
	}
	a.Causes = append(a.Causes, Part{Cause: Incomparable, Detail: detailTenant, Amount: a.Change})
	a.Notes = append(a.Notes, "the assessments are of different tenants: nothing was compared")
	return false
}

// differences returns what differs between two assessments.
func differences(before, after *engine.Assessment) factors {
	return factors{
		catalog: catalogOf(before) != catalogOf(after), parameters: parametersOf(before) != parametersOf(after), evidence: !sameEvidence(before, after),
		time: !before.EvaluatedAt.Equal(after.EvaluatedAt), engine: before.Engine.Version != after.Engine.Version,
	}
}

// catalogOf returns the digest of the catalog without the organization's parameters.
func catalogOf(a *engine.Assessment) string {
	if p := a.Catalog.Parameters; p != nil {
		return p.Base
	}
	return a.Catalog.Digest
}

// parametersOf returns the digest of the organization's parameters, or "".
func parametersOf(a *engine.Assessment) string {
	if p := a.Catalog.Parameters; p != nil {
		return p.Digest
	}
	return ""
}

// sameEvidence reports whether both assessments saw the same datasets, whenever they were collected.
func sameEvidence(before, after *engine.Assessment) bool {
	if before.Evidence.Digest == after.Evidence.Digest {
		return true
	}
	return len(before.Evidence.Datasets) > 0 && slices.Equal(before.Evidence.Datasets, after.Evidence.Datasets)
}

// only returns that one thing differs.
func only(cause Cause) factors {
	return factors{
		catalog: cause == Catalog, parameters: cause == Parameters, evidence: cause == Evidence, exclusions: cause == Exclusion,
		statuses: cause == Status, time: cause == Time, engine: cause == Engine,
	}
}

// walks are those of all actions, by id.
type walks map[string]*journey

// journey is the walk of one action, with what is known of its records.
type journey struct {
	walk
	moved *Moved
}

func newWalks(before *engine.Assessment) walks {
	all := walks{}
	for i := range before.Actions {
		all[before.Actions[i].ID] = &journey{walk: walk{state: stateOf(&before.Actions[i])}}
	}
	return all
}

// apply goes on from one assessment to the next.
func (all walks) apply(before, after *engine.Assessment, differs factors, split func(string) *Split) {
	old, latest := byID(before), byID(after)
	for id := range union(old, latest) {
		j := all[id]
		if j == nil {
			j = &journey{walk: walk{state: stateOf(nil)}}
			all[id] = j
		}
		b := &between{before: old[id], after: latest[id], old: before, new: after, differs: differs, byRecords: split != nil}
		if split != nil && b.before != nil && b.after != nil {
			if b.split = split(id); b.split != nil && b.split.Moved != (Moved{}) {
				j.moved = &b.split.Moved
			}
		}
		b.walk(&j.walk)
	}
}

func byID(a *engine.Assessment) map[string]*engine.Action {
	actions := make(map[string]*engine.Action, len(a.Actions))
	for i := range a.Actions {
		actions[a.Actions[i].ID] = &a.Actions[i]
	}
	return actions
}

func union(a, b map[string]*engine.Action) map[string]bool {
	ids := make(map[string]bool, len(a))
	for id := range a {
		ids[id] = true
	}
	for id := range b {
		ids[id] = true
	}
	return ids
}

// finish adds up what the actions say.
func (a *Attribution) finish(all walks, before, after *engine.Assessment) *Attribution {
	old, latest := byID(before), byID(after)
	for _, id := range slices.Sorted(maps.Keys(all)) {
		j := all[id]
		if reason := incomparable(old[id], latest[id]); reason != "" {
			a.Incomparable = append(a.Incomparable, Incomparably{ID: id, Title: latest[id].Title, Reason: reason})
		}
		if len(j.parts) == 0 || old[id] == nil && latest[id] == nil {
			continue
		}
		a.Actions = append(a.Actions, newChange(j, old[id], latest[id]))
	}
	a.sum()
	a.percentages()
	for i := range a.Actions {
		a.Actions[i].Word = a.Actions[i].word()
	}
	a.addNotes()
	return a
}

func newChange(j *journey, before, after *engine.Action) Change {
	about := cmp.Or(after, before)
	c := Change{
		ID: about.ID, Title: about.Title, Category: about.Category, Product: about.Product,
		Before: at(before), After: at(after), Parts: merge(j.parts), Decision: about.Decision, Records: j.moved,
	}
	if c.Records == nil && before != nil && after != nil {
		c.Records = failing(before, after)
	}
	return c
}

func at(a *engine.Action) *State {
	if a == nil {
		return nil
	}
	return &State{
		Outcome: a.Outcome, Status: a.Status, Achieved: a.Points.Achieved, Max: a.Points.Max, Counts: a.Counts(), Coverage: a.Coverage,
	}
}

// merge adds up parts of one cause and detail.
func merge(parts []Part) []Part {
	merged := []Part{}
	for _, part := range parts {
		i := slices.IndexFunc(merged, func(m Part) bool { return m.Cause == part.Cause && m.Detail == part.Detail })
		if i < 0 {
			merged = append(merged, part)
			continue
		}
		merged[i].add(part.Amount)
	}
	return merged
}

// failing compares the failing records that two assessments name, if they name all of them.
func failing(before, after *engine.Action) *Moved {
	names := func(a *engine.Action) ([]engine.Record, bool) {
		if a.Failing == nil {
			return nil, false
		}
		return a.Failing.Shown, int64(len(a.Failing.Shown)) == a.Failing.Total
	}
	old, ok := names(before)
	latest, also := names(after)
	if !ok || !also {
		return nil
	}
	moved := &Moved{Failing: without(latest, old), Resolved: without(old, latest)}
	if moved.Failing == nil && moved.Resolved == nil {
		return nil
	}
	return moved
}

// maxShown is how many records a set shows.
const maxShown = 100

// without returns the records of a whose keys b lacks, or nil if it lacks none.
func without(a, b []engine.Record) *Set {
	have := make(map[string]bool, len(b))
	for _, record := range b {
		have[record.Key] = true
	}
	set := &Set{Shown: []engine.Record{}}
	byKey := func(x, y engine.Record) int { return strings.Compare(x.Key, y.Key) }
	for _, record := range slices.SortedStableFunc(slices.Values(a), byKey) {
		if have[record.Key] {
			continue
		}
		set.Total++
		if len(set.Shown) < maxShown {
			set.Shown = append(set.Shown, record)
		}
	}
	if set.Total == 0 {
		return nil
	}
	return set
}
