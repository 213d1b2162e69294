package vm

import "math"

// Invariant: what an evaluation counts follows from the program, the input and the environment alone: not from the machine, from what was
// evaluated before, or from how statements were compiled.

// Limits bound one evaluation; 0 is no limit.
type Limits struct {
	Steps int64 // statements and iterations
}

// checkInterval is how many steps an evaluation takes between two checks whether it was canceled.
const checkInterval = 1024

// meter counts what an evaluation takes.
type meter struct {
	steps int64
	pause int64 // the number of steps after which the evaluation is checked
}

// block is the compiled statements of a block of the plan.
type block struct {
	instrs []instr
	steps  int64 // how many statements they were, whatever they were compiled to
}

// LimitError ends an evaluation that exceeds a limit.
type LimitError struct {
	Rule string // the reference of the innermost rule
}

// Error names the rule.
func (e *LimitError) Error() string { return e.Rule + " exceeds the limit of an evaluation" }

// Steps returns how many steps the evaluation since Begin has taken: statements and iterations. What is evaluated once for many inputs, such
// as a rule that reads no input, counts on a meter of its own. So the number is the same whatever was evaluated before.
func (m *Machine) Steps() int64 { return m.meter.steps }

// check is called when the meter comes to its pause: it ends an evaluation that was canceled, or that exceeds its limit.
func (m *Machine) check() signal {
	if m.context.Cancel.Cancelled() {
		m.fail(canceled())
		return halted
	}
	if m.meter.steps > m.limits.Steps {
		m.fail(&LimitError{Rule: m.innermost()})
		return halted
	}
	m.meter.pause = min(m.meter.steps+checkInterval, m.limits.Steps)
	return next
}

// charge counts what is not evaluated again as if it were.
func (m *Machine) charge(cost meter) signal {
	if m.meter.steps += cost.steps; m.meter.steps > m.meter.pause {
		return m.check()
	}
	return next
}

// since returns what was counted after another reading of the meter.
func (m meter) since(before meter) meter { return meter{steps: m.steps - before.steps} }

// innermost returns the reference of the innermost rule that is evaluated.
func (m *Machine) innermost() string {
	for i := m.depth - 1; i >= 0; i-- {
		if f := m.frames[i].f; f.rule {
			return f.ref
		}
	}
	return ""
}

// withDefaults returns the limits with a number for no limit.
func (l Limits) withDefaults() Limits {
	if l.Steps == 0 {
		l.Steps = math.MaxInt64 - checkInterval
	}
	return l
}
