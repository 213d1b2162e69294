package eval

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// Invariant: this is the reference. It shares no code with closures but for the checks of an answer.

// result is the variable that queries bind their answer to.
const result = ast.Var("answer")

// text is a list of three lists, each with one value or, where the rule is undefined or not asked, none: what the guard says, what
// the decision is, and the reasons. One query asks all, so that what they share is worked out once.
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
	if d.Outside != "" {
		reasons = fmt.Sprintf("array.concat(%s, [z | data.%s.%s == false; z := data.%s.%s])", reasons, pkg, d.Guard, pkg, d.Outside)
	}
	return fmt.Sprintf("[%s, [y | %sy := data.%s.%s], %s]", guard, open, pkg, d.Decision, reasons)
}

// reference asks topdown.
func (r *Rule) reference(ctx context.Context, world *Env, input *ast.Term, cancel topdown.Cancel) (Result, error) {
	found, err := r.run(ctx, world, input, cancel)
	if err != nil {
		return Result{}, err
	}
	parts, ok := found.(*ast.Array)
	if !ok || parts.Len() != 3 {
		return Result{}, failf("the rule gave no answer")
	}
	answer := Result{}
	if answer.Guard, err = r.guarded(only(parts.Elem(0).Value)); err != nil {
		return Result{}, err
	}
	if answer.Guard {
		if answer.Decision = only(parts.Elem(1).Value); answer.Decision == nil && !r.decisions.Optional {
			return Result{}, undefined(r.decisions.Decision)
		}
	}
	answer.Reasons, err = r.reasonsIn(only(parts.Elem(2).Value))
	return answer, err
}

// only takes the one value out of a comprehension over a complete rule; nil if there is none.
func only(value ast.Value) ast.Value {
	values, ok := value.(*ast.Array)
	if !ok || values.Len() == 0 {
		return nil
	}
	return values.Elem(0).Value
}

// run evaluates the question, which binds result exactly once.
func (r *Rule) run(ctx context.Context, world *Env, input *ast.Term, cancel topdown.Cancel) (answer ast.Value, err error) {
	// A rule of a stranger may meet a bug in the evaluator: that is this rule's failure, not the end of the run.
	defer func() {
		if fault := recover(); fault != nil {
			answer, err = nil, failf("the evaluator failed: %v", fault)
		}
	}()
	question, err := r.question()
	if err != nil {
		return nil, failf("preparing the rule: %s", plain(err))
	}
	err = topdown.NewQuery(question).
		WithCompiler(r.compiler()).
		WithStore(&store{root: world.root}).
		WithTransaction(transaction{}).
		WithInput(input).
		WithTime(world.now).
		WithCancel(cancel).
		WithStrictBuiltinErrors(true).
		Iter(ctx, func(qr topdown.QueryResult) error {
			answer = qr[result].Value
			return nil
		})
	switch {
	case err != nil && cancel.Cancelled():
		return nil, r.canceled(ctx)
	case err != nil:
		return nil, failf("%s", plain(err))
	case answer == nil:
		return nil, failf("the rule gave no answer")
	}
	return answer, nil
}

// canceled tells the end of the run, which is the caller's, from the end of a rule's time, which is the rule's own fault.
func (r *Rule) canceled(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return failf("the rule ran longer than its limit of %s", r.limits.Time)
}

// plain words an evaluation error without its code, with the place in the policy that it names.
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
