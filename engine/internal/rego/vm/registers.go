package vm

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
	opair "github.com/open-policy-agent/opa/v1/ir"

	"github.com/posture-score/posture/engine/internal/rego/ir"
)

// Invariant: every read of a local finds what it would find if each local had a register of its own.

// registers are the registers of a function as far as they follow from its statements: OPA's planner copies most values from one local to
// another before it reads them, and makes numbers in locals.
type registers struct {
	alias     map[opair.Local]opair.Local // locals that are copies of others as long as they are read
	constants map[opair.Local]*ast.Term   // locals that hold constants whenever they are read
	viewed    map[opair.Local]int         // locals that may hold views, and their places among those
	lists     map[opair.Local]bool        // locals that hold arrays of views: those whose elements are listed
	lifted    map[opair.Local]bool        // locals that hold the same for every input of an environment, see lift.go
	collected map[opair.Local]bool        // locals that hold no views: the result, and collections that statements add to
}

// assignRegisters finds the registers of a function.
func (c *compiler) assignRegisters() {
	c.registers = registers{alias: map[opair.Local]opair.Local{}, constants: map[opair.Local]*ast.Term{}, viewed: map[opair.Local]int{}, lists: map[opair.Local]bool{}, collected: map[opair.Local]bool{}, lifted: map[opair.Local]bool{}}
	if c.program.partial || c.program.plain || c.f.nested {
		return
	}
	u := &uses{places: make([]place, 1)}
	c.uses = u
	for _, l := range append([]opair.Local{c.f.source.Return}, c.f.params...) {
		u.write(l)
	}
	u.blocks(c.f.source.Blocks)
	for _, d := range u.definitions {
		c.simplify(d, u)
	}
	ir.Walk(c.f.source.Blocks, func(s opair.Stmt) {
		switch s := s.(type) {
		case *opair.ObjectInsertStmt:
			c.registers.collected[s.Object] = true
		case *opair.ObjectInsertOnceStmt:
			c.registers.collected[s.Object] = true
		case *opair.SetAddStmt:
			c.registers.collected[s.Set] = true
		}
	})
	c.listed(u)
	for _, l := range c.f.params[2:] {
		c.mayView(l)
	}
	for grown := true; grown; {
		before := len(c.registers.viewed)
		ir.Walk(c.f.source.Blocks, c.views)
		grown = len(c.registers.viewed) > before
	}
}

// uses says where locals are read and written: at which statements, numbered as they stand.
type uses struct {
	places      []place // of statements, by their numbers; number 0 is what comes before them
	of          []use   // of locals, which are numbered by the planner without many gaps
	numbers     map[opair.Stmt]int
	definitions []definition
	parts       ir.Parts
}

// use is where a local is read and written.
type use struct {
	reads, writes       int
	firstRead, lastRead int
	firstWrite          int
	lastWrite           int
	makes               int // statements that make an array there
}

// place is where a statement stands: the number of the last one of its block, and of the last ones within each statement of the block.
type place struct {
	stmt opair.Stmt
	last int
	ends []int
}

// confined reports whether locals are written once, by a statement or within it, and read only after that, by the rest of its block.
func (u *uses) confined(at int, written ...opair.Local) bool {
	for _, l := range written {
		x := u.local(l)
		if x.writes != 1 || x.reads > 0 && (x.firstRead <= x.lastWrite || x.lastRead > u.places[at].last) {
			return false
		}
	}
	return true
}

// number returns the number of a statement of the function.
func (u *uses) number(s opair.Stmt) int {
	if u.numbers == nil {
		u.numbers = make(map[opair.Stmt]int, len(u.places))
		for at, p := range u.places {
			u.numbers[p.stmt] = at
		}
	}
	return u.numbers[s]
}

// definition is a statement that makes a copy or a constant.
type definition struct {
	at     int
	target opair.Local
}

// local returns the use of a local. It is good until the next one is asked for.
func (u *uses) local(l opair.Local) *use {
	for int(l) >= len(u.of) {
		u.of = append(u.of, make([]use, max(int(l)+1-len(u.of), len(u.of)))...)
	}
	return &u.of[l]
}

// at is the number of the last statement so far: 0 before the first one.
func (u *uses) at() int { return len(u.places) - 1 }

func (u *uses) write(l opair.Local) {
	x := u.local(l)
	if x.writes++; x.writes == 1 {
		x.firstWrite = u.at()
	}
	x.lastWrite = u.at()
}

func (u *uses) read(o opair.Operand) {
	l, ok := o.Value.(opair.Local)
	if !ok {
		return
	}
	x := u.local(l)
	if x.reads++; x.reads == 1 {
		x.firstRead = u.at()
	}
	x.lastRead = u.at()
}

func (u *uses) blocks(list []*opair.Block) {
	for _, b := range list {
		first, ends := len(u.places), make([]int, len(b.Stmts))
		for i, s := range b.Stmts {
			at := len(u.places)
			u.places = append(u.places, place{stmt: s, ends: ends})
			if made, ok := s.(*opair.MakeArrayStmt); ok {
				u.local(made.Target).makes++
			}
			parts := u.parts.Of(s)
			for _, o := range parts.Reads {
				u.read(o)
			}
			for _, l := range parts.Writes {
				u.write(l)
			}
			if target, ok := defines(s); ok {
				u.definitions = append(u.definitions, definition{at: at, target: target})
			}
			u.blocks(slices.Clone(parts.Nested)) // the parts are those of the next statement, then
			ends[i] = u.at()
		}
		at, last := first, u.at()
		for _, end := range ends {
			u.places[at].last = last
			at = end + 1
		}
	}
}

// simplify finds a local that needs no register: it is a copy, or a constant, is written once, and is read by later statements of the same
// block alone, so that whoever reads it comes from there.
func (c *compiler) simplify(d definition, u *uses) {
	if !u.confined(d.at, d.target) {
		return
	}
	switch s := u.places[d.at].stmt.(type) {
	case *opair.MakeNumberRefStmt:
		c.registers.constants[d.target] = c.number(s.Index)
	case *opair.MakeNumberIntStmt:
		c.registers.constants[d.target] = integer(s.Value)
	case *opair.AssignVarStmt:
		from, ok := s.Source.Value.(opair.Local)
		if !ok {
			return
		}
		if source := u.local(from); source.writes == 1 && source.lastWrite < d.at {
			c.registers.alias[d.target] = c.original(from)
		}
	}
}

// defines returns the local that a statement writes which makes a copy or a constant.
func defines(s opair.Stmt) (opair.Local, bool) {
	switch s := s.(type) {
	case *opair.MakeNumberRefStmt:
		return s.Target, true
	case *opair.MakeNumberIntStmt:
		return s.Target, true
	case *opair.AssignVarStmt:
		return s.Target, true
	}
	return 0, false
}

// original returns the local of which one is a copy: itself if it is none.
func (c *compiler) original(l opair.Local) opair.Local {
	for {
		of, ok := c.registers.alias[l]
		if !ok {
			return l
		}
		l = of
	}
}

// vanishes reports whether a statement has nothing left to do.
func (c *compiler) vanishes(s opair.Stmt) bool {
	target, ok := defines(s)
	if !ok {
		return false
	}
	_, copied := c.registers.alias[target]
	_, known := c.registers.constants[target]
	return copied || known
}

// mayView notes that a local may hold a view.
func (c *compiler) mayView(l opair.Local) {
	l = c.original(l)
	if _, known := c.registers.viewed[l]; known {
		return
	}
	if _, grows := c.arrays[l]; grows && !c.registers.lists[l] || c.registers.collected[l] {
		return
	}
	c.registers.viewed[l] = len(c.registers.viewed)
}

// mayBeView reports whether an operand may be a view.
func (c *compiler) mayBeView(o opair.Operand) bool {
	l, ok := o.Value.(opair.Local)
	if !ok {
		return false
	}
	_, may := c.registers.viewed[c.original(l)]
	return may
}

// views notes the locals that a statement may write views to.
func (c *compiler) views(s opair.Stmt) {
	switch s := s.(type) {
	case *opair.DotStmt:
		if s.Source.Value == c.f.params[0] || s.Source.Value == c.f.params[1] || c.mayBeView(s.Source) {
			c.mayView(s.Target)
		}
	case *opair.ScanStmt:
		if c.mayBeView(opair.Operand{Value: s.Source}) {
			c.mayView(s.Value)
		}
	case *opair.AssignVarStmt:
		if c.mayBeView(s.Source) {
			c.mayView(s.Target)
		}
	case *opair.AssignVarOnceStmt:
		if c.mayBeView(s.Source) {
			c.mayView(s.Target)
		}
	case *opair.CallStmt:
		if c.returnsView(s.Func) {
			c.mayView(s.Result)
		}
	case *opair.MakeArrayStmt:
		if c.registers.lists[s.Target] {
			c.mayView(s.Target)
		}
	}
}

// returnsView reports whether what a function returns may be a view. That of a function that was not compiled so far, because it is within
// itself, is not.
func (c *compiler) returnsView(name string) bool {
	if !c.program.plan.Has(name) {
		return operationOf(name) != nil
	}
	f, err := c.program.function(name) // an error is that of the call, which is compiled later
	return err == nil && f.shows
}

// listed notes the arrays that are lists of views: one statement makes the array, others append to it, and nothing reads it before those
// statements of the block that append to it, or have others within them that do, are through.
func (c *compiler) listed(u *uses) {
	for at, p := range u.places {
		made, ok := p.stmt.(*opair.MakeArrayStmt)
		if !ok {
			continue
		}
		x := u.local(made.Target)
		if x.firstWrite != at || x.lastWrite > p.last || x.makes != 1 {
			continue
		}
		through := at // the end of the statement of the block within which the array is appended to last
		for _, end := range p.ends {
			if through = end; end >= x.lastWrite {
				break
			}
		}
		c.registers.lists[made.Target] = x.reads == 0 || x.firstRead > through && x.lastRead <= p.last
	}
}
