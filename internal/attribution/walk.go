package attribution

import (
	"reflect"
	"slices"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/score"
)

// factors are what differs between two assessments. Where several do, an action tells which of them can have changed it.
type factors struct {
	catalog, parameters, evidence, exclusions, statuses, time, engine bool
}

// alone reports whether one thing differs.
func (f factors) alone() bool {
	n := 0
	for _, differs := range []bool{f.catalog, f.parameters, f.evidence, f.exclusions, f.statuses, f.time, f.engine} {
		if differs {
			n++
		}
	}
	return n == 1
}

// walk goes from what an action was to what it is, one cause after the other.
type walk struct {
	state state
	parts []Part
}

// to applies a cause: the action is in another state after it.
func (w *walk) to(cause Cause, detail string, next state) {
	part := Part{Cause: cause, Detail: detail}
	part.Points = score.Delta(next.achieved() - w.state.achieved())
	part.Total = score.Delta(next.total() - w.state.total())
	w.state = next
	w.parts = append(w.parts, part)
}

// between is an action in two assessments.
type between struct {
	before, after *engine.Action // nil if there is none
	old, new      *engine.Assessment
	differs       factors
	split         *Split // of a coverage control, if it is known
	byRecords     bool   // records are told apart, where that is possible: nothing is concluded from counts
}

// walk applies the causes in the order of [Causes].
func (b *between) walk(w *walk) {
	target := stateOf(b.after)
	switch {
	case b.before == nil:
		w.to(Catalog, detailAdded, target)
		return
	case b.after == nil:
		w.to(Catalog, detailRemoved, target)
		return
	}
	next := w.state
	if next.preview != target.preview {
		next.preview, next.max = target.preview, target.max
		w.to(Catalog, detailStage, next)
	}
	if next.max != target.max {
		next.max = target.max
		w.to(Catalog, detailPoints, next)
	}
	b.verdict(w, target)
	b.status(w, target)
}

// verdict applies what changed what the evidence says of the action.
func (b *between) verdict(w *walk, target state) {
	next := w.state
	next.applies, next.share = target.applies, target.share
	if sameVerdict(b.before, b.after) && !b.recordsDiffer() {
		w.state = next
		switch edited := b.before.Digest != b.after.Digest && !b.edited(w); {
		case edited && b.differs.catalog:
			w.to(Catalog, detailDigest, next)
		case edited && b.differs.parameters:
			w.to(Parameters, detailDigest, next)
		}
		return
	}
	if b.differs.evidence && !b.controlDiffers() {
		b.evidence(w, next)
		return
	}
	cause, detail := b.cause()
	w.to(cause, detail, next)
}

// cause says what changed a verdict, other than evidence alone.
func (b *between) cause() (cause Cause, detail string) {
	rule, values := b.ruleDiffers(), b.valuesDiffer()
	switch d := b.differs; {
	case d.evidence && rule:
		return Incomparable, detailRuleAnd
	case d.evidence && values:
		return Incomparable, detailValuesAnd
	case rule && values:
		return Catalog, detailRuleValues
	case rule || d.catalog && d.alone():
		return Catalog, detailRule
	case values || d.parameters && d.alone():
		return Parameters, detailValues
	case d.exclusions || b.exclusionDetail() != detailExpired || excludedOf(b.before) != excludedOf(b.after):
		return Exclusion, b.exclusionDetail()
	case d.time:
		return Time, ""
	case d.engine:
		return Engine, ""
	}
	return Incomparable, detailNoReason
}

// edited reports whether the catalog is a cause already.
func (b *between) edited(w *walk) bool {
	return slices.ContainsFunc(w.parts, func(p Part) bool { return p.Cause == Catalog })
}

// controlDiffers reports whether the action was evaluated by another rule, or with other parameters.
func (b *between) controlDiffers() bool { return b.ruleDiffers() || b.valuesDiffer() }

// ruleDiffers reports whether the action was evaluated by another rule. An assessment of an earlier version does not know its rules:
// then any difference of the controls may be one.
func (b *between) ruleDiffers() bool {
	if b.before.Rule != "" && b.after.Rule != "" {
		return b.differs.catalog && b.before.Rule != b.after.Rule
	}
	return b.differs.catalog && b.before.Digest != b.after.Digest
}

// valuesDiffer reports whether the action was evaluated with other parameters: the organization's, or those of a new catalog.
func (b *between) valuesDiffer() bool {
	return b.before.Rule != "" && b.after.Rule != "" && !reflect.DeepEqual(b.before.Parameters, b.after.Parameters)
}

// evidence applies what other evidence changed.
func (b *between) evidence(w *walk, next state) {
	known := func(a *engine.Action) bool { return a.Outcome.Assessed() }
	switch before, after := b.before, b.after; {
	case !w.state.applies && next.applies && before.Coverage == nil:
		next.resolved = stateOf(after).resolved // a status that had no effect has it again
		w.to(License, detailApplies, next)
	case w.state.applies && !next.applies && after.Coverage == nil:
		next.resolved = stateOf(after).resolved
		w.to(License, detailNot, next)
	case known(before) && !known(after):
		w.to(Evidence, detailLost, next)
	case !known(before) && known(after):
		w.to(Evidence, detailRegained, next)
	case !known(before):
		w.to(Evidence, "", next)
	case before.Coverage == nil || after.Coverage == nil:
		w.to(Configuration, b.orTime(), next)
	default:
		b.coverage(w, next)
	}
}

// orTime is the detail of a verdict that time may have changed instead, as far as two assessments tell.
func (b *between) orTime() string {
	if b.after.Timed && b.differs.time && !b.differs.alone() {
		return detailOrTime
	}
	return ""
}

// coverage applies what other records and other verdicts about records changed.
func (b *between) coverage(w *walk, next state) {
	before, after := b.before.Coverage, b.after.Coverage
	if b.split != nil {
		if b.split.Moved.Came != nil || b.split.Moved.Left != nil {
			w.to(Population, b.subject(), b.split.state(b, w.state, next))
		}
		if b.split.InScope != after.InScope || b.split.Compliant != after.Compliant || b.split.Moved.Regressed != nil || b.split.Moved.Improved != nil {
			w.to(Configuration, b.orTime(), next)
		}
		w.state = next
		return
	}
	if b.byRecords {
		w.to(Coverage, detailNoKeys, next)
		return
	}
	excluded := excludedOf(b.after) - excludedOf(b.before)
	switch {
	case excluded != 0 && before.InScope-after.InScope == excluded && before.Compliant == after.Compliant:
		w.to(Exclusion, b.exclusionDetail(), next)
	case excluded != 0:
		w.to(Coverage, b.orTime(), next)
	case before.InScope == after.InScope && before.Compliant != after.Compliant:
		w.to(Configuration, b.orTime(), next)
	case before.InScope != after.InScope && before.Compliant == after.Compliant && b.orTime() == "" && !b.crossing():
		w.to(Population, b.subject(), next)
	default:
		w.to(Coverage, b.orTime(), next)
	}
}

// recordsDiffer reports whether other records fail than before, or are there, though as many.
func (b *between) recordsDiffer() bool {
	if b.split != nil {
		return b.split.Moved != (Moved{})
	}
	return failing(b.before, b.after) != nil
}

// crossing reports whether some records fail now and others fail no more: then more than the population changed.
func (b *between) crossing() bool {
	moved := failing(b.before, b.after)
	return moved != nil && moved.Failing != nil && moved.Resolved != nil
}

// status applies what the organization decided.
func (b *between) status(w *walk, target state) {
	before, after := b.before, b.after
	next := w.state
	next.resolved = target.resolved
	open := func(a *engine.Action) bool { return a.Outcome != engine.Complete && a.Outcome != engine.NotApplicable }
	visible := before.Status != after.Status && open(before) && open(after)
	if next.achieved() == w.state.achieved() && !visible {
		w.state = next
		return
	}
	w.to(Status, b.statusDetail(), next)
}

// statusDetail says how a status changed.
func (b *between) statusDetail() string {
	before, after := b.before.Decision, b.after.Decision
	ended := b.after.Status == engine.ToAddress || b.after.Status == engine.Completed
	switch {
	case before == nil && after == nil:
		return detailException
	case !ended:
		return detailSet
	case before != nil && after != nil && before.Status == after.Status && after.Expires != nil && !after.Expires.After(b.new.EvaluatedAt):
		return detailExpired
	}
	return detailEnded
}

// sameVerdict reports whether the evidence says the same of an action.
func sameVerdict(a, b *engine.Action) bool {
	if a.Outcome == engine.NotApplicable && b.Outcome == engine.NotApplicable {
		return true
	}
	coverage := func(a *engine.Action) engine.Coverage {
		if a.Coverage == nil {
			return engine.Coverage{InScope: -1}
		}
		return engine.Coverage{Compliant: a.Coverage.Compliant, InScope: a.Coverage.InScope}
	}
	return a.Outcome == b.Outcome && coverage(a) == coverage(b) && shareOf(a).Cmp(shareOf(b)) == 0 && excludedOf(a) == excludedOf(b)
}

func excludedOf(a *engine.Action) int64 {
	if a.Excluded == nil {
		return 0
	}
	return a.Excluded.Total
}

// exclusionDetail says how the exclusions of an action changed. If the register names the same ones, they expired.
func (b *between) exclusionDetail() string {
	before, after := exclusions(b.before), exclusions(b.after)
	added := slices.ContainsFunc(after, func(x string) bool { return !slices.Contains(before, x) })
	gone := slices.ContainsFunc(before, func(x string) bool { return !slices.Contains(after, x) })
	switch {
	case added:
		return detailSet
	case gone:
		return detailEnded
	}
	return detailExpired
}

// exclusions returns the keys of the records that an organization takes out of an action, sorted.
func exclusions(a *engine.Action) []string {
	if a.Decision == nil {
		return nil
	}
	var keys []string
	for _, x := range a.Decision.Exclude {
		keys = append(keys, x.Key)
	}
	return keys
}

// subject is what the records of the action are called: users, devices or records.
func (b *between) subject() string {
	for _, d := range b.new.Evidence.Datasets {
		if d.Name != b.after.Population {
			continue
		}
		switch d.Subject {
		case "user":
			return "users"
		case "device":
			return "devices"
		}
	}
	return "records"
}
