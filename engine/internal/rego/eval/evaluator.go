package eval

import (
	"context"
	"errors"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/limit"
	"github.com/posture-score/posture/engine/internal/rego/vm"
)

// Invariant: a result is topdown's. The VM's is returned if its evaluation succeeds; otherwise topdown evaluates the rule again, unless the
// evaluation exceeded a limit: topdown would take many times as long to come there.

// Evaluator evaluates a rule in an environment over one input after another, for one goroutine.
type Evaluator struct {
	rule    *Rule
	env     *Env
	machine *vm.Machine // nil if the rule is interpreted
	cancel  *cancel
}

// NewEvaluator returns an evaluator whose evaluations end with the context.
func (r *Rule) NewEvaluator(ctx context.Context, env *Env) *Evaluator {
	e := &Evaluator{rule: r, env: env, cancel: &cancel{ctx}}
	if program, err := r.program(); err == nil {
		e.machine = program.Machine(env.machine(ctx, r.limits))
	}
	return e
}

// Release ends the use of the evaluator: what it took is for others of the rule.
func (e *Evaluator) Release() {
	if e.machine != nil {
		e.machine.Release()
		e.machine = nil
	}
}

// Calls remembers calls of functions, for evaluators of one goroutine.
type Calls = vm.Calls

// NewCalls returns an empty memory.
func NewCalls() *Calls { return vm.NewCalls() }

// Share has the evaluator remember calls of functions together with others.
func (e *Evaluator) Share(calls *Calls) {
	if e.machine != nil {
		e.machine.Share(calls)
	}
}

// Eval evaluates the rule over an input. A decision that is undefined is an [Error], unless it is optional. Any other error is that of the
// context.
func (e *Evaluator) Eval(input Input) (Result, error) {
	if e.machine != nil {
		result, err := e.compiled(input)
		if err == nil {
			return result, nil
		}
		var exceeded *limit.Error
		switch ended := e.cancel.ctx.Err(); {
		case ended != nil:
			return Result{}, ended
		case errors.As(err, &exceeded):
			return Result{}, e.rule.exceeded(exceeded)
		}
	}
	return e.rule.interpret(e.cancel.ctx, e.env, input.Whole())
}

// Frontier appends the values of the rule's frontier ([Rule.Frontier]) for an input to values. Environments that differ in parameters alone
// have the same. There is no fallback on an error: Eval decides what that means.
func (e *Evaluator) Frontier(input Input, values []*ast.Term) ([]*ast.Term, error) {
	if e.machine == nil {
		return nil, errInterpreterForced
	}
	e.machine.Begin(input, e.cancel)
	values, err := e.machine.Frontier(e.rule.guard, values)
	if err == nil {
		err = e.machine.BuiltinError()
	}
	return values, err
}

// Steps returns how many steps the last evaluation on the VM took ([vm.Machine.Steps]): the same on any machine. It is 0 for a rule that is
// interpreted.
func (e *Evaluator) Steps() int64 {
	if e.machine == nil {
		return 0
	}
	return e.machine.Steps()
}

// Small reports whether the limits allow so many times what the last evaluation on the VM took ([limit.Meter.Small]).
func (e *Evaluator) Small(times int64) bool { return e.machine == nil || e.machine.Small(times) }

// compiled evaluates the rule on the VM. Its error text is discarded: on an error the caller evaluates again with topdown.
func (e *Evaluator) compiled(input Input) (Result, error) {
	r := e.rule
	e.machine.Begin(input, e.cancel)
	result, err := e.decide()
	if err != nil {
		return Result{}, err
	}
	if entry := r.reasonsEntry(result); entry >= 0 {
		reasons, err := e.entry(entry)
		if err != nil {
			return Result{}, err
		}
		if result.Reasons, err = r.reasonsOf(reasons); err != nil {
			return Result{}, err
		}
	}
	return result, e.machine.BuiltinError()
}

// decide evaluates the guard and the decision on the VM.
func (e *Evaluator) decide() (Result, error) {
	r := e.rule
	result := Result{Guard: true}
	var err error
	if r.guard >= 0 {
		guard, err := e.entry(r.guard)
		if err != nil {
			return Result{}, err
		}
		if result.Guard, err = r.guardOf(guard); err != nil {
			return Result{}, err
		}
	}
	if result.Guard {
		if result.Decision, err = e.entry(r.decision); err != nil {
			return Result{}, err
		}
		if result.Decision == nil && !r.entrypoints.Optional {
			return Result{}, undefined(r.entrypoints.Decision)
		}
	}
	return result, e.machine.BuiltinError()
}

// entry returns the value of an entry point on the VM; nil if it is undefined.
func (e *Evaluator) entry(entry int) (ast.Value, error) {
	t, err := e.machine.Eval(entry)
	if t == nil {
		return nil, err
	}
	if u, ok := vm.AsUnknown(t.Value); ok {
		return nil, &vm.UnknownError{Unknown: u}
	}
	return t.Value, err
}
