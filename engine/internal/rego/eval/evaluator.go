package eval

import (
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/vm"
)

// Invariant: a result is topdown's. The VM's is returned if its evaluation succeeds; otherwise topdown evaluates the rule again.

// Evaluator evaluates a rule in an environment over one input after another, for one goroutine.
type Evaluator struct {
	rule    *Rule
	env     *Env
	machine *vm.Machine // nil if the rule is interpreted
	cancel  *cancelToken
}

// NewEvaluator returns an evaluator whose evaluations the deadline stops. Their time is charged to the budget, which evaluators may share.
func (r *Rule) NewEvaluator(env *Env, deadline *Deadline, budget *Budget) *Evaluator {
	e := &Evaluator{rule: r, env: env, cancel: deadline.token(budget)}
	if program, err := r.program(); err == nil {
		e.machine = program.Machine(env.machine(deadline.ctx))
	}
	return e
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
// deadline's context.
func (e *Evaluator) Eval(input Input) (Result, error) {
	if e.machine != nil {
		e.cancel.begin()
		result, err := e.compiled(input)
		e.cancel.end()
		if err == nil {
			return result, nil
		}
		if e.cancel.Cancelled() {
			return Result{}, e.rule.canceled(e.cancel.deadline.ctx)
		}
	}
	// The first query loads the catalog in full, which is not the time of the rule. Its error is reported below.
	_, _ = e.rule.query()
	e.cancel.begin()
	defer e.cancel.end()
	return e.rule.interpret(e.cancel.deadline.ctx, e.env, input.Whole(), e.cancel)
}

// Frontier appends the values of the rule's frontier ([Rule.Frontier]) for an input to values. Environments that differ in parameters alone
// have the same. There is no fallback on an error: Eval decides what that means.
func (e *Evaluator) Frontier(input Input, values []*ast.Term) ([]*ast.Term, error) {
	if e.machine == nil {
		return nil, errInterpreterForced
	}
	e.cancel.begin()
	defer e.cancel.end()
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
