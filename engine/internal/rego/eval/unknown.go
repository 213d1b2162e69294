package eval

import (
	"errors"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/vm"
)

// Invariant: what a rule says of a world with unknowns it says whatever they are. Topdown has no part in this, so that the same is found
// out where it decides.

// Unknown is a value in a world that is not known.
type Unknown = vm.Unknown

// PartialEvaluator asks a rule in worlds with unknowns, on an account of its own.
type PartialEvaluator struct {
	rule    *Rule
	program *vm.Program
	watch   *Deadline
	clock   *clock
}

// NewPartialEvaluator returns the rule so that it can be asked about unknowns; an error says that it can't be.
func (r *Rule) NewPartialEvaluator(watch *Deadline) (*PartialEvaluator, error) {
	program, err := r.wary()
	if err != nil {
		return nil, err
	}
	return &PartialEvaluator{rule: r, program: program, watch: watch, clock: watch.clock(&Budget{})}, nil
}

// PartialResult is what comes of a question with unknowns: one of an answer, the unknown on which it depends, and a fork.
type PartialResult struct {
	Result  Result
	Unknown *Unknown // the first one on which the answer depends
	Fork    bool     // the answer depends on which way is taken at one more fork
}

// Eval asks the rule about an input, which may have unknowns in it as well. Where the evaluation depends on one that forks it takes the way
// that is given. Reasons that depend on an unknown are left out. An error says that closures come to no answer; topdown might.
func (w *PartialEvaluator) Eval(world *Env, input ast.Value, forking map[int]bool, ways []bool) (PartialResult, error) {
	machine := w.program.Machine(vm.World{Context: w.watch.ctx, Data: ast.NewTerm(world.root), Now: world.now})
	j := &Evaluator{rule: w.rule, world: world, machine: machine, clock: w.clock}
	w.clock.begin()
	defer w.clock.end()
	machine.Begin(w.program.Term(ast.NewTerm(input)), w.clock)
	machine.Fork(&vm.Forks{Unknowns: forking, Ways: ways})
	answer, err := j.decide()
	var touched *vm.Touched
	var forked *vm.Forked
	switch {
	case errors.As(err, &touched):
		return PartialResult{Unknown: &touched.Unknown}, nil
	case errors.As(err, &forked):
		return PartialResult{Fork: true}, nil
	case err != nil:
		return PartialResult{}, err
	}
	if entry := w.rule.asked(answer); entry >= 0 {
		if reasons, err := j.entry(entry); err == nil {
			answer.Reasons, _ = w.rule.reasonsIn(reasons)
		}
	}
	return PartialResult{Result: answer}, nil
}
