package eval

import (
	"context"
	"errors"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/vm"
)

// Invariant: the result of an evaluation with unknowns is the same, whatever they are. Topdown takes no part in it, so that it is the same
// for rules that are interpreted.

// Unknown is a value that is not known.
type Unknown = vm.Unknown

// PartialEvaluator evaluates a rule over evidence with unknowns.
type PartialEvaluator struct {
	rule    *Rule
	program *vm.Program
	cancel  *cancel
	steps   int64 // of all evaluations
}

// NewPartialEvaluator returns a partial evaluator, or an error if the rule can't be compiled.
func (r *Rule) NewPartialEvaluator(ctx context.Context) (*PartialEvaluator, error) {
	program, err := r.partial()
	if err != nil {
		return nil, err
	}
	return &PartialEvaluator{rule: r, program: program, cancel: &cancel{ctx}}, nil
}

// PartialResult is the result of an evaluation with unknowns: one of a result, the unknown on which it depends, and a fork.
type PartialResult struct {
	Result  Result
	Unknown *Unknown // the first one on which the result depends
	Fork    bool     // the result depends on the way that is taken at one more fork
}

// Exhausted reports whether all evaluations together took more steps than one may.
func (p *PartialEvaluator) Exhausted() bool {
	limit := p.rule.limits.Steps
	return limit > 0 && p.steps > limit
}

// Eval evaluates the rule over an input, which may hold unknowns as the environment may. Where the evaluation depends on an unknown that is
// in forking, it takes the next of the ways. Reasons that depend on an unknown are left out. After an error of the VM topdown might still
// return a result.
func (p *PartialEvaluator) Eval(env *Env, input ast.Value, forking map[int]bool, ways []bool) (PartialResult, error) {
	scope := env.machine(p.cancel.ctx, p.rule.limits)
	scope.Own, scope.Shared = nil, nil // this environment's values may hold unknowns
	machine := p.program.Machine(scope)
	defer func() {
		p.steps += machine.AllSteps()
		machine.Release()
	}()
	e := &Evaluator{rule: p.rule, env: env, machine: machine, cancel: p.cancel}
	machine.Begin(p.program.Term(ast.NewTerm(input)), p.cancel)
	machine.Fork(&vm.Forks{Unknowns: forking, Ways: ways})
	result, err := e.decide()
	var unknown *vm.UnknownError
	var fork *vm.ForkError
	switch {
	case errors.As(err, &unknown):
		return PartialResult{Unknown: &unknown.Unknown}, nil
	case errors.As(err, &fork):
		return PartialResult{Fork: true}, nil
	case err != nil:
		return PartialResult{}, err
	}
	if entry := p.rule.reasonsEntry(result); entry >= 0 {
		if reasons, err := e.entry(entry); err == nil {
			result.Reasons, _ = p.rule.reasonsOf(reasons)
		}
	}
	return PartialResult{Result: result}, nil
}
