package eval

import (
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/vm"
)

// Invariant: an answer is topdown's. Closures give it where they come to one without any failure; everything else is asked again.

// Evaluator is a rule in a world, for one goroutine.
type Evaluator struct {
	rule    *Rule
	world   *Env
	machine *vm.Machine
	clock   *clock
}

// NewEvaluator makes a judge that is stopped by the watch, on an account that several judges may share.
func (r *Rule) NewEvaluator(world *Env, watch *Deadline, account *Budget) *Evaluator {
	j := &Evaluator{rule: r, world: world, clock: watch.clock(account)}
	if program, err := r.program(); err == nil {
		j.machine = program.Machine(vm.World{Context: watch.ctx, Data: ast.NewTerm(world.root), Now: world.now, Common: world.common})
	}
	return j
}

// Eval asks the rule about an input. A decision that is undefined is an [Error], unless it is optional. Any other error is that of the
// watch's context.
func (j *Evaluator) Eval(input Input) (Result, error) {
	j.clock.begin()
	defer j.clock.end()
	if j.machine != nil {
		answer, err := j.compiled(input)
		if err == nil {
			return answer, nil
		}
		if j.clock.Cancelled() {
			return Result{}, j.rule.canceled(j.clock.watch.ctx)
		}
	}
	return j.rule.reference(j.clock.watch.ctx, j.world, input.Whole(), j.clock)
}

// Frontier puts the values of the rule's premises for an input behind those given. In worlds that differ in their parameters alone, it
// doesn't matter which of them is asked. There is no reference for a failure here: Ask tells what comes of it.
func (j *Evaluator) Frontier(input Input, values []*ast.Term) ([]*ast.Term, error) {
	if j.machine == nil {
		return nil, errInterpreterForced
	}
	j.clock.begin()
	defer j.clock.end()
	j.machine.Begin(input, j.clock)
	values, err := j.machine.Premises(j.rule.guard, values)
	if err == nil {
		err = j.machine.Fault()
	}
	return values, err
}

// compiled asks the closures. The text of its errors is told to nobody.
func (j *Evaluator) compiled(input Input) (Result, error) {
	r := j.rule
	j.machine.Begin(input, j.clock)
	answer, err := j.decide()
	if err != nil {
		return Result{}, err
	}
	if entry := r.asked(answer); entry >= 0 {
		reasons, err := j.entry(entry)
		if err != nil {
			return Result{}, err
		}
		if answer.Reasons, err = r.reasonsIn(reasons); err != nil {
			return Result{}, err
		}
	}
	return answer, j.machine.Fault()
}

// decide asks the closures for the decision.
func (j *Evaluator) decide() (Result, error) {
	r := j.rule
	answer := Result{Guard: true}
	var err error
	if r.guard >= 0 {
		guard, err := j.entry(r.guard)
		if err != nil {
			return Result{}, err
		}
		if answer.Guard, err = r.guarded(guard); err != nil {
			return Result{}, err
		}
	}
	if answer.Guard {
		if answer.Decision, err = j.entry(r.main); err != nil {
			return Result{}, err
		}
		if answer.Decision == nil && !r.decisions.Optional {
			return Result{}, undefined(r.decisions.Decision)
		}
	}
	return answer, j.machine.Fault()
}

// entry returns the value of an entry point; nil if it is undefined.
func (j *Evaluator) entry(entry int) (ast.Value, error) {
	t, err := j.machine.Eval(entry)
	if t == nil {
		return nil, err
	}
	if u, ok := vm.AsUnknown(t.Value); ok {
		return nil, &vm.Touched{Unknown: u}
	}
	return t.Value, err
}
