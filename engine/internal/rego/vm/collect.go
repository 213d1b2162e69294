package vm

import (
	"github.com/open-policy-agent/opa/v1/ast"
	opair "github.com/open-policy-agent/opa/v1/ir"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/posture-score/posture/engine/internal/rego/limit"
)

// Invariant: a collection is changed only by the call that made it, and not after that call has returned it.

// collection compiles statements that make values and add to collections; nil stands for any other statement.
func (c *compiler) collection(s opair.Stmt) instr {
	switch s := s.(type) {
	case *opair.MakeNullStmt:
		return c.set(s.Target, ast.InternedNullTerm)
	case *opair.MakeNumberIntStmt:
		return c.set(s.Target, integer(s.Value))
	case *opair.MakeNumberRefStmt:
		return c.set(s.Target, c.number(s.Index))
	case *opair.MakeArrayStmt:
		return c.makeArray(s)
	case *opair.MakeObjectStmt:
		return c.make(s.Target, func() ast.Value { return ast.NewObject() })
	case *opair.MakeSetStmt:
		return c.makeSet(s)
	case *opair.ArrayAppendStmt:
		return c.appendTo(s)
	case *opair.ObjectInsertStmt:
		return c.insert(s)
	case *opair.ObjectInsertOnceStmt:
		return c.insertOnce(s)
	case *opair.SetAddStmt:
		return c.add(s)
	case *opair.ObjectMergeStmt:
		return c.merge(s)
	}
	return nil
}

func (c *compiler) make(to opair.Local, empty func() ast.Value) instr {
	target := c.local(to)
	if c.f.nested {
		return func(fr *frame) signal {
			v := empty()
			fr.own(v)
			fr.l[target] = &ast.Term{Value: v}
			return next
		}
	}
	return func(fr *frame) signal {
		fr.l[target] = &ast.Term{Value: empty()}
		return next
	}
}

// makeSet makes a set. Most stay empty: they share one, until something is added.
func (c *compiler) makeSet(s *opair.MakeSetStmt) instr {
	if c.f.nested {
		return c.make(s.Target, func() ast.Value { return ast.NewSet() })
	}
	return c.set(s.Target, ast.InternedEmptySet)
}

// makeArray makes an array. One that is never appended to is a constant.
func (c *compiler) makeArray(s *opair.MakeArrayStmt) instr {
	target := c.local(s.Target)
	i, grows := c.arrays[s.Target]
	if !grows {
		return c.set(s.Target, ast.InternedEmptyArray)
	}
	if o, ok := c.viewedOperand(c.original(s.Target)); ok {
		return makeList(o, s.Capacity)
	}
	return func(fr *frame) signal {
		// A new slice each time: the array made from an earlier one may live on.
		fr.l[target], fr.arrays[i] = nil, make([]*ast.Term, 0, s.Capacity)
		return next
	}
}

func (c *compiler) appendTo(s *opair.ArrayAppendStmt) instr {
	target, value, i := c.local(s.Array), c.operand(s.Value), c.arrays[s.Array]
	if o, ok := c.viewedOperand(c.original(s.Array)); ok {
		return appendToList(o, value)
	}
	return func(fr *frame) signal {
		v := value.get(fr)
		if v == nil {
			return undefined
		}
		if fr.l[target] != nil {
			// It was read already: that array must not grow.
			fr.l[target], fr.arrays[i] = nil, append([]*ast.Term(nil), fr.arrays[i]...)
			fr.m.meter.Keep(int64(len(fr.arrays[i])) * limit.BytesOfElement)
			fr.m.meter.Pay(int64(len(fr.arrays[i])) * limit.WorkOfElement)
		}
		fr.arrays[i] = append(fr.arrays[i], v)
		fr.m.appended(v)
		return next
	}
}

func (c *compiler) insert(s *opair.ObjectInsertStmt) instr {
	target, key, value := c.local(s.Object), c.operand(s.Key), c.operand(s.Value)
	conflict := keysConflict(c.program.plan.Location(s))
	return func(fr *frame) signal {
		k, v := key.get(fr), value.get(fr)
		if k == nil || v == nil {
			return undefined
		}
		object := fr.object(target)
		if object == nil {
			return fr.halt(conflict)
		}
		// Replacing a value rehashes the whole object.
		if object.Get(k) != v {
			fr.m.inserted(k, v)
			object.Insert(k, v)
		}
		return next
	}
}

func (c *compiler) insertOnce(s *opair.ObjectInsertOnceStmt) instr {
	target, key, value := c.local(s.Object), c.operand(s.Key), c.operand(s.Value)
	conflict := keysConflict(c.program.plan.Location(s))
	// Of equal values that are written differently, 1 and 1.0, topdown keeps the first in a rule and the last in a comprehension.
	rule := s.Object == c.f.source.Return
	return func(fr *frame) signal {
		k, v := key.get(fr), value.get(fr)
		if k == nil || v == nil {
			return undefined
		}
		object := fr.object(target)
		if object == nil {
			return fr.halt(conflict)
		}
		before := object.Get(k)
		if before != nil && !fr.m.same(before, v) {
			return fr.halt(conflict)
		}
		if before == nil || !rule {
			fr.m.inserted(k, v)
			object.Insert(k, v)
		}
		return next
	}
}

// appended charges for an element of an array.
func (m *Machine) appended(t *ast.Term) {
	m.meter.Keep(limit.KeptElement(t.Value))
	if !isSmall(t.Value) {
		m.meter.Pay(limit.Hash(t))
	}
}

// inserted charges for a field of an object.
func (m *Machine) inserted(k, v *ast.Term) {
	m.meter.Keep(limit.KeptField(k.Value, v.Value))
	if !isSmall(k.Value) {
		m.meter.Pay(limit.Hash(k))
	}
	if !isSmall(v.Value) {
		m.meter.Pay(limit.Hash(v))
	}
}

func keysConflict(at *ast.Location) error {
	return &topdown.Error{Code: topdown.ConflictErr, Message: "object keys must be unique", Location: at}
}

func (c *compiler) add(s *opair.SetAddStmt) instr {
	target, value := c.local(s.Set), c.operand(s.Value)
	conflict := keysConflict(c.program.plan.Location(s))
	return func(fr *frame) signal {
		v := value.get(fr)
		if v == nil {
			return undefined
		}
		fr.m.meter.Keep(limit.KeptMember(v.Value))
		if !isSmall(v.Value) {
			fr.m.meter.Pay(limit.Hash(v))
		}
		if fr.l[target] == ast.InternedEmptySet {
			fr.l[target] = ast.NewTerm(ast.NewSet(v))
			return next
		}
		set := fr.set(target)
		if set == nil {
			return fr.halt(conflict)
		}
		if limit.IsCollection(v.Value) && set.Len() >= limit.LargeSet {
			fr.m.probe(set, v)
		}
		set.Add(v)
		return next
	}
}

// probe charges for the places of a large set that are tried for a member.
func (m *Machine) probe(set ast.Set, member *ast.Term) {
	p := m.probes[set]
	if p == nil {
		if m.probes == nil {
			m.probes = map[ast.Set]*limit.Probes{}
		}
		p = limit.NewProbes(set)
		m.probes[set] = p
	}
	m.meter.Pay(p.Insert(member.Hash()) * limit.WorkOfProbe)
}

// merge merges a virtual document into a base document, recursively where both are objects; elsewhere the base document wins.
func (c *compiler) merge(s *opair.ObjectMergeStmt) instr {
	a, b, target := c.read1(s.A), c.read1(s.B), c.local(s.Target)
	return func(fr *frame) signal {
		base, virtual := a.get(fr), b.get(fr)
		switch {
		case base == nil && virtual == nil:
			return undefined
		case base == nil:
			base = virtual
		case virtual != nil:
			fr.m.meter.Pay(limit.Hash(base) + limit.Hash(virtual))
			base = merged(base, virtual)
		}
		fr.l[target] = base
		return next
	}
}

func merged(a, b *ast.Term) *ast.Term {
	first, ok1 := a.Value.(ast.Object)
	second, ok2 := b.Value.(ast.Object)
	if !ok1 || !ok2 {
		return a
	}
	result := ast.NewObjectWithCapacity(first.Len() + second.Len())
	first.Foreach(func(k, v *ast.Term) {
		if other := second.Get(k); other != nil {
			v = merged(v, other)
		}
		result.Insert(k, v)
	})
	second.Foreach(func(k, v *ast.Term) {
		if first.Get(k) == nil {
			result.Insert(k, v)
		}
	})
	return ast.NewTerm(result)
}

// own records that a collection was made by this call. Only functions that mutate nested collections record it: the others change nothing
// but what they made.
func (fr *frame) own(v ast.Value) {
	if fr.owned == nil {
		fr.owned = map[ast.Value]bool{}
	}
	fr.owned[v] = true
}

// object returns the object in a register, to be changed: a copy if another call made it; nil if it is no object.
func (fr *frame) object(register int) ast.Object {
	object, ok := fr.l[register].Value.(ast.Object)
	if !ok || !fr.f.nested || fr.owned[object] {
		return object
	}
	mine := ast.NewObjectWithCapacity(object.Len())
	object.Foreach(mine.Insert)
	fr.copied(object.Len())
	fr.adopt(register, mine)
	return mine
}

// set returns the set in a register, to be changed, as object does.
func (fr *frame) set(register int) ast.Set {
	set, ok := fr.l[register].Value.(ast.Set)
	if !ok || !fr.f.nested || fr.owned[set] {
		return set
	}
	mine := ast.NewSetWithCapacity(set.Len())
	set.Foreach(mine.Add)
	fr.copied(set.Len())
	fr.adopt(register, mine)
	return mine
}

// copied charges for a copy of a collection.
func (fr *frame) copied(length int) {
	fr.m.meter.Keep(int64(length) * limit.BytesOfField)
	fr.m.meter.Pay(int64(length) * 4 * limit.WorkOfElement)
}

// adopt puts a collection that this call made into a register.
func (fr *frame) adopt(register int, mine ast.Value) {
	fr.own(mine)
	fr.l[register] = ast.NewTerm(mine)
}

// rebuilt returns a copy of a value whose parts were changed after they were inserted: objects cache the hashes of what they hold.
func (fr *frame) rebuilt(t *ast.Term) *ast.Term {
	if t == nil {
		return nil
	}
	object, ok := t.Value.(ast.Object)
	if !ok || !fr.owned[object] {
		return t
	}
	fresh := ast.NewObjectWithCapacity(object.Len())
	object.Foreach(func(k, v *ast.Term) { fresh.Insert(k, fr.rebuilt(v)) })
	fr.copied(object.Len())
	return ast.NewTerm(fresh)
}
