package engine

import (
	"errors"
	"fmt"
	"math/big"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/rego/eval"
)

// Invariant: what is said for everyone follows from documents alone, and no record in scope is known to contradict it.

// forEveryone is what a rule is asked that may decide for everyone.
func forEveryone() eval.Entrypoints {
	return eval.Entrypoints{Decision: catalog.RuleEveryone, Optional: true, Reasons: eval.NoReasons}
}

// verdictFor is what a rule says of every record: nil if it can't tell.
func (r *run) verdictFor(control *catalog.Control, watch *eval.Deadline) (*bool, error) {
	rule := r.engine.everyone[control.Package]
	if rule == nil || control.Kind != catalog.KindCoverage || !r.hasDocument(control) {
		return nil, nil
	}
	answer, err := rule.NewEvaluator(r.world(control), watch, &eval.Budget{}).Eval(rule.Input(ast.NewObject()))
	if err != nil || answer.Decision == nil {
		return nil, err
	}
	verdict, ok := answer.Decision.(ast.Boolean)
	if !ok {
		return nil, &eval.Error{Message: fmt.Sprintf("everyone has to be true or false; it is %s", ast.ValueName(answer.Decision))}
	}
	if !verdict && control.Coverage.WhenEmpty == "full" {
		return nil, nil // there may be nobody, which earns full points
	}
	return (*bool)(&verdict), nil
}

// withoutRecords decides a control whose evidence is not all there, or not what its schema says: for everyone, if its rule can do so by
// the documents that are left. Only the end of the context is an error.
func (r *run) withoutRecords(control *catalog.Control, otherwise Action, watch *eval.Deadline) (Action, error) {
	if r.empty(control) {
		return otherwise, nil // the verdict would be about nobody
	}
	verdict, err := r.verdictFor(control, watch)
	var failure *eval.Error
	switch {
	case errors.As(err, &failure):
		return failed(control, failure.Message), nil
	case err != nil || verdict == nil:
		return otherwise, err
	}
	action := otherwise
	action.Everyone = true
	fraction, who := new(big.Rat), "nobody"
	if *verdict {
		fraction, who = big.NewRat(1, 1), "everyone"
	}
	action.settle(fraction)
	action.Reasons = append([]string{who + " complies, by policy: no records were counted"}, otherwise.Reasons...)
	return action, nil
}

// empty says whether the population of a control is known to have no records.
func (r *run) empty(control *catalog.Control) bool {
	if control.Kind != catalog.KindCoverage {
		return false
	}
	s := r.sources[control.Coverage.Dataset]
	return s.status == Collected && s.records == 0
}

// contradicts says whether the verdict on the record at hand differs from the one for everyone. A record that is not what its schema
// says contradicts nothing.
func (r *reader) contradicts(t *task, v *verdict) bool {
	if t.everyone == nil || *t.everyone == v.compliant {
		return false
	}
	spec := r.population.source.spec
	return spec == nil || spec.Accepts(r.record.JSON())
}

// contradiction is the fault of a rule that says other things of everyone than of a record.
func contradiction(everyone bool) string {
	if everyone {
		return "by the rule everyone complies, and this record does not: correct everyone or compliant"
	}
	return "by the rule nobody complies, and this record does: correct everyone or compliant"
}
