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
}

// subject is one record on its way past the tasks.
type subject struct {
	key   string
	input ast.Value
	fault string // why the record can't be trusted, or ""
}

func newTask(ctx context.Context, r *run, control *policies.Control) (*task, error) {
	world, err := r.world(ctx, control)
	return &task{
		control: control,
		rule:    r.engine.rules[control.Package],
		world:   world,
		options: r.engine.options,
		shown:   []string{},
		reasons: map[string]int64{},
	}, err
}

// fail ends the control as an error. The first failure is the one that is told.
func (t *task) fail(fault string) {
	if t.fault == "" {
		t.fault = fault
	}
}

// matches says whether the record satisfies all of the control's match.
func (t *task) matches(fields map[string]any) bool {
	for _, match := range t.control.Coverage.Match {
		if matchKey(fields[match.Field]) != matchKey(match.Value) {
			return false
		}
	}
	return true
}

// judge counts one record. Only the end of the context is an error; all else is the control's own fault.
func (t *task) judge(ctx context.Context, s subject) error {
	t.records++
	if t.fault != "" {
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
	t.inScope++
	if bool(compliant) {
		t.compliant++
		return nil
	}
	t.failing(s.key, answer.Reasons)
	return nil
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
