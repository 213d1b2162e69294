package scan

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/load"
	"github.com/posture-score/posture/engine/internal/rego/eval"
	"github.com/posture-score/posture/internal/jsonscan"
)

// controlScan is one control in a scan: its rule, where the rule's input comes from, and the counters.
type controlScan struct {
	control      *catalog.Control
	rule         *eval.Rule
	environment  *eval.Env
	options      *Options
	everyone     *bool                // what the rule decides for every record, if it does
	exclusions   map[string]Exclusion // by keys in canonical form
	repeated     [][2]string          // keys of exclusions that are the same in canonical form
	requirements []load.Requirement   // license prerequisites, where records hold their licenses

	index  int         // among the controls of the plan
	fields []columnRef // where each field that the rule reads comes from, unless it reads all
	spread int64       // how many times as many steps the rule may take for another record that looks alike to it
	whole  bool        // the rule reads the record as a whole
	view   *view       // nil if whole
	joins  []int       // of the plan
	match  []matchTerm
	group  *ruleGroup // nil if verdicts can't be remembered by a frontier
	fresh  *freshness
	mask   *jsonscan.FieldMask // what is read of a record, by the rule or by the engine for the control

	total  counters
	err    string
	failed atomic.Bool // whether err is set
	full   atomic.Bool // enough failing records are known
}

// view is a record as rules see it that read the same fields of it.
type view struct {
	index  int // among the views of the plan
	names  []*ast.Term
	fields []columnRef
}

// columnRef refers to a column of the record or, if index is not nil, to a join of the plan.
type columnRef struct {
	column  int
	domain  *domain // of the column, if the rule only compares it
	index   *index
	columns []int     // of the index
	domains []*domain // of these; nil if the rule compares none of them
	set     bool      // the rule uses the records that are outside of the domains as a set
}

// freshness defines which records are too old to count for a control.
type freshness struct {
	column int
	since  time.Time
}

// matchTerm is a value that a field of the record has to have.
type matchTerm struct {
	column int
	value  string // matchKey of its canonical form
}

// ruleGroup is the controls of a plan that differ only in their parameters. What the frontier of their
// rule evaluates to for a record is the same for all of them.
type ruleGroup struct {
	index    int // among the groups of the plan
	controls []*controlScan
	residual []int       // fields that the rule reads besides its frontier
	off      atomic.Bool // the frontier takes more than it saves
}

// newControlScan begins to count for a control.
func newControlScan(e *load.Evidence, control *catalog.Control, options *Options) *controlScan {
	c := &controlScan{
		control:     control,
		rule:        e.Rules.Of(control),
		environment: e.Environment(control),
		options:     options,
		spread:      1,
	}
	key := e.Datasets[control.Coverage.Dataset].Spec.KeyFold()
	for _, x := range options.Exclude[control.ID] {
		if x.Expires != nil && !x.Expires.After(e.Now) {
			continue
		}
		if c.exclusions == nil {
			c.exclusions = map[string]Exclusion{}
		}
		folded := key.String(x.Key)
		if same, ok := c.exclusions[folded]; ok {
			c.repeated = append(c.repeated, [2]string{same.Key, x.Key})
		}
		c.exclusions[folded] = x
	}
	if e.Licenses.Known && control.Coverage.Dataset == load.UserDataset {
		c.requirements = e.Licenses.Requirements(e.Rules.LicensePrerequisites(control))
		c.total.assigned = make([]int64, len(c.requirements))
	}
	return c
}

// decideEveryone notes what the rule decides for every record. Only the end of the context is an error.
func (c *controlScan) decideEveryone(ctx context.Context, e *load.Evidence) (err error) {
	var ruleError *eval.Error
	if c.everyone, err = Everyone(ctx, e, c.control, c.environment); errors.As(err, &ruleError) {
		c.fail(ruleError.Message)
		return nil
	}
	return err
}

// memoizes reports whether verdicts of the control can be remembered.
func (c *controlScan) memoizes() bool { return !c.options.DisableMemo && !c.whole && c.rule.Pure() }

// fail ends the scan of the control with an error. Only the first one counts.
func (c *controlScan) fail(err string) {
	if c.err == "" {
		c.err = err
		c.failed.Store(true)
	}
}

// add adds the counters of a part whose first record has that index.
func (c *controlScan) add(part *counters, first int64) {
	total, most := &c.total, c.options.MaxFailing
	total.records += part.records
	if c.err != "" {
		return
	}
	if e := part.err; e != nil {
		c.fail(fmt.Sprintf("%s: %s", e.record.in(first), e.message))
		return
	}
	total.stale += part.stale
	total.inScope += part.inScope
	total.compliant += part.compliant
	for i, n := range part.assigned {
		total.assigned[i] += n
	}
	total.failing = slices.Grow(total.failing, min(len(part.failing), max(most-len(total.failing), 0)))
	for _, f := range part.failing {
		if len(total.failing) < most {
			total.failing = append(total.failing, recordName{key: f.in(first), label: f.label, index: -1})
		}
	}
	c.full.Store(len(total.failing) >= most)
	total.excluded += part.excluded
	if total.used == nil {
		total.used = part.used
	} else {
		maps.Copy(total.used, part.used)
	}
	total.shown = append(total.shown, part.shown[:min(len(part.shown), most-len(total.shown))]...)
	for _, reason := range part.reasons.order {
		if _, known := total.reasons.counts[reason]; known || len(total.reasons.order) < maxReasons {
			total.reasons.add(reason, part.reasons.counts[reason])
		}
	}
}

// counts returns the result.
func (c *controlScan) counts() *Counts {
	t := &c.total
	counts := &Counts{
		Error: c.err, Records: t.records, Stale: t.stale, InScope: t.inScope, Compliant: t.compliant,
		Failing: make([]Record, len(t.failing)), Reasons: t.reasons.top(t.inScope),
		Excluded: t.excluded, ExcludedShown: t.shown, RepeatedExclusions: c.repeated, Requirements: c.requirements, Assigned: t.assigned,
	}
	for i, f := range t.failing {
		counts.Failing[i] = Record{Key: f.key, Label: f.label}
	}
	for _, key := range slices.Sorted(maps.Keys(c.exclusions)) {
		if written := c.exclusions[key].Key; !t.used[written] {
			counts.UnusedExclusions = append(counts.UnusedExclusions, written)
		}
	}
	return counts
}
