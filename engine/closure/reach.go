package closure

import (
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ir"

	"github.com/posture-score/posture/evidence/projection"
)

// Invariant: a part of a document that some evaluation could tell from another is noted as read. Where that is not sure it is, with
// everything in it: too much costs time, too little gives wrong answers.

// Reads is what a program can read.
type Reads struct {
	Input *projection.Paths
	Data  *projection.Paths
}

// Reads returns what of its input and of the data the program can read.
func (g *Program) Reads() Reads { return g.reads }

// reach finds out what the program can read, and gives every field of the input that is among it a slot.
func (g *Program) reach() {
	w := &walk{program: g, flows: make([]flow, len(g.functions)), made: map[ir.Stmt]*place{}, around: map[*ir.ScanStmt]locals{}}
	for i, f := range g.functions {
		w.flows[i] = flow{params: locals{}, returns: places{}, once: map[ir.Local]int{}}
		for _, b := range f.source.Blocks {
			w.count(w.flows[i].once, b, 1)
		}
	}
	input, data := &place{}, &place{}
	for _, f := range g.entries {
		w.pass(&w.flows[f.index], f.params[0], places{input: true})
		w.pass(&w.flows[f.index], f.params[1], places{data: true})
	}
	for w.changed = true; w.changed; {
		w.changed = false
		for _, f := range g.functions {
			w.function(f)
		}
		for _, f := range g.entries {
			w.read(w.flows[f.index].returns)
		}
	}
	g.reads = Reads{Input: input.paths(), Data: data.paths()}
	for _, name := range slices.Sorted(maps.Keys(g.reads.Input.Fields)) {
		g.slot(name)
	}
}

// locals is where the values of registers come from.
type locals map[ir.Local]places

// flow is where the values of one function come from.
type flow struct {
	params  locals
	returns places
	once    map[ir.Local]int // how often a register is assigned once: twice if in a loop
}

// walk goes through the statements of a program in their order. A statement that writes a register forgets what was in it; what
// blocks leave in registers is any of what they wrote.
type walk struct {
	search
	program *Program
	flows   []flow
	made    map[ir.Stmt]*place      // collections, by the statement that makes them
	around  map[*ir.ScanStmt]locals // what a turn of a loop may find that an earlier one left

	flow    *flow
	now     locals
	written []locals // for each block around the statement: all that was written in it
}

func (w *walk) function(f *function) {
	w.flow = &w.flows[f.index]
	w.now, w.written = locals{}, nil
	for l, set := range w.flow.params {
		w.now[l] = set
	}
	w.blocks(f.source.Blocks)
}

// blocks follows blocks of which each may end at any statement, before the next one begins.
func (w *walk) blocks(list []*ir.Block) {
	before := w.now
	w.written = append(w.written, locals{})
	for _, b := range list {
		w.now = before.with(w.written[len(w.written)-1])
		w.block(b)
	}
	written := w.written[len(w.written)-1]
	w.written = w.written[:len(w.written)-1]
	w.now = before.with(written)
}

// with is what registers hold before or after a block that may have written them.
func (l locals) with(written locals) locals {
	all := make(locals, len(l)+len(written))
	for local, set := range l {
		all[local] = set
	}
	for local, set := range written {
		both := places{}
		maps.Copy(both, all[local])
		maps.Copy(both, set)
		all[local] = both
	}
	return all
}

// add puts more into registers, and says whether that was news.
func (l locals) add(more locals) (grown bool) {
	for local, set := range more {
		if l[local] == nil {
			l[local] = places{}
		}
		before := len(l[local])
		maps.Copy(l[local], set)
		grown = grown || len(l[local]) > before
	}
	return grown
}

// write puts a value into a register.
func (w *walk) write(l ir.Local, set places) {
	w.now[l] = set
	for _, written := range w.written {
		if written[l] == nil {
			written[l] = places{}
		}
		maps.Copy(written[l], set)
	}
}

// count counts assignments that compare a second value with the first.
func (w *walk) count(once map[ir.Local]int, b *ir.Block, times int) {
	for _, s := range b.Stmts {
		switch s := s.(type) {
		case *ir.AssignVarOnceStmt:
			once[s.Target] += times
		case *ir.BlockStmt:
			for _, b := range s.Blocks {
				w.count(once, b, times)
			}
		case *ir.ScanStmt:
			w.count(once, s.Block, 2)
		case *ir.NotStmt:
			w.count(once, s.Block, times)
		case *ir.WithStmt:
			w.count(once, s.Block, times)
		}
	}
}

func (w *walk) local(l ir.Local) places { return w.now[l] }

// operand returns where a value comes from: nowhere if it is a constant.
func (w *walk) operand(o ir.Operand) places {
	if l, ok := o.Value.(ir.Local); ok {
		return w.local(l)
	}
	return nil
}

// text returns a constant string.
func (w *walk) text(o ir.Operand) (string, bool) {
	i, ok := o.Value.(ir.StringIndex)
	if !ok {
		return "", false
	}
	return w.program.plan.string(i), true
}

func (w *walk) block(b *ir.Block) {
	for _, s := range b.Stmts {
		w.statement(s)
	}
}

func (w *walk) statement(s ir.Stmt) {
	switch s := s.(type) {
	case *ir.BlockStmt:
		w.blocks(s.Blocks)
	case *ir.NotStmt:
		w.blocks([]*ir.Block{s.Block})
	case *ir.ScanStmt:
		w.scan(s)
	case *ir.WithStmt:
		w.with(s)
	case *ir.CallStmt:
		w.call(s)
	case *ir.CallDynamicStmt:
		w.callDynamic(s)
	case *ir.ReturnLocalStmt:
		w.join(w.flow.returns, w.local(s.Source))
	case *ir.ResultSetAddStmt:
		w.read(w.local(s.Value))
	default:
		w.value(s)
	}
}

// value follows what moves values about.
func (w *walk) value(s ir.Stmt) {
	switch s := s.(type) {
	case *ir.DotStmt:
		w.dot(s)
	case *ir.LenStmt:
		w.elements(w.operand(s.Source))
		w.write(s.Target, nil)
	case *ir.EqualStmt:
		w.equal(s.A, s.B)
	case *ir.NotEqualStmt:
		w.equal(s.A, s.B)
	case *ir.AssignVarStmt:
		w.write(s.Target, w.operand(s.Source))
	case *ir.AssignVarOnceStmt:
		from := w.operand(s.Source)
		w.write(s.Target, union(w.local(s.Target), from))
		if w.flow.once[s.Target] > 1 {
			w.read(from) // a second value is compared with the first
		}
	case *ir.MakeArrayStmt:
		w.make(s, s.Target)
	case *ir.MakeObjectStmt:
		w.make(s, s.Target)
	case *ir.MakeSetStmt:
		w.make(s, s.Target)
	case *ir.ArrayAppendStmt:
		w.hold(w.local(s.Array), w.operand(s.Value))
	case *ir.ObjectInsertStmt:
		w.read(w.operand(s.Key))
		w.hold(w.local(s.Object), w.operand(s.Value))
	case *ir.ObjectInsertOnceStmt:
		w.read(w.operand(s.Key))
		w.read(w.operand(s.Value))
		w.hold(w.local(s.Object), w.operand(s.Value))
	case *ir.SetAddStmt:
		w.read(w.operand(s.Value)) // whether it is in the set already
		w.hold(w.local(s.Set), w.operand(s.Value))
	case *ir.ObjectMergeStmt:
		w.read(w.local(s.A))
		w.read(w.local(s.B))
		w.write(s.Target, union(w.local(s.A), w.local(s.B)))
	case *ir.ResetLocalStmt:
		w.write(s.Target, nil)
	case *ir.MakeNullStmt:
		w.write(s.Target, nil)
	case *ir.MakeNumberIntStmt:
		w.write(s.Target, nil)
	case *ir.MakeNumberRefStmt:
		w.write(s.Target, nil)
	case *ir.AssignIntStmt:
		w.write(s.Target, nil)
	}
	// The rest looks at types and presence alone.
}

// union is all places of several sets.
func union(sets ...places) places {
	all := places{}
	for _, set := range sets {
		maps.Copy(all, set)
	}
	return all
}

func (w *walk) make(s ir.Stmt, target ir.Local) {
	if w.made[s] == nil {
		w.made[s] = &place{made: true, held: places{}}
	}
	w.write(target, places{w.made[s]: true})
}

func (w *walk) dot(s *ir.DotStmt) {
	source := w.operand(s.Source)
	if name, ok := w.text(s.Key); ok {
		w.write(s.Target, w.field(source, name))
		return
	}
	key := w.operand(s.Key)
	w.read(key)
	w.write(s.Target, union(w.elements(source), key)) // the key itself, of a set
}

func (w *walk) scan(s *ir.ScanStmt) {
	source := w.local(s.Source)
	keys := places{}
	for p := range source {
		if p.made {
			maps.Copy(keys, p.held) // of a set
		}
	}
	before := w.now
	w.now = before.with(w.around[s])
	w.written = append(w.written, locals{})
	w.write(s.Key, keys)
	w.write(s.Value, w.elements(source))
	w.block(s.Block)
	written := w.written[len(w.written)-1]
	w.written = w.written[:len(w.written)-1]
	if w.around[s] == nil {
		w.around[s] = locals{}
	}
	w.changed = w.around[s].add(written) || w.changed
	w.now = before.with(written)
}

// equal follows a comparison: with a constant scalar, nothing within the other value matters.
func (w *walk) equal(a, b ir.Operand) {
	_, ok1 := a.Value.(ir.Local)
	_, ok2 := b.Value.(ir.Local)
	if ok1 && ok2 {
		w.read(w.operand(a))
		w.read(w.operand(b))
	}
}

// with follows a document that stands for another, or for a part of it: there it counts as read.
func (w *walk) with(s *ir.WithStmt) {
	value := w.operand(s.Value)
	before := w.local(s.Local)
	if len(s.Path) > 0 {
		w.read(value)
		value = nil
	}
	w.write(s.Local, union(before, value))
	w.blocks([]*ir.Block{s.Block})
	w.write(s.Local, before)
}

func (w *walk) call(s *ir.CallStmt) {
	f := w.program.byName[s.Func]
	if f == nil {
		w.builtin(s)
		return
	}
	into := &w.flows[f.index]
	for i, a := range s.Args {
		w.pass(into, f.params[i], w.operand(a))
	}
	w.write(s.Result, union(into.returns))
}

// pass hands an argument to a function.
func (w *walk) pass(into *flow, param ir.Local, value places) {
	if into.params[param] == nil {
		into.params[param] = places{}
	}
	w.join(into.params[param], value)
}

func (w *walk) callDynamic(s *ir.CallDynamicStmt) {
	for _, step := range s.Path {
		w.read(w.operand(step))
	}
	result := places{}
	for _, name := range w.program.plan.dynamic(s).below() {
		f := w.program.byName[name]
		into := &w.flows[f.index]
		for i, a := range s.Args {
			w.pass(into, f.params[i], w.local(a))
		}
		maps.Copy(result, into.returns)
	}
	w.write(s.Result, result)
}

// builtin follows a built-in function: but for a few, it reads all that it is given, and makes something new of it.
func (w *walk) builtin(s *ir.CallStmt) {
	result := places{}
	switch s.Func {
	case "is_array", "is_boolean", "is_null", "is_number", "is_object", "is_set", "is_string", "type_name":
		w.write(s.Result, result)
		return
	case "count", "object.keys":
		w.elements(w.operand(s.Args[0]))
		w.write(s.Result, result)
		return
	case "object.get":
		if name, ok := w.text(s.Args[1]); ok {
			w.write(s.Result, union(w.field(w.operand(s.Args[0]), name), w.operand(s.Args[2])))
			return
		}
	case "internal.member_2":
		if _, ok := w.text(s.Args[0]); ok {
			w.elements(w.operand(s.Args[1]))
			w.write(s.Result, result)
			return
		}
	}
	for _, a := range s.Args {
		w.read(w.operand(a))
		maps.Copy(result, w.operand(a)) // some give back a part of it
	}
	w.write(s.Result, result)
}
