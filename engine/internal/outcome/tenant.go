package outcome

import (
	"context"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/load"
)

// tenantWide evaluates a control without a population. An eval.Error is the rule's own; any other error
// ends the assessment.
func tenantWide(ctx context.Context, e *load.Evidence, control *catalog.Control) (*Result, error) {
	rule, environment := e.Rules.Of(control), e.Environment(control)
	evaluator := rule.NewEvaluator(ctx, environment)
	defer evaluator.Release()
	result, err := evaluator.Eval(rule.Input(environment.Evidence()))
	if err != nil {
		return nil, err
	}
	g, err := newGrade(control, result)
	if err != nil {
		return nil, err
	}
	// Absent fields count that could change the grade for the better or, of required ones, at all.
	var expected func(*grade) bool
	switch {
	case g.applies && !g.full():
		expected = func(other *grade) bool { return other.applies && other.earned.compare(g.earned) <= 0 }
	case e.LacksRequiredField(control):
		expected = g.equal
	default:
		return g.result(control), nil
	}
	if fields := undecided(ctx, e, control, expected); len(fields) > 0 {
		return lackingFields(e, control, fields), nil
	}
	return g.result(control), nil
}

// withoutDocuments evaluates a tenant-wide control whose evidence is insufficient: its result is
// otherwise, unless its rule decides the same whatever is missing. Absent fields of datasets that are
// there count only where the rule grants less than all, as they do in tenantWide.
func withoutDocuments(ctx context.Context, e *load.Evidence, control *catalog.Control, otherwise *Result) *Result {
	if !e.HasDocument(control) {
		return otherwise // nothing is there that could decide it
	}
	missing := withMissing(e, control)
	unknowns := len(missing.unknowns)
	g := invariable(ctx, e, control, missing)
	if g == nil || g.applies && !g.full() {
		if absent := withAbsent(e, control); len(absent.unknowns) > unknowns {
			g = invariable(ctx, e, control, absent)
		}
	}
	if g == nil {
		return otherwise
	}
	r := g.result(control)
	if r.Outcome != NotApplicable {
		r.Reasons = append(r.Reasons, otherwise.Reasons...)
		r.Missing = otherwise.Missing
	}
	return r
}
