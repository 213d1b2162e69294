package scan

import (
	"context"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/load"
	"github.com/posture-score/posture/engine/internal/rego/eval"
)

// Invariant: a decision for everyone follows from documents alone, and no record in scope is known to
// contradict it.

// Everyone returns what the rule of a coverage control decides for every record, in its environment; nil if
// it doesn't. An eval.Error is the rule's own; any other error ends the assessment.
func Everyone(ctx context.Context, e *load.Evidence, control *catalog.Control, environment *eval.Env) (*bool, error) {
	rule := e.Rules.Everyone(control)
	if rule == nil || control.Kind != catalog.KindCoverage || !e.HasDocument(control) {
		return nil, nil
	}
	evaluator := rule.NewEvaluator(ctx, environment)
	defer evaluator.Release()
	result, err := evaluator.Eval(rule.Input(ast.NewObject()))
	if err != nil || result.Decision == nil {
		return nil, err
	}
	compliant, ok := result.Decision.(ast.Boolean)
	if !ok {
		return nil, &eval.Error{Message: fmt.Sprintf("everyone has to be true or false; it is %s", ast.ValueName(result.Decision))}
	}
	if !compliant && control.Coverage.WhenEmpty == "full" {
		return nil, nil // there may be no record, which earns full points
	}
	return (*bool)(&compliant), nil
}

// contradiction returns the error of a rule that decides otherwise for everyone than for a record.
func contradiction(everyone bool) string {
	if everyone {
		return "by the rule everyone complies, and this record does not: correct everyone or compliant"
	}
	return "by the rule nobody complies, and this record does: correct everyone or compliant"
}
