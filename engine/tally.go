package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/judge"
	"github.com/posture-score/posture/policies"
)

// Bounds of what is kept of a control's reasons.
const (
	maxDistinct = 1000 // different reasons that are counted one by one
	maxShown    = 20   // different reasons that an action shows
)

// task is one coverage control in the course of a scan: its rule and the count so far.
type task struct {
	control *policies.Control
	rule    *judge.Rule
	world   *judge.World
	options Options

	records   int64
	inScope   int64
	compliant int64
	shown     []string
	reasons   map[string]int64
	other     int64 // failing records with reasons beyond maxDistinct
	fault     string
	spent     time.Duration

	exclude  map[string]Exclusion // records that are out of scope by decision
	excluded Excluded
	found    map[string]bool // the keys of exclude that were met in scope
	licenses *licenses
	plans    [][]string // license prerequisites, where records say which licenses they have
	assigned []int64    // records in scope that have one of the plans, for each of plans
}

// subject is one record on its way past the tasks.
type subject struct {
	key    string // "record 7" if it has none
	keyed  bool
	record map[string]any
	input  ast.Value
	fault  string // why the record can't be trusted, or ""
}

func newTask(ctx context.Context, r *run, control *policies.Control) (*task, error) {
	world, err := r.world(ctx, control)
	if err != nil {
		return nil, err
	}
	t := &task{
		control:  control,
		rule:     r.engine.rules[control.Package],
		world:    world,
		options:  r.engine.options,
		shown:    []string{},
		reasons:  map[string]int64{},
		exclude:  map[string]Exclusion{},
		excluded: Excluded{Shown: []Exclusion{}},
		found:    map[string]bool{},
		licenses: &r.licenses,
	}
	for _, x := range r.settings.Decisions[control.ID].Exclude {
		if !expired(x.Expires, r.settings.Now) {
			t.exclude[x.Key] = x
		}
	}
	if r.licenses.known && control.Coverage.Dataset == userDataset {
		t.plans = requiredPlans(control)
		t.assigned = make([]int64, len(t.plans))
	}
	return t, nil
}

// fail ends the control as an error. The first failure is the one that is told.
func (t *task) fail(fault string) {
	if t.fault == "" {
		t.fault = fault
	}
}

// matches says whether the record satisfies all of the control's match, as far as its fields tell; doubt names one that doesn't.
func (t *task) matches(fields map[string]any) (matches bool, doubt string) {
	for _, match := range t.control.Coverage.Match {
		found, wanted := matchKey(fields[match.Field]), matchKey(match.Value)
		switch {
		case found == wanted:
		case sameKind(found, wanted):
			return false, ""
		default:
			doubt = "the record has no usable " + match.Field
		}
	}
	return true, doubt
}

// judge counts one record. Only the end of the context is an error; all else is the control's own fault.
func (t *task) judge(ctx context.Context, s subject) error {
	t.records++
	if t.fault != "" {
		return nil
	}
	if x, ok := t.excludes(s); ok && s.fault != "" {
		t.leaveOut(x)
		return nil
	}
	if s.fault != "" {
		// A record of the wrong shape may look out of scope, or compliant, by accident: it counts against the control.
		t.inScope++
		t.failing(s.key, []string{"the record is not what its schema says, or can't be joined"})
		return nil
	}
	began := time.Now()
	err := t.decide(ctx, s)
	if t.spent += time.Since(began); t.spent > t.options.Control {
		t.fail(fmt.Sprintf("the rule used more than %s for the whole population", t.options.Control))
	}
	var failure *judge.Error
	if errors.As(err, &failure) {
		t.fail(fmt.Sprintf("%s: %s", s.key, failure.Message))
		return nil
	}
	return err
}

func (t *task) decide(ctx context.Context, s subject) error {
	answer, err := t.rule.Ask(ctx, t.world, s.input)
	if err != nil || !answer.Open {
		return err
	}
	compliant, ok := answer.Decision.(ast.Boolean)
	if !ok {
		return &judge.Error{Message: fmt.Sprintf("compliant has to be true or false; it is %s", ast.ValueName(answer.Decision))}
	}
	if x, ok := t.excludes(s); ok {
		t.leaveOut(x)
		return nil
	}
	t.inScope++
	for i, plans := range t.plans {
		if t.licenses.assigned(s.record, plans) {
			t.assigned[i]++
		}
	}
	if bool(compliant) {
		t.compliant++
		return nil
	}
	t.failing(s.key, answer.Reasons)
	return nil
}

// excludes returns the decision that takes a record out of scope. A record without a key can't be named by any.
func (t *task) excludes(s subject) (Exclusion, bool) {
	x, ok := t.exclude[s.key]
	return x, ok && s.keyed
}

// leaveOut notes a record that would be in scope but for a decision.
func (t *task) leaveOut(x Exclusion) {
	t.excluded.Total++
	t.found[x.Key] = true
	if len(t.excluded.Shown) < t.options.Failing {
		t.excluded.Shown = append(t.excluded.Shown, x)
	}
}

func (t *task) failing(key string, reasons []string) {
	if len(t.shown) < t.options.Failing {
		t.shown = append(t.shown, key)
	}
	for _, reason := range reasons {
		if _, known := t.reasons[reason]; !known && len(t.reasons) == maxDistinct {
			t.other++
			continue
		}
		t.reasons[reason]++
	}
}

// told returns the reasons of failing records with their counts, the most frequent first.
func (t *task) told() []string {
	known := slices.Collect(maps.Keys(t.reasons))
	slices.SortFunc(known, func(a, b string) int {
		return cmp.Or(cmp.Compare(t.reasons[b], t.reasons[a]), cmp.Compare(a, b))
	})
	told := []string{}
	for i, reason := range known {
		if i == maxShown {
			told = append(told, fmt.Sprintf("and %d other reasons", len(known)-maxShown))
			break
		}
		told = append(told, fmt.Sprintf("%s (%d of %d)", reason, t.reasons[reason], t.inScope))
	}
	return told
}
