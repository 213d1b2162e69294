package vm

import (
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/limit"
)

// Invariant: what an evaluation counts follows from the program, the input and the environment alone: not from the machine, from what was
// evaluated before, or from how statements were compiled.
//
// So what is evaluated once for many inputs has a meter of its own, and each evaluation that uses its value is charged the bytes that it
// holds, whoever made it.

// block is the compiled statements of a block of the plan.
type block struct {
	instrs []instr
	steps  int64 // how many statements they were, whatever they were compiled to
}

// Steps returns how many steps the evaluation since Begin has taken: statements, iterations and the work of built-in functions. What is
// evaluated once for many inputs, such as a rule that reads no input, counts by itself. So the number is the same whatever was evaluated
// before.
func (m *Machine) Steps() int64 { return m.meter.Steps }

// AllSteps returns the same with what was evaluated for many inputs.
func (m *Machine) AllSteps() int64 { return m.meter.Steps + m.apartSteps }

// Small reports whether the limits allow so many times what the evaluation since Begin has taken ([limit.Meter.Small]).
func (m *Machine) Small(times int64) bool { return m.meter.Small(times) }

// check is called when the meter is at its pause: it ends an evaluation that was canceled, or that exceeds a limit.
func (m *Machine) check() signal {
	if m.context.Cancel.Cancelled() {
		m.fail(canceled())
		return halted
	}
	if err := m.meter.Exceeded(m.innermost()); err != nil {
		m.fail(err)
		return halted
	}
	m.meter.Next()
	return next
}

// spend charges a call before it is made. The evaluation ends if it is not within its limits.
func (m *Machine) spend(c limit.Cost) bool {
	if m.meter.Spend(c) {
		return true
	}
	return m.fail(m.meter.Exceeded(m.innermost()))
}

// charge counts what is not evaluated again as if it were.
func (m *Machine) charge(cost limit.Meter) signal {
	m.meter.Steps += cost.Steps
	m.meter.Keep(cost.Bytes)
	if m.meter.Steps > m.meter.Pause {
		return m.check()
	}
	return next
}

// innermost returns the reference of the innermost rule that is evaluated.
func (m *Machine) innermost() string {
	for i := m.depth - 1; i >= 0; i-- {
		if f := m.frames[i].f; f.rule {
			return f.ref
		}
	}
	return ""
}

// apart evaluates a rule whose value is kept for other inputs, on a meter of its own.
func (m *Machine) apart(f *function) (value *ast.Term, ok bool) {
	before, within, errs := m.meter, m.within, m.builtinErrs
	m.meter, m.within = m.meter.Reset(), map[int]bool{}
	value, ok = m.evaluate(f, nil, nil)
	bytes := m.meter.Bytes
	m.apartSteps += m.meter.Steps
	m.meter, m.within = before, within
	if !ok {
		if exceeded, is := m.failure.(*limit.Error); is { //nolint:errorlint // it is not wrapped
			m.rememberExceeded(f, exceeded)
		}
		return nil, false
	}
	value = m.rememberApart(f, value, bytes, m.builtinErrs == errs)
	return value, true
}

// use charges the evaluation the bytes of a value that is kept for several, the first time.
func (m *Machine) use(kept *cached, key int) {
	if kept.bytes == 0 {
		return
	}
	m.uses++
	switch {
	case m.within != nil:
		if !m.within[key] {
			m.within[key] = true
			m.meter.Keep(kept.bytes)
		}
	case kept.user != m.evaluation:
		kept.user = m.evaluation
		m.meter.Keep(kept.bytes)
	}
}

// keeps reports whether so many bytes more can be kept for other inputs. Otherwise they are made again for each.
func (m *Machine) keeps(bytes int64) bool {
	if m.retained+bytes > m.meter.Limit() {
		return false
	}
	m.retained += bytes
	return true
}
