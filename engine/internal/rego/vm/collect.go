package vm

import (
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/ir"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// Invariant: a collection is changed only by the call that made it, and by nobody after that call has given it away.

// collection compiles what makes collections and adds to them; nil if the statement doesn't.
func (c *compiler) collection(s ir.Stmt) op {
	switch s := s.(type) {
	case *ir.MakeNullStmt:
		return c.set(s.Target, ast.InternedNullTerm)
	case *ir.MakeNumberIntStmt:
		return c.set(s.Target, integer(s.Value))
	case *ir.MakeNumberRefStmt:
		return c.set(s.Target, c.program.plan.number(s.Index))
	case *ir.MakeArrayStmt:
		return c.makeArray(s)
	case *ir.MakeObjectStmt:
		return c.make(s.Target, func() ast.Value { return ast.NewObject() })
	case *ir.MakeSetStmt:
		return c.makeSet(s)
	case *ir.ArrayAppendStmt:
		return c.appendTo(s)
	case *ir.ObjectInsertStmt:
		return c.insert(s)
	case *ir.ObjectInsertOnceStmt:
		return c.insertOnce(s)
	case *ir.SetAddStmt:
		return c.add(s)
	case *ir.ObjectMergeStmt:
		return c.merge(s)
	}
	return nil
}

func (c *compiler) make(to ir.Local, empty func() ast.Value) op {
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

// makeSet begins a set. Most stay empty: all of those are the same one, until something is added.
func (c *compiler) makeSet(s *ir.MakeSetStmt) op {
	if c.f.nested {
		return c.make(s.Target, func() ast.Value { return ast.NewSet() })
	}
	return c.set(s.Target, ast.InternedEmptySet)
}

// makeArray begins an array. One that nothing is appended to is made at once.
func (c *compiler) makeArray(s *ir.MakeArrayStmt) op {
	target := c.local(s.Target)
	i, grows := c.arrays[s.Target]
	if !grows {
		return c.set(s.Target, ast.InternedEmptyArray)
	}
	return func(fr *frame) signal {
		// A new slice each time: the array that an earlier one became may live on.
		fr.l[target], fr.arrays[i] = nil, make([]*ast.Term, 0, s.Capacity)
		return next
	}
}

func (c *compiler) appendTo(s *ir.ArrayAppendStmt) op {
	target, value, i := c.local(s.Array), c.operand(s.Value), c.arrays[s.Array]
	return func(fr *frame) signal {
		v := value.get(fr)
		if v == nil {
			return undefined
		}
		if fr.l[target] != nil {
			// It was read already: what it became must not grow.
			fr.l[target], fr.arrays[i] = nil, append([]*ast.Term(nil), fr.arrays[i]...)
		}
		fr.arrays[i] = append(fr.arrays[i], v)
		return next
	}
}

func (c *compiler) insert(s *ir.ObjectInsertStmt) op {
	target, key, value := c.local(s.Object), c.operand(s.Key), c.operand(s.Value)
	at := c.program.plan.place(s.GetLocation())
	return func(fr *frame) signal {
		k, v := key.get(fr), value.get(fr)
		if k == nil || v == nil {
			return undefined
		}
		object := fr.object(target)
		if object == nil {
			return fr.halt(keysConflict(at))
		}
		// Putting a value in the place of another costs hashing all of them.
		if object.Get(k) != v {
			object.Insert(k, v)
		}
		return next
	}
}

func (c *compiler) insertOnce(s *ir.ObjectInsertOnceStmt) op {
	target, key, value := c.local(s.Object), c.operand(s.Key), c.operand(s.Value)
	conflict := keysConflict(c.program.plan.place(s.GetLocation()))
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
		if before != nil && !same(before, v) {
			return fr.halt(conflict)
		}
		if before == nil || !rule {
			object.Insert(k, v)
		}
		return next
	}
}

func keysConflict(at *ast.Location) error {
	return &topdown.Error{Code: topdown.ConflictErr, Message: "object keys must be unique", Location: at}
}

func (c *compiler) add(s *ir.SetAddStmt) op {
	target, value := c.local(s.Set), c.operand(s.Value)
	conflict := keysConflict(c.program.plan.place(s.GetLocation()))
	return func(fr *frame) signal {
		v := value.get(fr)
		if v == nil {
			return undefined
		}
		if fr.l[target] == ast.InternedEmptySet {
			fr.l[target] = ast.NewTerm(ast.NewSet(v))
			return next
		}
		set := fr.set(target)
		if set == nil {
			return fr.halt(conflict)
		}
		set.Add(v)
		return next
	}
}

// merge puts what rules say over what documents say, object into object; where only one of them can be, it is the document.
func (c *compiler) merge(s *ir.ObjectMergeStmt) op {
	a, b, target := c.read1(s.A), c.read1(s.B), c.local(s.Target)
	return func(fr *frame) signal {
		base, virtual := a.get(fr), b.get(fr)
		switch {
		case base == nil && virtual == nil:
			return undefined
		case base == nil:
			base = virtual
		case virtual != nil:
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

// own notes that a collection was made by this call. Only functions that change collections within others keep book: elsewhere what
// is changed was always made here.
func (fr *frame) own(v ast.Value) {
	if fr.owned == nil {
		fr.owned = map[ast.Value]bool{}
	}
	fr.owned[v] = true
}

// object returns the object in a register to be changed: a copy if it is not this call's own; nil if it is no object.
func (fr *frame) object(register int) ast.Object {
	object, ok := fr.l[register].Value.(ast.Object)
	if !ok || !fr.f.nested || fr.owned[object] {
		return object
	}
	mine := ast.NewObjectWithCapacity(object.Len())
	object.Foreach(mine.Insert)
	fr.adopt(register, mine)
	return mine
}

// set returns the set in a register to be changed, as object does.
func (fr *frame) set(register int) ast.Set {
	set, ok := fr.l[register].Value.(ast.Set)
	if !ok || !fr.f.nested || fr.owned[set] {
		return set
	}
	mine := ast.NewSetWithCapacity(set.Len())
	set.Foreach(mine.Add)
	fr.adopt(register, mine)
	return mine
}

// adopt puts a collection of this call into a register.
func (fr *frame) adopt(register int, mine ast.Value) {
	fr.own(mine)
	fr.l[register] = ast.NewTerm(mine)
}

// rebuilt returns a value whose parts were changed after they were put into it, so that it knows what is in it: objects keep hashes
// of what they hold.
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
	return ast.NewTerm(fresh)
}
