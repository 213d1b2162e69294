package vm

import (
	"encoding/binary"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/limit"
)

// Invariant: a call is recalled only if nothing that its function can tell is different: see [dataflow.Graph.MemberArgument].

// Bounds of what is remembered of a function.
const (
	maxMemberCalls = 4096
	maxMemberBytes = 16 << 20
	maxMemberKey   = 512     // bytes of one
	maxMembers     = 1 << 16 // strings in the sets of the other arguments
)

// memberCalls remembers the calls of a function that only intersects sets in one of its arguments with sets in the others, for the last
// values of those. A mailbox has addresses that no other one has, and most rules name none of them.
type memberCalls struct {
	argument int         // with the sets
	others   []*ast.Term // the other arguments; nil in place of that one
	numbers  map[string]uint32
	known    map[string]memberCall
	held     int64 // bytes that they made
	key      []byte
	off      bool
	asked    int
	misses   int
	changes  int // of the other arguments
}

// memberCall is a call that is remembered.
type memberCall struct {
	value *ast.Term
	cost  limit.Meter
}

func newMemberCalls(f *function) *memberCalls {
	return &memberCalls{argument: f.members, others: make([]*ast.Term, len(f.params)-2)}
}

// recallMembers returns the value of a call that can't be told from one that is remembered, and calls the function otherwise.
func (m *Machine) recallMembers(c *memberCalls, f *function, args []operand, caller *frame) (value *ast.Term, ok bool) {
	c.asked++
	if !c.prepared(args, caller) || !c.keyOf(args[c.argument].get(caller)) {
		return m.evaluate(f, args, caller)
	}
	if known, is := c.known[string(c.key)]; is {
		return known.value, m.charge(known.cost) == next
	}
	errs, uses, before := m.builtinErrs, m.uses, m.meter
	value, ok = m.evaluate(f, args, caller)
	if cost := m.meter.Since(before); ok && m.builtinErrs == errs && m.uses == uses {
		c.remember(memberCall{value, cost})
	}
	return value, ok
}

// remember adds a call whose key was just asked for. A full memory that mostly misses is given up.
func (c *memberCalls) remember(call memberCall) {
	c.misses++
	switch {
	case len(c.known) < maxMemberCalls && c.held+call.cost.Bytes <= maxMemberBytes:
		c.held += call.cost.Bytes
		c.known[string(c.key)] = call
	case c.misses*2 > c.asked:
		*c = memberCalls{off: true}
	}
}

// prepared reports whether the other arguments are those that calls are remembered for. It takes them from the second call on that has
// the same ones: they have to stay for a while.
func (c *memberCalls) prepared(args []operand, caller *frame) bool {
	changed := false
	for i := range args {
		if i == c.argument {
			continue
		}
		if t := args[i].get(caller); t != c.others[i] {
			c.others[i], changed = t, true
		}
	}
	if changed {
		c.numbers, c.known, c.held = nil, nil, 0
		if c.changes++; c.asked >= callTrial && c.changes*callShare > c.asked {
			*c = memberCalls{off: true}
		}
		return false
	}
	if c.numbers == nil {
		c.numbers, c.known = map[string]uint32{}, map[string]memberCall{}
		for _, t := range c.others {
			if t != nil && !c.number(t.Value) {
				*c = memberCalls{off: true}
				return false
			}
		}
	}
	return true
}

// number numbers the strings in all sets in a value. It reports whether they are not too many.
func (c *memberCalls) number(v ast.Value) bool {
	switch v := v.(type) {
	case *ast.Array:
		return !v.Until(func(t *ast.Term) bool { return !c.number(t.Value) })
	case ast.Object:
		return !v.Until(func(k, t *ast.Term) bool { return !c.number(k.Value) || !c.number(t.Value) })
	case ast.Set:
		return !slices.ContainsFunc(v.Slice(), func(t *ast.Term) bool {
			text, ok := t.Value.(ast.String)
			if !ok {
				return !c.number(t.Value)
			}
			if _, known := c.numbers[string(text)]; !known {
				c.numbers[string(text)] = uint32(len(c.numbers)) //nolint:gosec // there are few
			}
			return len(c.numbers) > maxMembers
		})
	}
	return true
}

// keyOf makes the key of a call: what its sets have in common with the others, and how large they are. There is none for an argument of
// another form.
func (c *memberCalls) keyOf(t *ast.Term) bool {
	object, ok := t.Value.(ast.Object)
	if !ok {
		return false
	}
	c.key = c.key[:0]
	other := object.Until(func(name, value *ast.Term) bool {
		text, ok := name.Value.(ast.String)
		set, is := value.Value.(ast.Set)
		if !ok || !is || len(c.key) > maxMemberKey {
			return true
		}
		c.key = append(binary.AppendUvarint(c.key, uint64(len(text))), text...)
		c.key = binary.AppendUvarint(c.key, uint64(set.Len())) //nolint:gosec // a length
		return !c.appendCommon(set)
	})
	return !other && len(c.key) <= maxMemberKey
}

// appendCommon appends how many members of a set are numbered, and their numbers. It reports whether all members are strings.
func (c *memberCalls) appendCommon(set ast.Set) bool {
	at, common := len(c.key), uint32(0)
	c.key = binary.LittleEndian.AppendUint32(c.key, 0)
	for _, t := range set.Slice() {
		text, ok := t.Value.(ast.String)
		if !ok {
			return false
		}
		if number, known := c.numbers[string(text)]; known {
			c.key = binary.LittleEndian.AppendUint32(c.key, number)
			common++
		}
	}
	binary.LittleEndian.PutUint32(c.key[at:], common)
	return true
}
