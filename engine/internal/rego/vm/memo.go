package vm

import (
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/limit"
	"github.com/posture-score/posture/engine/internal/rego/term"
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
	view   *term.View   // in place of the value, for one evaluation alone
	failed bool         // a built-in function failed during its evaluation
	limit  *limit.Error // it exceeds a limit
	bytes  int64        // that were made for it and for what it uses
	user   uint64       // the evaluation that was charged for them last
	only   uint64       // the evaluation for which it is valid; 0 for all
}

func newMemo(functions int) memo { return memo{invariant: make([]cached, functions)} }

// begin drops all values but those of invariant rules.
func (m *memo) begin(data *ast.Term) {
	m.used = 0
	m.enter(documents{data: data, slotted: true})
}

// release drops all values.
func (m *memo) release() {
	clear(m.invariant)
	for i := range m.levels {
		clear(m.levels[i].values)
		m.levels[i] = level{values: m.levels[i].values}
	}
	m.used = 0
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

// recall returns the cached value of a rule, if there is one. The evaluation has to end if ok is false.
func (m *Machine) recall(f *function) (value *ast.Term, known, ok bool) {
	if f.invariant && m.docs.data == m.data {
		r := &m.memo.invariant[f.index]
		if r.epoch == 0 {
			if found, known := m.cacheOf(f).recall(f); known {
				*r = found
			}
		}
		switch {
		case r.limit != nil:
			return nil, true, m.fail(r.limit)
		case r.epoch != 0:
			m.use(r, f.index)
			return r.value, true, true
		}
	}
	l := &m.memo.levels[m.docs.level]
	r := &l.values[f.index]
	if r.epoch != l.epoch {
		return nil, false, true
	}
	if r.failed {
		m.builtinErrs++ // what follows from it is as unreliable
	}
	if r.view != nil {
		r.value = m.box(r.view)
	}
	m.use(r, f.index)
	return r.value, true, true
}

// remember caches the value of a rule for the input.
func (m *Machine) remember(f *function, value *ast.Term, succeeded bool) {
	l := &m.memo.levels[m.docs.level]
	l.values[f.index] = cached{epoch: l.epoch, value: value, failed: !succeeded}
}

// rememberApart caches the value of a rule that reads no input, and returns what is cached. A rule in which a built-in function failed is
// evaluated again for the next input, so that it fails there, too; so is one that made more than can be kept.
func (m *Machine) rememberApart(f *function, value *ast.Term, bytes int64, succeeded bool) *ast.Term {
	r := cached{epoch: 1, value: value, failed: !succeeded, bytes: bytes}
	kept := &m.memo.invariant[f.index]
	if succeeded {
		r = m.cacheOf(f).remember(f, r, m.meter.Limit())
	}
	if !succeeded || !m.keeps(bytes) {
		l := &m.memo.levels[m.docs.level]
		kept, r.epoch = &l.values[f.index], l.epoch
	}
	*kept = r
	m.use(kept, f.index)
	return r.value
}

// rememberExceeded remembers that a rule that reads no input exceeds a limit: it would for each other input.
func (m *Machine) rememberExceeded(f *function, exceeded *limit.Error) {
	r := cached{epoch: 1, limit: exceeded}
	m.memo.invariant[f.index] = m.cacheOf(f).remember(f, r, m.meter.Limit())
}

// cacheOf returns the cache of a rule for machines of other programs and goroutines; nil if it has none.
func (m *Machine) cacheOf(f *function) *SharedCache {
	switch {
	case !f.shared:
		return nil
	case f.varies:
		return m.own
	}
	return m.shared
}

// SharedCache caches the values of rules that read no input, for machines of one environment or, of those that read no parameters either,
// of environments that differ in parameters alone. It is safe for concurrent use.
type SharedCache struct {
	mutex    sync.Mutex
	values   map[string]cached
	retained int64 // bytes of them
}

// NewSharedCache returns an empty cache.
func NewSharedCache() *SharedCache { return &SharedCache{values: map[string]cached{}} }

func (c *SharedCache) recall(f *function) (cached, bool) {
	if c == nil {
		return cached{}, false
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	value, known := c.values[f.name]
	return value, known
}

// remember returns the value that is cached: the first one. At most so many bytes are kept.
func (c *SharedCache) remember(f *function, value cached, limit int64) cached {
	if c == nil {
		return value
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if first, known := c.values[f.name]; known {
		return first
	}
	if c.retained+value.bytes <= limit {
		c.retained += value.bytes
		c.values[f.name] = value
	}
	return value
}
