package engine

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/rego/eval"
	"github.com/posture-score/posture/engine/internal/scan/join"
	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/internal/unique"
)

// Invariant: the tally of a dataset is the tallies of its parts in their order, wherever one part ends and the next begins.

// Bounds of what is kept of a control's reasons.
const (
	maxDistinct = 1000 // different reasons that are counted one by one
	maxShown    = 20   // different reasons that an action shows
)

// task is one coverage control in the course of a scan: its rule and the count so far.
type task struct {
	run     *run
	control *catalog.Control
	rule    *eval.Rule
	world   *eval.Env
	options Options
	exclude map[string]Exclusion // records that are out of scope by decision, by their keys in canonical form
	needs   []seatNeed           // license prerequisites, where records say which licenses they have

	reach    *jsonscan.FieldMask // what is read of a record, by the rule or for it
	everyone *bool               // the verdict on every record, if the rule has one

	index      int // among the tasks of the population
	whole      bool
	origins    []origin // where each field that the rule reads comes from, unless it reads all
	joins      []int    // of the population
	matchSlots []int    // of the fields that the control matches
	matched    []string // what it matches there: matchKey of the canonical form
	account    eval.Budget
	family     *family // nil if the rule has no premises
	fresh      *freshness

	total   tally
	fault   string
	faulted atomic.Bool
	full    atomic.Bool // enough failing records are known to be shown
}

// part is what a reader makes of a part of a population.
type part struct {
	tallies  []tally // of each task
	flaws    flaws
	keys     []unique.Key
	failures []failure    // in the order of the evidence; only if somebody wants them
	met      [][]join.Key // keys that its records have, of each join that is watched
}

// newPart makes a part that may become about as large as one before it, if there was one.
func newPart(p *population, before *part) *part {
	fresh := &part{tallies: make([]tally, len(p.tasks)), met: make([][]join.Key, len(p.watched))}
	if before != nil {
		for i, keys := range before.met {
			fresh.met[i] = make([]join.Key, 0, len(keys)+len(keys)/8)
		}
	}
	return fresh
}

// tally counts the records of a control.
type tally struct {
	records   int64
	stale     int64
	inScope   int64
	compliant int64
	shown     []recordName // of the first ones that fail
	reasons   reasons
	excluded  Excluded
	leftOut   map[string]bool // keys of the records that are excluded
	assigned  []int64         // records in scope that have one of the plans, for each list of plans
	fault     *recordFault
}

// recordName is the key of a record or, if it has none, its index from the first record of the part.
type recordName struct {
	key   string
	index int64 // less than 0 for a record with a key
}

// in is the name of a record of the part, the first record of which has that index.
func (n recordName) in(first int64) string {
	if n.index < 0 {
		return n.key
	}
	return fmt.Sprintf("record %d", first+n.index+1)
}

// failure is a record in scope of a control that does not comply.
type failure struct {
	task    *task
	record  recordName
	reasons []string
}

// recordFault is a record on which the control's rule failed.
type recordFault struct {
	record  recordName
	message string
}

// reasons counts reasons, in the order in which they were first given.
type reasons struct {
	order  []string
	counts map[string]int64
}

func (r *reasons) count(reason string, n int64) {
	before, known := r.counts[reason]
	if !known {
		if r.counts == nil {
			r.counts = map[string]int64{}
		}
		r.order = append(r.order, reason)
	}
	r.counts[reason] = before + n
}

// newTask begins to count for a control. Only the end of the context is an error.
func newTask(r *run, control *catalog.Control, watch *eval.Deadline) (*task, error) {
	t := &task{
		run:     r,
		control: control,
		rule:    r.engine.rules[control.Package],
		world:   r.world(control),
		options: r.engine.options,
		exclude: map[string]Exclusion{},
		total:   tally{excluded: Excluded{Shown: []Exclusion{}}, leftOut: map[string]bool{}},
	}
	key := r.sources[control.Coverage.Dataset].spec.KeyFold()
	for _, x := range r.settings.Decisions[control.ID].Exclude {
		if !expired(x.Expires, r.settings.Now) {
			t.exclude[key.String(x.Key)] = x
		}
	}
	if r.licenses.known && control.Coverage.Dataset == userDataset {
		t.needs = r.licenses.needs(control)
		t.total.assigned = make([]int64, len(t.needs))
	}
	var err error
	var failure *eval.Error
	if t.everyone, err = r.verdictFor(control, watch); errors.As(err, &failure) {
		t.fail(failure.Message)
		return t, nil
	}
	return t, err
}

// fail ends the control as an error. The first failure is the one that is told.
func (t *task) fail(fault string) {
	if t.fault == "" {
		t.fault = fault
		t.faulted.Store(true)
	}
}

// leaveOut notes a record that would be in scope but for a decision.
func (c *tally) leaveOut(t *task, x Exclusion) {
	if c.leftOut == nil {
		c.leftOut = map[string]bool{}
	}
	c.leftOut[x.Key] = true
	c.excluded.Total++
	if len(c.excluded.Shown) < t.options.Failing {
		c.excluded.Shown = append(c.excluded.Shown, x)
	}
}

// add puts the tally of a part, the first record of which has that index, to those of the parts before it.
func (t *task) add(c *tally, first int64) {
	t.total.records += c.records
	if t.fault != "" {
		return
	}
	if f := c.fault; f != nil {
		t.fail(fmt.Sprintf("%s: %s", f.record.in(first), f.message))
		return
	}
	t.total.stale += c.stale
	t.total.inScope += c.inScope
	t.total.compliant += c.compliant
	for i, n := range c.assigned {
		t.total.assigned[i] += n
	}
	for _, f := range c.shown {
		if len(t.total.shown) < t.options.Failing {
			t.total.shown = append(t.total.shown, recordName{key: f.in(first), index: -1})
		}
	}
	t.full.Store(len(t.total.shown) >= t.options.Failing)
	t.total.excluded.Total += c.excluded.Total
	maps.Copy(t.total.leftOut, c.leftOut)
	for _, x := range c.excluded.Shown {
		if len(t.total.excluded.Shown) < t.options.Failing {
			t.total.excluded.Shown = append(t.total.excluded.Shown, x)
		}
	}
	for _, reason := range c.reasons.order {
		if _, known := t.total.reasons.counts[reason]; known || len(t.total.reasons.order) < maxDistinct {
			t.total.reasons.count(reason, c.reasons.counts[reason])
		}
	}
}

// told returns the reasons of failing records with their counts, the most frequent first.
func (t *task) told() []string {
	known := slices.Clone(t.total.reasons.order)
	slices.SortFunc(known, func(a, b string) int {
		return cmp.Or(cmp.Compare(t.total.reasons.counts[b], t.total.reasons.counts[a]), cmp.Compare(a, b))
	})
	told := []string{}
	for i, reason := range known {
		if i == maxShown {
			told = append(told, fmt.Sprintf("and %d other reasons", len(known)-maxShown))
			break
		}
		told = append(told, fmt.Sprintf("%s (%d of %d)", reason, t.total.reasons.counts[reason], t.total.inScope))
	}
	return told
}
