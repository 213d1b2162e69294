package vm

import (
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Invariant: a value is given again only where working it out anew would give the same: for the very same input and data or, of a rule
// that reads no input, for the data of the world.

// memo keeps the values of rules.
type memo struct {
	fixed  []remembered // of rules that read no input
	levels []level      // one for the input as given, and one for each pair of other documents in the "with"s that are active
	used   int
}

// level keeps the values of rules for a pair of documents.
type level struct {
	slotted     bool // the input is the one that was given
	input, data *ast.Term
	epoch       uint32
	values      []remembered
}

// remembered is the value of a rule, nil if it is undefined. It counts if the epoch is that of its level.
type remembered struct {
	epoch uint32
	value *ast.Term
	fault bool // a built-in function failed on the way
}

func newMemo(functions int) memo { return memo{fixed: make([]remembered, functions)} }

// begin forgets all but what is fixed.
func (m *memo) begin(data *ast.Term) {
	m.used = 0
	m.enter(world{data: data, slotted: true})
}

// enter returns the level for what the world is; a new one forgets what it knew for others.
func (m *memo) enter(w world) int {
	for i := range m.levels[:m.used] {
		l := &m.levels[i]
		if l.slotted == w.slotted && l.data == w.data && (w.slotted || l.input == w.input) {
			return i
		}
	}
	if m.used == len(m.levels) {
		m.levels = append(m.levels, level{values: make([]remembered, len(m.fixed))})
	}
	l := &m.levels[m.used]
	l.slotted, l.input, l.data = w.slotted, w.input, w.data
	if l.epoch++; l.epoch == 0 {
		clear(l.values)
		l.epoch = 1
	}
	m.used++
	return m.used - 1
}

// recall returns what is known of a rule.
func (m *Machine) recall(f *function) (*ast.Term, bool) {
	if f.fixed && m.world.data == m.data {
		if r := m.memo.fixed[f.index]; r.epoch != 0 {
			return r.value, true
		}
		if value, known := m.common.recall(f); known {
			m.memo.fixed[f.index] = remembered{epoch: 1, value: value}
			return value, true
		}
	}
	l := &m.memo.levels[m.world.level]
	r := l.values[f.index]
	if r.epoch == l.epoch && r.fault {
		m.faults++ // what is made of it is no more to be relied on than what it was made of
	}
	return r.value, r.epoch == l.epoch
}

// remember keeps the value of a rule. A rule in which a built-in function failed is worked out again for the next input, so that it
// fails for that, too.
func (m *Machine) remember(f *function, value *ast.Term, faultless bool) {
	if f.fixed && faultless && m.world.data == m.data {
		m.memo.fixed[f.index] = remembered{epoch: 1, value: m.common.remember(f, value)}
		return
	}
	l := &m.memo.levels[m.world.level]
	l.values[f.index] = remembered{l.epoch, value, !faultless}
}

// Common keeps the values of rules that read neither input nor parameters, for all worlds in which they are the same. It is safe for
// concurrent use.
type Common struct {
	mutex  sync.Mutex
	values map[string]*ast.Term // nil for an undefined one
}

// NewCommon returns one that knows nothing.
func NewCommon() *Common { return &Common{values: map[string]*ast.Term{}} }

func (c *Common) recall(f *function) (*ast.Term, bool) {
	if c == nil || !f.common {
		return nil, false
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	value, known := c.values[f.name]
	return value, known
}

// remember returns the value that is kept: the first that was found.
func (c *Common) remember(f *function, value *ast.Term) *ast.Term {
	if c == nil || !f.common {
		return value
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if first, known := c.values[f.name]; known {
		return first
	}
	c.values[f.name] = value
	return value
}
