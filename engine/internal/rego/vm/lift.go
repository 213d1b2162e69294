package vm

import (
	"slices"

	opair "github.com/open-policy-agent/opa/v1/ir"

	"github.com/posture-score/posture/engine/internal/rego/ir"
	"github.com/posture-score/posture/engine/internal/rego/limit"
	"github.com/posture-score/posture/engine/internal/rego/term"
)

// Invariant: a statement is lifted only if it reads nothing but constants, documents and what lifted statements wrote, and calls nothing:
// it does the same for every input of an environment.

// liftable reports whether a statement can be lifted, and appends the locals that it writes.
func (c *compiler) liftable(s opair.Stmt, written []opair.Local) ([]opair.Local, bool) {
	switch s.(type) {
	case *opair.BlockStmt, *opair.BreakStmt, *opair.DotStmt, *opair.AssignVarStmt, *opair.MakeNumberRefStmt, *opair.MakeNumberIntStmt, *opair.NopStmt:
	default:
		return nil, false
	}
	parts := new(ir.Parts).Of(s)
	for _, o := range parts.Reads {
		if l, ok := o.Value.(opair.Local); ok && !c.isLifted(l) && !slices.Contains(written, l) {
			return nil, false
		}
	}
	written = append(written, parts.Writes...)
	for _, b := range parts.Nested {
		for _, s := range b.Stmts {
			var ok bool
			if written, ok = c.liftable(s, written); !ok {
				return nil, false
			}
		}
	}
	return written, true
}

// isLifted reports whether a local holds the same for every input.
func (c *compiler) isLifted(l opair.Local) bool {
	l = c.original(l)
	return l == c.f.params[1] || c.registers.lifted[l] || c.registers.constants[l] != nil
}

// lift has a statement that can be lifted run once for an environment: after that its registers are written, and its steps are counted.
func (c *compiler) lift(s opair.Stmt, o instr) instr {
	switch s.(type) {
	case *opair.BlockStmt, *opair.DotStmt:
	default:
		return o
	}
	if c.uses == nil {
		return o
	}
	written, ok := c.liftable(s, nil)
	if !ok || !c.uses.confined(c.uses.number(s), written...) {
		return o
	}
	for _, l := range written {
		c.registers.lifted[l] = true
	}
	slot := c.program.lifted
	c.program.lifted++
	targets := make([]operand, len(written))
	for i, l := range written {
		targets[i] = c.read1(l)
	}
	return func(fr *frame) signal {
		m := fr.m
		if m.docs.data != m.data {
			return o(fr)
		}
		l := &m.lifted[slot]
		if l.values == nil {
			return l.run(fr, o, targets)
		}
		for i := range targets {
			fr.put(&targets[i], &l.values[i])
		}
		if s := m.charge(l.cost); s != next {
			return s
		}
		return l.signal
	}
}

// lifted is what a statement did in the environment of a machine.
type lifted struct {
	signal signal
	cost   limit.Meter
	values []term.View // of its registers; nil if it did not run so far
}

// run runs the statement the first time.
func (l *lifted) run(fr *frame, o instr, targets []operand) signal {
	before := fr.m.meter
	s := o(fr)
	if s == halted {
		return s
	}
	l.signal, l.cost, l.values = s, fr.m.meter.Since(before), make([]term.View, len(targets))
	for i := range targets {
		if t := targets[i].get(fr); t != nil {
			l.values[i] = term.ViewOfTerm(t)
		}
	}
	return s
}
