package vm

import (
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ir"

	"github.com/posture-score/posture/internal/jsonscan"
)

// Invariant: a part of a document that some evaluation could tell from another is noted as read. Where that is not sure it is, with
// everything in it: too much costs time, too little gives wrong answers.

// Reads is what a program can read.
type Reads struct {
	Input *jsonscan.FieldMask
	Data  *jsonscan.FieldMask
}

// Reads returns what of its input and of the data the program can read.
func (g *Program) Reads() Reads { return g.reads }

// reach finds out what the program can read, and gives every field of the input that is among it a slot.
func (g *Program) reach() {
	g.reads = g.walked(func(*function) bool { return false })
	for _, name := range slices.Sorted(maps.Keys(g.reads.Input.Fields)) {
		g.slot(name)
	}
	g.premises = g.cut()
}

// walked finds out what the program can read but for what goes on in calls of rules that are left out.
func (g *Program) walked(leftOut func(*function) bool) Reads {
	w := &walk{program: g, leftOut: leftOut, flows: make([]flow, len(g.functions)), made: map[ir.Stmt]*place{}, around: map[*ir.ScanStmt]locals{}}
	for i, f := range g.functions {
		w.flows[i] = flow{params: make(locals, f.locals), once: make([]int, f.locals)}
		for _, b := range f.source.Blocks {
			w.count(w.flows[i].once, b, 1)
		}
	}
	input, data := &place{}, &place{}
	for _, f := range g.entries {
		if leftOut(f) {
			continue
		}
		w.pass(&w.flows[f.index], f.params[0], places{input})
		w.pass(&w.flows[f.index], f.params[1], places{data})
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
	return Reads{Input: input.paths(), Data: data.paths()}
}

// locals is where the values of registers come from.
type locals []places

// flow is where the values of one function come from.
type flow struct {
	params  locals
	returns places
	once    []int // how often a register is assigned once: twice if in a loop
}

// walk goes through the statements of a program in their order. A statement that writes a register forgets what was in it; what
// blocks leave in registers is any of what they wrote.
type walk struct {
	search
	program *Program
	leftOut func(*function) bool
	flows   []flow
	made    map[ir.Stmt]*place      // collections, by the statement that makes them
	around  map[*ir.ScanStmt]locals // what a turn of a loop may find that an earlier one left

	flow    *flow
	now     locals
	written []locals // for each block around the statement: all that was written in it
}

func (w *walk) function(f *function) {
	w.flow = &w.flows[f.index]
	w.now, w.written = slices.Clone(w.flow.params), nil
	w.blocks(f.source.Blocks)
}

// blocks follows blocks of which each may end at any statement, before the next one begins.
func (w *walk) blocks(list []*ir.Block) {
	before, written := w.now, w.open()
	for _, b := range list {
		w.now = before.with(written)
		w.block(b)
	}
	w.now = before.with(written)
	w.close()
}

// open begins to note what is written.
func (w *walk) open() locals {
	written := make(locals, len(w.now))
	w.written = append(w.written, written)
	return written
}

func (w *walk) close() { w.written = w.written[:len(w.written)-1] }

// with is what registers hold before or after a block that may have written them.
func (l locals) with(written locals) locals {
	all := slices.Clone(l)
	for local, set := range written {
		if len(set) > 0 {
			all[local] = all[local].and(set)
		}
	}
	return all
}

// write puts a value into a register.
func (w *walk) write(l ir.Local, set places) {
	w.now[l] = set
	if len(set) == 0 {
		return
	}
	for _, written := range w.written {
		written[l] = written[l].and(set)
	}
}

// count counts assignments that compare a second value with the first.
func (w *walk) count(once []int, b *ir.Block, times int) {
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
		w.join(&w.flow.returns, w.local(s.Source))
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
		w.write(s.Target, w.local(s.Target).and(from))
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
		w.insert(s)
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
		w.write(s.Target, w.local(s.A).and(w.local(s.B)))
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

// insert follows a member on its way into an object.
func (w *walk) insert(s *ir.ObjectInsertStmt) {
	if name, ok := w.text(s.Key); ok {
		w.holdNamed(w.local(s.Object), w.operand(s.Value), name)
		return
	}
	w.read(w.operand(s.Key))
	w.hold(w.local(s.Object), w.operand(s.Value))
}

func (w *walk) make(s ir.Stmt, target ir.Local) {
	if w.made[s] == nil {
		w.made[s] = &place{made: true}
	}
	w.write(target, places{w.made[s]})
}

func (w *walk) dot(s *ir.DotStmt) {
	source := w.operand(s.Source)
	if name, ok := w.text(s.Key); ok {
		w.write(s.Target, w.field(source, name))
		return
	}
	key := w.operand(s.Key)
	w.read(key)
	w.write(s.Target, w.elements(source).and(key)) // the key itself, of a set
}

func (w *walk) scan(s *ir.ScanStmt) {
	source := w.local(s.Source)
	var keys places
	for _, p := range source {
		if p.made {
			keys = keys.and(p.held) // of a set
		}
	}
	if w.around[s] == nil {
		w.around[s] = make(locals, len(w.now))
	}
	before, written := w.now, w.open()
	w.now = before.with(w.around[s])
	w.write(s.Key, keys)
	w.write(s.Value, w.elements(source))
	w.block(s.Block)
	w.close()
	for l, set := range written {
		w.join(&w.around[s][l], set)
	}
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
	w.write(s.Local, before.and(value))
	w.blocks([]*ir.Block{s.Block})
	w.write(s.Local, before)
}

func (w *walk) call(s *ir.CallStmt) {
	f := w.program.byName[s.Func]
	if f == nil {
		w.builtin(s)
		return
	}
	if w.leftOut(f) {
		w.write(s.Result, nil)
		return
	}
	into := &w.flows[f.index]
	for i, a := range s.Args {
		w.pass(into, f.params[i], w.operand(a))
	}
	w.write(s.Result, into.returns)
}

// pass hands an argument to a function.
func (w *walk) pass(into *flow, param ir.Local, value places) {
	w.join(&into.params[param], value)
}

func (w *walk) callDynamic(s *ir.CallDynamicStmt) {
	for _, step := range s.Path {
		w.read(w.operand(step))
	}
	var result places
	for _, name := range w.program.plan.dynamic(s).below() {
		f := w.program.byName[name]
		into := &w.flows[f.index]
		for i, a := range s.Args {
			w.pass(into, f.params[i], w.local(a))
		}
		result = result.and(into.returns)
	}
	w.write(s.Result, result)
}

// builtin follows a built-in function: but for a few, it reads all that it is given, and makes something new of it.
func (w *walk) builtin(s *ir.CallStmt) {
	var result places
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
			w.write(s.Result, w.field(w.operand(s.Args[0]), name).and(w.operand(s.Args[2])))
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
		result = result.and(w.operand(a)) // some give back a part of it
	}
	w.write(s.Result, result)
}
