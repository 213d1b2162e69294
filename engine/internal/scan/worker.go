package scan

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/load"
	"github.com/posture-score/posture/engine/internal/rego/eval"
	"github.com/posture-score/posture/engine/internal/scan/join"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/internal/unique"
)

// Invariant: the result of a part follows from the records of the part alone. What a worker keeps from
// one part to the next (ids, terms, verdicts) only saves work.
//
// Invariant: a record is left out as stale only if its date says so. One without a date, or with a date
// after the time of the assessment, counts. So does one whose date can't be read: leaving it out could
// raise the score. It may be stale, so it never complies.

// worker is a scan worker: it evaluates the controls that match each record of a part. It is for one
// goroutine.
type worker struct {
	plan      *scanPlan
	checker   load.Checker
	keyer     load.Keyer
	columns   *columns
	calls     *eval.Calls
	controls  []controlState
	groups    []groupState
	frontiers []*frontierMemo // of the rule groups
	part      *part
	index     int64 // of the record in the part
	head      int64 // how many records of the part are in the head of the population
	key       []byte
	named     perRecord[recordName]
	labels    *labeler       // nil if records have no labels
	matched   []string       // match keys of the columns of a group
	licenses  map[uint32]any // by their ids: lists that users have; nil without any
}

// controlState is what a worker knows of one control.
type controlState struct {
	*controlScan
	input      input
	evaluator  *eval.Evaluator // nil until it is needed
	byFields   memo[*verdict]
	byFrontier memo[*verdict]
	frontier   *frontierMemo     // nil without a rule group
	assigned   map[uint32][]bool // by the id of a user's licenses: which requirements they meet; nil without any
	counters   *counters         // of the part
}

// groupState is what a worker knows of one join group.
type groupState struct {
	*joinGroup
	candidates map[string][]candidate // by the values that are matched
}

// part is the result of a part of a population.
type part struct {
	counters   []counters // of each control
	violations load.Violations
	keys       []unique.Key
	failures   []failure    // in the order of the evidence; only if they are reported
	met        [][]join.Key // of each watched join: keys that records have
	marks      *marks       // nil unless keys are marked
}

// failure is a failing record of a control.
type failure struct {
	control *controlScan
	record  recordName
	reasons []string
}

func newWorker(p *scanPlan) *worker {
	w := &worker{plan: p, checker: p.dataset.Checker(""), keyer: p.pass.Keyer(p.unique), columns: newColumns(p), calls: eval.NewCalls(), labels: newLabeler(p.dataset.Spec.Label)}
	for _, g := range p.ruleGroups {
		w.frontiers = append(w.frontiers, newFrontierMemo(g, w.columns, w.calls))
	}
	w.controls = make([]controlState, 0, len(p.controls))
	for _, c := range p.controls {
		s := controlState{controlScan: c, input: input{w.columns, c}}
		if c.memoizes() {
			s.byFields, s.byFrontier = memoByFields[*verdict](c), memoByFrontier[*verdict](c)
		}
		if c.group != nil {
			s.frontier = w.frontiers[c.group.index]
		}
		w.controls = append(w.controls, s)
	}
	for _, g := range p.joinGroups {
		w.groups = append(w.groups, groupState{g, map[string][]candidate{}})
	}
	return w
}

// Begin implements [records.Visitor].
func (w *worker) Begin(first int64) {
	w.part = w.plan.newPart()
	w.checker.Begin(first)
	w.keyer.Begin(first, w.part.keys)
	for i := range w.controls {
		w.controls[i].counters = &w.part.counters[i]
	}
	w.index, w.head = -1, 0
	if first >= 0 {
		w.head = max(load.SampleSize-first, 0)
	}
	w.learn(w.head > 0)
}

// learn has frontiers note what evaluations take, or no more.
func (w *worker) learn(learns bool) {
	for _, f := range w.frontiers {
		f.learns = learns
	}
}

// endHead chooses which frontiers pay off, once the head of the population is read. No other worker has
// begun yet: [load.Scan] reads the head in order.
func (w *worker) endHead() {
	w.learn(false)
	for _, f := range w.frontiers {
		f.choose()
	}
}

// End implements [records.Visitor].
func (w *worker) End() *part {
	for i := range w.part.counters {
		w.part.counters[i].countReasons()
	}
	w.part.violations, w.part.keys = w.checker.Found, w.keyer.Keys
	return w.part
}

// newPart returns an empty part.
func (p *scanPlan) newPart() *part {
	if merged, ok := p.merged.Get().(*part); ok {
		return merged
	}
	fresh := &part{counters: make([]counters, len(p.controls)), met: make([][]join.Key, len(p.watched))}
	if p.marked != nil {
		fresh.marks = &marks{controls: make([]controlMarks, len(p.controls)), dataset: p.dataset.Name}
	}
	return fresh
}

// recycle empties a part that is merged: another one is likely to hold the like.
func (p *scanPlan) recycle(merged *part) {
	for i := range merged.counters {
		merged.counters[i].reset()
	}
	for i := range merged.met {
		merged.met[i] = merged.met[i][:0]
	}
	clear(merged.failures)
	if merged.marks != nil {
		merged.marks.reset()
	}
	*merged = part{counters: merged.counters, met: merged.met, marks: merged.marks, failures: merged.failures[:0], keys: merged.keys}
	p.merged.Put(merged)
}

// The verdicts that most records get, and those on records that can't be relied on. They are shared and
// never changed.
var (
	outOfScope = &verdict{}
	compliant  = &verdict{inScope: true, compliant: true}
	failing    = &verdict{inScope: true}
	invalid    = &verdict{inScope: true, reasons: []string{"the record is not what its schema says, or can't be joined"}}
	undated    = &verdict{inScope: true, reasons: []string{"the record says when it was last seen in a form that can't be read"}}
)

// Record implements [records.Visitor]: it evaluates the controls that match a record.
func (w *worker) Record(record *records.View) error {
	if err := w.record(record); err != nil {
		return err
	}
	if w.index+1 == w.head {
		w.endHead()
	}
	return nil
}

func (w *worker) record(record *records.View) error {
	w.index++
	w.columns.next(record)
	violations := w.checker.Check(record.JSON())
	w.observeRecord()
	for i := range w.plan.watched {
		if found := w.columns.joined(w.plan.watched[i].at).found; found != 0 {
			w.part.met[i] = append(w.part.met[i], found)
		}
	}
	if w.keyer.Next(record); w.keyer.Repeated() {
		return nil
	}
	if versions := w.keyer.Versions(); versions > 1 {
		return w.conflicting(versions)
	}
	for i := range w.groups {
		g := &w.groups[i]
		candidates := w.candidates(g)
		if len(candidates) == 0 {
			continue
		}
		untrusted := !w.columns.keyed || !w.columns.trusted(g.joinGroup)
		for _, c := range candidates {
			var known *verdict
			if untrusted || c.uncertain || load.ReadsAny(c.control.mask, violations) {
				known = invalid
			}
			if err := w.count(c.control, known); err != nil {
				return err
			}
		}
	}
	return nil
}

// conflicting counts a key of which there are different records. Only its unique fields say which
// controls it matches.
func (w *worker) conflicting(versions int) error {
	v := &verdict{inScope: true, reasons: []string{fmt.Sprintf("%d different records have this key", versions)}}
	for _, g := range w.plan.joinGroups {
		candidates := g.candidates(func(column int) string {
			if !slices.Contains(w.plan.unique, column) {
				return ""
			}
			return w.columns.matchKey(column)
		})
		for _, c := range candidates {
			if err := w.count(c.control, v); err != nil {
				return err
			}
		}
	}
	return nil
}

// maxCandidates bounds for how many combinations of matched values a worker remembers the controls.
const maxCandidates = 4096

// candidates returns the controls of a group that the record matches.
func (w *worker) candidates(g *groupState) []candidate {
	if len(g.indexes) == 0 {
		return g.always
	}
	key := w.key[:0]
	for _, column := range g.columns {
		// No JSON contains a NUL.
		key = append(append(key, w.columns.record.Slot(column)...), 0)
	}
	w.key = key
	if known, ok := g.candidates[string(key)]; ok {
		return known
	}
	w.matched = w.matched[:0]
	for _, column := range g.columns {
		w.matched = append(w.matched, w.columns.matchKey(column))
	}
	found := g.matcher.candidates(func(column int) string { return w.matched[slices.Index(g.columns, column)] })
	if len(g.candidates) < maxCandidates {
		g.candidates[string(key)] = found
	}
	return found
}

// count counts the record for one control; known is the verdict on a record that can't be relied on.
// Only the end of the context is an error; any other is the control's own.
func (w *worker) count(control *controlScan, known *verdict) error {
	c := &w.controls[control.index]
	if err := w.observe(c, known, false); err != nil {
		return err
	}
	n := c.counters
	n.records++
	if n.err != nil || c.failed.Load() {
		return nil
	}
	exclusion, excluded := w.exclusion(c)
	if known != nil {
		if excluded {
			w.exclude(c, exclusion)
			return nil
		}
		// An invalid record may look out of scope, or compliant, by accident: it counts as failing.
		n.inScope++
		w.fail(c, known)
		return nil
	}
	var seen *moment
	if c.fresh != nil {
		if seen = w.columns.moment(c.fresh.column); seen.valid && seen.at.Before(c.fresh.since) {
			n.stale++
			return nil
		}
	}
	v, err := w.verdict(c)
	if err != nil {
		return err
	}
	switch {
	case v.err != "":
		n.err = &recordError{w.name(), v.err}
	case !v.inScope:
	case excluded:
		w.exclude(c, exclusion)
	case w.contradicts(c, v):
		n.err = &recordError{w.name(), contradiction(*c.everyone)}
	default:
		n.inScope++
		w.countLicenses(c)
		switch {
		case !v.compliant:
			w.fail(c, v)
		case seen != nil && seen.unreadable():
			w.fail(c, undated)
		default:
			n.compliant++
			if w.part.marks != nil {
				w.part.marks.compliant(c.controlScan)
			}
		}
	}
	return nil
}

// exclusion returns the exclusion of the record, in whatever case its key is written.
func (w *worker) exclusion(c *controlState) (x Exclusion, excluded bool) {
	if len(c.exclusions) > 0 && w.columns.keyed {
		x, excluded = c.exclusions[string(w.columns.canonicalKey())]
	}
	return x, excluded
}

// contradicts reports whether the verdict on the record differs from the decision for everyone. A record
// that violates its schema contradicts nothing.
func (w *worker) contradicts(c *controlState, v *verdict) bool {
	if c.everyone == nil || *c.everyone == v.compliant {
		return false
	}
	spec := w.plan.dataset.Spec
	return spec == nil || spec.Accepts(w.columns.record.JSON())
}

// verdict returns the verdict of a control on the record, remembered or new.
func (w *worker) verdict(c *controlState) (*verdict, error) {
	m, key := w.memo(c)
	if m != nil {
		if v, known := m.get(key); known {
			return v, nil
		}
	}
	v, err := w.evaluate(c)
	switch {
	case err != nil || m == nil || v.err != "":
	case m == &c.byFrontier && !c.evaluator.Small(2*c.spread):
		c.byFrontier = memo[*verdict]{} // by fields from now on, or each record would be evaluated
	case !c.evaluator.Small(c.spread): // another record that looks alike might exceed a limit
	default:
		m.put(key, v)
	}
	return v, err
}

// memo returns the memo that may know the verdict of a control on the record, and the key in it; nil if
// the verdict can't be remembered.
func (w *worker) memo(c *controlState) (*memo[*verdict], memoKey) {
	if m := &c.byFields; m.packed != nil { // this takes less than finding out the value of the frontier
		if key, ok := appendKey(w.columns, m, memoKey{}); ok {
			return m, key
		}
	}
	if m := &c.byFrontier; m.on {
		// The residual fields come first, since they cost less than the frontier.
		if key, ok := appendKey(w.columns, m, memoKey{listed: append(w.key[:0], 0, 0, 0, 0)}); ok {
			w.key = key.listed
			if id := c.frontier.id(w.plan.evaluator); id != noID {
				key.packed = uint64(id)
				binary.LittleEndian.PutUint32(key.listed, id)
				return m, key
			}
		}
	}
	if m := &c.byFields; m.on {
		if key, ok := appendKey(w.columns, m, memoKey{listed: w.key[:0]}); ok {
			w.key = key.listed
			return m, key
		}
	}
	return nil, memoKey{}
}

// evaluate evaluates the rule of a control.
func (w *worker) evaluate(c *controlState) (*verdict, error) {
	result, err := w.counted(c)
	if err != nil {
		var ruleError *eval.Error
		if errors.As(err, &ruleError) {
			return &verdict{err: ruleError.Message}, nil
		}
		return nil, err
	}
	if !result.Guard {
		return outOfScope, nil
	}
	decision, ok := result.Decision.(ast.Boolean)
	switch {
	case !ok:
		return &verdict{err: fmt.Sprintf("compliant has to be true or false; it is %s", ast.ValueName(result.Decision))}, nil
	case bool(decision):
		return compliant, nil
	case len(result.Reasons) == 0:
		return failing, nil
	}
	return &verdict{inScope: true, reasons: result.Reasons}, nil
}

// counted evaluates a rule, and counts its steps as long as they decide whether its frontier pays.
func (w *worker) counted(c *controlState) (eval.Result, error) {
	if c.evaluator == nil {
		c.evaluator = w.plan.evaluator(c.rule, c.environment)
		if !c.options.DisableMemo {
			c.evaluator.Share(w.calls)
		}
	}
	result, err := c.evaluator.Eval(&c.input)
	if f := c.frontier; f != nil && f.learns {
		f.controls.steps += c.evaluator.Steps()
		f.controls.count++
	}
	return result, err
}

// fail counts a failing record with its reasons.
func (w *worker) fail(c *controlState, v *verdict) {
	c.counters.addReasons(v)
	if w.part.marks != nil {
		w.part.marks.fails(c.controlScan)
	}
	if len(c.counters.failing) < c.options.MaxFailing && !c.full.Load() {
		c.counters.failing = append(c.counters.failing, w.name())
	}
	if c.options.Failures != nil {
		w.part.failures = append(w.part.failures, failure{c.controlScan, w.name(), v.reasons})
	}
}

// exclude counts the record as excluded.
func (w *worker) exclude(c *controlState, x Exclusion) {
	if w.part.marks != nil {
		w.part.marks.excluded(c.controlScan)
	}
	c.counters.exclude(Excluded{x, w.name().label}, c.options.MaxFailing)
}

// name returns the name of the record.
func (w *worker) name() recordName {
	if w.named.stamp != w.columns.stamp {
		name := recordName{index: w.index}
		if w.columns.keyed {
			name = recordName{key: string(w.columns.key), index: -1}
		}
		name.label = w.labels.label(w.columns.record, w.columns.key)
		w.named = perRecord[recordName]{w.columns.stamp, name}
	}
	return w.named.value
}

// countLicenses counts the record for each requirement that its licenses meet.
func (w *worker) countLicenses(c *controlState) {
	if len(c.requirements) == 0 {
		return
	}
	if c.counters.assigned == nil {
		c.counters.assigned = make([]int64, len(c.requirements))
	}
	id := w.columns.id(w.plan.licenses)
	assigned, known := c.assigned[id]
	if !known {
		licenses := w.assignedLicenses(id)
		for i := range c.requirements {
			assigned = append(assigned, c.requirements[i].Assigned(licenses))
		}
		if id != noID {
			if c.assigned == nil {
				c.assigned = map[uint32][]bool{}
			}
			c.assigned[id] = assigned
		}
	}
	for i, met := range assigned {
		if met {
			c.counters.assigned[i]++
		}
	}
}

// assignedLicenses returns the licenses of the record, which have that id.
func (w *worker) assignedLicenses(id uint32) any {
	licenses, known := w.licenses[id]
	if known {
		return licenses
	}
	column := w.plan.licenses
	if json := w.columns.record.Slot(column); json != nil {
		decoded, _ := records.Decode(json, records.Limits{}) // what can't be read assigns nothing
		licenses = w.columns.all[column].fold.Value(decoded)
	}
	if id != noID {
		if w.licenses == nil {
			w.licenses = map[uint32]any{}
		}
		w.licenses[id] = licenses
	}
	return licenses
}

// observeRecord reports the record, and begins to mark it.
func (w *worker) observeRecord() {
	if w.part.marks != nil {
		var key []byte
		if w.columns.keyed {
			key = w.columns.canonicalKey()
		}
		w.part.marks.next(key)
	}
	if observe := w.plan.options.Observe; observe != nil {
		observe(w.observation())
	}
}

func (w *worker) observation() Observation {
	name := w.name()
	o := Observation{Key: name.in(0), Label: name.label}
	if w.columns.keyed {
		o.Canonical = string(w.columns.canonicalKey())
	}
	return o
}

// observe reports how a control meets the record; known is the verdict if the rule does not decide.
func (w *worker) observe(c *controlState, known *verdict, unmatched bool) error {
	observe := c.options.Observe
	if observe == nil {
		return nil
	}
	o := w.observation()
	o.Control, o.Input, o.Unmatched = c.control.ID, c.input.Whole(), unmatched
	_, o.Excluded = w.exclusion(c)
	if c.fresh != nil && !unmatched {
		seen := w.columns.moment(c.fresh.column)
		o.Stale = known == nil && seen.valid && seen.at.Before(c.fresh.since)
	}
	v := known
	switch {
	case known != nil:
		o.Untrusted = !unmatched
	case o.Stale:
		v = outOfScope
	default:
		var err error
		if v, err = w.verdict(c); err != nil {
			return err
		}
	}
	o.InScope, o.Compliant, o.Reasons, o.Error = v.inScope, v.compliant, v.reasons, v.err
	observe(o)
	return nil
}
