package eval

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/posture-score/posture/engine/internal/rego/limit"
)

// Invariant: this is the reference. It shares no code with the VM but for the checks of a result.

// resultVar is the variable that queries bind to their result.
const resultVar = ast.Var("result")

// text returns the query as Rego: an array of three arrays (guard, decision, reasons), each with one value or, where the rule is undefined or
// not needed, none. It is one query, so that what they share is evaluated once.
func (q Query) text() string {
	pkg, d := q.Package, q.Entrypoints
	guard, open := "[true]", ""
	if d.Guard != "" {
		guard = fmt.Sprintf("[x | x := data.%s.%s]", pkg, d.Guard)
		open = fmt.Sprintf("data.%s.%s == true; ", pkg, d.Guard)
	}
	reasons := "[]"
	switch d.Reasons {
	case AlwaysReasons:
		reasons = fmt.Sprintf("[z | %sz := data.%s.%s]", open, pkg, reasonsRule)
	case FailingReasons:
		reasons = fmt.Sprintf("[z | %sdata.%s.%s == false; z := data.%s.%s]", open, pkg, d.Decision, pkg, reasonsRule)
	}
	if d.GuardReasons != "" {
		reasons = fmt.Sprintf("array.concat(%s, [z | data.%s.%s == false; z := data.%s.%s])", reasons, pkg, d.Guard, pkg, d.GuardReasons)
	}
	return fmt.Sprintf("[%s, [y | %sy := data.%s.%s], %s]", guard, open, pkg, d.Decision, reasons)
}

// interpret evaluates the rule with topdown.
func (r *Rule) interpret(ctx context.Context, env *Env, input *ast.Term) (Result, error) {
	found, err := r.run(ctx, env, input)
	if err != nil {
		return Result{}, err
	}
	parts, ok := found.(*ast.Array)
	if !ok || parts.Len() != 3 {
		return Result{}, failf("the rule gave no answer")
	}
	result := Result{}
	if result.Guard, err = r.guardOf(only(parts.Elem(0).Value)); err != nil {
		return Result{}, err
	}
	if result.Guard {
		if result.Decision = only(parts.Elem(1).Value); result.Decision == nil && !r.entrypoints.Optional {
			return Result{}, undefined(r.entrypoints.Decision)
		}
	}
	result.Reasons, err = r.reasonsOf(only(parts.Elem(2).Value))
	return result, err
}

// only returns the one element of an array; nil if it is empty.
func only(value ast.Value) ast.Value {
	values, ok := value.(*ast.Array)
	if !ok || values.Len() == 0 {
		return nil
	}
	return values.Elem(0).Value
}

// run evaluates the query, which binds resultVar exactly once.
func (r *Rule) run(ctx context.Context, env *Env, input *ast.Term) (value ast.Value, err error) {
	// A rule may meet a bug in the evaluator: that is an error of this rule, not the end of the run.
	defer func() {
		switch bug := recover().(type) {
		case nil:
		case *limit.Error:
			value, err = nil, r.exceeded(bug)
		default:
			value, err = nil, failf("the evaluator failed: %v", bug)
		}
	}()
	query, err := r.query()
	if err != nil {
		return nil, failf("preparing the rule: %s", plain(err))
	}
	err = topdown.NewQuery(query).
		WithCompiler(r.compiler()).
		WithStore(&store{root: env.root}).
		WithTransaction(transaction{}).
		WithInput(input).
		WithTime(env.now).
		WithCancel(cancel{ctx}).
		WithQueryTracer(limit.NewTracer(r.limits.Limits)).
		WithStrictBuiltinErrors(true).
		Iter(ctx, func(qr topdown.QueryResult) error {
			value = qr[resultVar].Value
			return nil
		})
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, failf("%s", plain(err))
	case value == nil:
		return nil, failf("the rule gave no answer")
	}
	return value, nil
}

// plain returns the message of an evaluation error with its location, without its code.
func plain(err error) string {
	var e *topdown.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	message := strings.Join(strings.Fields(e.Message), " ") // some span lines
	if e.Location != nil && e.Location.File != "" {
		return fmt.Sprintf("%s:%d: %s", e.Location.File, e.Location.Row, message)
	}
	return message
}
