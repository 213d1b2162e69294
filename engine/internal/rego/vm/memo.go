package vm

import (
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Invariant: a value is reused only where evaluating the rule again would return the same: for the very same input and data or, of a rule
// that reads no input, for the data of the environment.

// memo caches the values of rules.
type memo struct {
	invariant []cached // of rules that read no input
	levels    []level  // the first for the input of Begin, and one for each pair of documents in the active "with"s
	used      int
}

// level caches the values of rules for a pair of documents.
type level struct {
	slotted     bool // the input is that of Begin
	input, data *ast.Term
	epoch       uint32
	values      []cached
}

// cached is the value of a rule, nil if it is undefined. It is valid if the epoch is that of its level.
type cached struct {
	epoch  uint32
	value  *ast.Term
	failed bool // a built-in function failed during its evaluation
}

func newMemo(functions int) memo { return memo{invariant: make([]cached, functions)} }

// begin drops all values but those of invariant rules.
func (m *memo) begin(data *ast.Term) {
	m.used = 0
	m.enter(documents{data: data, slotted: true})
}

// enter returns the level of a pair of documents. A new one drops the values that it had for others.
func (m *memo) enter(docs documents) int {
	for i := range m.levels[:m.used] {
		l := &m.levels[i]
		if l.slotted == docs.slotted && l.data == docs.data && (docs.slotted || l.input == docs.input) {
			return i
		}
	}
	if m.used == len(m.levels) {
		m.levels = append(m.levels, level{values: make([]cached, len(m.invariant))})
	}
	l := &m.levels[m.used]
	l.slotted, l.input, l.data = docs.slotted, docs.input, docs.data
	if l.epoch++; l.epoch == 0 {
		clear(l.values)
		l.epoch = 1
	}
	m.used++
	return m.used - 1
}

// recall returns the cached value of a rule, if there is one.
func (m *Machine) recall(f *function) (*ast.Term, bool) {
	if f.invariant && m.docs.data == m.data {
		if r := m.memo.invariant[f.index]; r.epoch != 0 {
			return r.value, true
		}
		if value, known := m.shared.recall(f); known {
			m.memo.invariant[f.index] = cached{epoch: 1, value: value}
			return value, true
		}
	}
	l := &m.memo.levels[m.docs.level]
	r := l.values[f.index]
	if r.epoch == l.epoch && r.failed {
		m.builtinErrs++ // what follows from it is as unreliable
	}
	return r.value, r.epoch == l.epoch
}

// remember caches the value of a rule. A rule in which a built-in function failed is evaluated again for the next input, so that it fails
// there, too.
func (m *Machine) remember(f *function, value *ast.Term, succeeded bool) {
	if f.invariant && succeeded && m.docs.data == m.data {
		m.memo.invariant[f.index] = cached{epoch: 1, value: m.shared.remember(f, value)}
		return
	}
	l := &m.memo.levels[m.docs.level]
	l.values[f.index] = cached{l.epoch, value, !succeeded}
}

// SharedCache caches the values of rules that read neither input nor parameters, for environments that differ in parameters alone. It is
// safe for concurrent use.
type SharedCache struct {
	mutex  sync.Mutex
	values map[string]*ast.Term // nil for an undefined one
}

// NewSharedCache returns an empty cache.
func NewSharedCache() *SharedCache { return &SharedCache{values: map[string]*ast.Term{}} }

func (c *SharedCache) recall(f *function) (*ast.Term, bool) {
	if c == nil || !f.shared {
		return nil, false
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	value, known := c.values[f.name]
	return value, known
}

// remember returns the value that is cached: the first one.
func (c *SharedCache) remember(f *function, value *ast.Term) *ast.Term {
	if c == nil || !f.shared {
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
