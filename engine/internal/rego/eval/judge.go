package eval

import (
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/vm"
)

// Invariant: an answer is topdown's. Closures give it where they come to one without any failure; everything else is asked again.

// Judge is a rule in a world, for one goroutine.
type Judge struct {
	rule    *Rule
	world   *World
	machine *vm.Machine
	clock   *clock
}

// Judge makes a judge that is stopped by the watch, on an account that several judges may share.
func (r *Rule) Judge(world *World, watch *Watch, account *Account) *Judge {
	j := &Judge{rule: r, world: world, clock: watch.clock(account)}
	if program, err := r.program(); err == nil {
		j.machine = program.Machine(vm.World{Context: watch.ctx, Data: ast.NewTerm(world.root), Now: world.now, Common: world.common})
	}
	return j
}

// Ask asks the rule about an input. A decision that is undefined is an [Error], unless it is optional. Any other error is that of the
// watch's context.
func (j *Judge) Ask(input Input) (Answer, error) {
	j.clock.begin()
	defer j.clock.end()
	if j.machine != nil {
		answer, err := j.evaluate(input)
		if err == nil {
			return answer, nil
		}
		if j.clock.Cancelled() {
			return Answer{}, j.rule.canceled(j.clock.watch.ctx)
		}
	}
	return j.rule.reference(j.clock.watch.ctx, j.world, input.Whole(), j.clock)
}

// Premises puts the values of the rule's premises for an input behind those given. In worlds that differ in their parameters alone, it
// doesn't matter which of them is asked. There is no reference for a failure here: Ask tells what comes of it.
func (j *Judge) Premises(input Input, values []*ast.Term) ([]*ast.Term, error) {
	if j.machine == nil {
		return nil, errAlone
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

// evaluate asks the closures. The text of its errors is told to nobody.
func (j *Judge) evaluate(input Input) (Answer, error) {
	r := j.rule
	j.machine.Begin(input, j.clock)
	answer, err := j.decide()
	if err != nil {
		return Answer{}, err
	}
	if entry := r.asked(answer); entry >= 0 {
		reasons, err := j.eval(entry)
		if err != nil {
			return Answer{}, err
		}
		if answer.Reasons, err = r.reasonsIn(reasons); err != nil {
			return Answer{}, err
		}
	}
	return answer, j.machine.Fault()
}

// decide asks the closures for the decision.
func (j *Judge) decide() (Answer, error) {
	r := j.rule
	answer := Answer{Open: true}
	var err error
	if r.guard >= 0 {
		guard, err := j.eval(r.guard)
		if err != nil {
			return Answer{}, err
		}
		if answer.Open, err = r.guarded(guard); err != nil {
			return Answer{}, err
		}
	}
	if answer.Open {
		if answer.Decision, err = j.eval(r.main); err != nil {
			return Answer{}, err
		}
		if answer.Decision == nil && !r.decisions.Optional {
			return Answer{}, undefined(r.decisions.Main)
		}
	}
	return answer, j.machine.Fault()
}

// eval returns the value of an entry point; nil if it is undefined.
func (j *Judge) eval(entry int) (ast.Value, error) {
	t, err := j.machine.Eval(entry)
	if t == nil {
		return nil, err
	}
	if u, ok := vm.AsUnknown(t.Value); ok {
		return nil, &vm.Touched{Unknown: u}
	}
	return t.Value, err
}
