package dataflow

import (
	"slices"

	opair "github.com/open-policy-agent/opa/v1/ir"

	"github.com/posture-score/posture/engine/internal/rego/ir"
	"github.com/posture-score/posture/internal/jsonscan"
)

// Invariant: a part of a document that could change any result is in the access paths. Where that is not certain the part is, with
// everything in it: too much costs time, too little gives wrong results.

// AccessPaths are the parts of the input and of data that rules can read.
type AccessPaths struct {
	Input *jsonscan.FieldMask
	Data  *jsonscan.FieldMask
}

// Summary is what an analysis found out about a program.
type Summary struct {
	Fields      []string // of the input, by slot; all that the program can read, unless AccessPaths says that it is read whole
	AccessPaths AccessPaths
	Frontier    Frontier
	Domain      Domain
	Pure        bool // see [Graph.Pure]
}

// Summarize analyzes the graph.
func (g *Graph) Summarize() Summary {
	paths := g.accessPaths(func(string) bool { return false })
	return Summary{AccessPaths: paths, Frontier: g.frontier(paths), Domain: g.domain(), Pure: g.Pure()}
}

// accessPaths returns what the entry points can read, leaving out what the excluded functions read.
func (g *Graph) accessPaths(excluded func(string) bool) AccessPaths {
	a := newAnalysis(g, excluded, false)
	input, data := a.run()
	return AccessPaths{Input: input.mask(), Data: data.mask()}
}

// env is the locations of the values of a function's locals.
type env []locSet

// state is what an analysis knows of a function.
type state struct {
	params  env
	names   map[opair.Local]*names // of an exact analysis: the constant strings that parameters and other locals may be
	returns locSet
	once    []int // how many AssignVarOnce statements write a local: counted twice in a loop

	definitions *definitions // nil until they are needed (predicate.go)
}

// names is the constant strings that a local may be. It may be anything if it is mixed.
type names struct {
	texts []string
	mixed bool
}

// analysis propagates locations through the statements of all functions, in their order, until nothing changes. It is interprocedural and
// flow-sensitive: a statement that writes a local replaces its locations, and after a block a local may hold any of what it wrote.
type analysis struct {
	heap
	graph    *Graph
	excluded func(name string) bool
	states   []state                                    // by function
	sites    map[opair.Stmt]*loc                        // allocation sites
	carried  map[*opair.ScanStmt]map[opair.Local]locSet // what an iteration of a loop may find that an earlier one wrote
	accesses map[opair.Stmt]locSet                      // of an exact analysis: the objects of which a statement reads a constant field
	loops    map[*opair.ScanStmt]loop                   // of a comparing analysis

	parts    ir.Parts
	function *opair.Func
	state    *state
	now      env
	frames   []*frame // of the enclosing blocks
}

// frame notes the locals that are written in some blocks. It costs what is written, however many locals there are.
type frame struct {
	before  map[opair.Local]locSet // what they held before
	written map[opair.Local]locSet // all that was written to them
	dirty   map[opair.Local]bool   // those that hold what the last block wrote
}

func newAnalysis(g *Graph, excluded func(string) bool, exact bool) *analysis {
	a := &analysis{
		heap: newHeap(exact), graph: g, excluded: excluded, states: make([]state, len(g.functions)), sites: map[opair.Stmt]*loc{},
		carried: map[*opair.ScanStmt]map[opair.Local]locSet{}, accesses: map[opair.Stmt]locSet{}, loops: map[*opair.ScanStmt]loop{},
	}
	for i, f := range g.functions {
		n := locals(f)
		a.states[i] = state{params: make(env, n), names: map[opair.Local]*names{}, once: make([]int, n)}
		countOnce(a.states[i].once, f.Blocks)
	}
	return a
}

// locals returns how many locals a function has.
func locals(f *opair.Func) int {
	most := f.Return
	count := func(l opair.Local) { most = max(most, l) }
	for _, l := range f.Params {
		count(l)
	}
	var parts ir.Parts
	ir.Walk(f.Blocks, func(s opair.Stmt) {
		parts.Of(s)
		for _, l := range parts.Writes {
			count(l)
		}
		for _, o := range parts.Reads {
			if l, ok := o.Value.(opair.Local); ok {
				count(l)
			}
		}
	})
	return int(most) + 1
}

// countOnce counts assignments that compare a second value with the first.
func countOnce(once []int, blocks []*opair.Block) {
	ir.Walk(blocks, func(s opair.Stmt) {
		switch s := s.(type) {
		case *opair.AssignVarOnceStmt:
			once[s.Target]++
		case *opair.ScanStmt:
			countOnce(once, []*opair.Block{s.Block}) // again, since Walk visits them as well
		}
	})
}

// run iterates to a fixpoint, and returns the locations of the input and of data.
func (a *analysis) run() (input, data *loc) {
	input, data = &loc{name: "input"}, &loc{name: "data"}
	entries := slices.DeleteFunc(slices.Clone(a.graph.entries), func(f *opair.Func) bool { return a.excluded(f.Name) })
	for _, f := range entries {
		callee := a.callee(f.Name)
		a.join(&callee.params[f.Params[0]], locSet{input})
		a.join(&callee.params[f.Params[1]], locSet{data})
	}
	for a.changed = true; a.changed; {
		a.changed = false
		for i, f := range a.graph.functions {
			a.state, a.function = &a.states[i], f
			a.now, a.frames = slices.Clone(a.state.params), nil
			a.blocks(f.Blocks)
		}
		for _, f := range a.graph.entries {
			a.read(a.callee(f.Name).returns)
		}
	}
	return input, data
}

func (a *analysis) callee(name string) *state { return &a.states[a.graph.index[name]] }

// blocks analyzes blocks of which each may end at any statement, before the next one begins.
func (a *analysis) blocks(list []*opair.Block) {
	f := a.open()
	for _, b := range list {
		a.block(b)
		a.rejoin(f)
	}
	a.close()
}

func (a *analysis) block(b *opair.Block) {
	for i, s := range b.Stmts {
		a.control(s)
		if a.comparing {
			a.narrow(b.Stmts, i)
		}
	}
}

// open begins to note what is written.
func (a *analysis) open() *frame {
	f := &frame{before: map[opair.Local]locSet{}, written: map[opair.Local]locSet{}, dirty: map[opair.Local]bool{}}
	a.frames = append(a.frames, f)
	return f
}

func (a *analysis) close() { a.frames = a.frames[:len(a.frames)-1] }

// rejoin says what locals hold after a block that may have written them.
func (a *analysis) rejoin(f *frame) {
	for l := range f.dirty {
		a.now[l] = f.before[l].union(f.written[l])
	}
	clear(f.dirty)
}

// note notes, before a local is written, what it held before the blocks around.
func (a *analysis) note(l opair.Local) {
	held := a.now[l]
	for _, f := range slices.Backward(a.frames) {
		if before, ok := f.before[l]; ok {
			held = before
		} else {
			f.before[l] = held
		}
		f.dirty[l] = true
	}
}

// write writes a value that is no known string to a local.
func (a *analysis) write(l opair.Local, set locSet) {
	if known := a.state.names[l]; known != nil && !known.mixed {
		known.mixed, a.changed = true, true
	}
	a.set(l, set)
}

// set replaces the locations of a local.
func (a *analysis) set(l opair.Local, set locSet) {
	a.note(l)
	a.now[l] = set
	if len(set) == 0 {
		return
	}
	for _, f := range a.frames {
		f.written[l] = f.written[l].union(set)
	}
}

// operand returns the locations of a value: none of a constant.
func (a *analysis) operand(o opair.Operand) locSet {
	if l, ok := o.Value.(opair.Local); ok {
		return a.now[l]
	}
	return nil
}

// control is the transfer function of statements that direct the evaluation; the others are in value.
func (a *analysis) control(s opair.Stmt) {
	switch s := s.(type) {
	case *opair.BlockStmt:
		a.blocks(s.Blocks)
	case *opair.NotStmt:
		a.blocks([]*opair.Block{s.Block})
	case *opair.ScanStmt:
		a.scan(s)
	case *opair.WithStmt:
		a.with(s)
	case *opair.CallStmt:
		a.call(s)
	case *opair.CallDynamicStmt:
		a.callDynamic(s)
	case *opair.ReturnLocalStmt:
		a.join(&a.state.returns, a.now[s.Source])
	case *opair.ResultSetAddStmt:
		a.read(a.now[s.Value])
	default:
		a.value(s)
	}
}

// value is the transfer function of statements that move values. Those that it doesn't name look at types and presence alone, or write
// constants.
func (a *analysis) value(s opair.Stmt) {
	switch s := s.(type) {
	case *opair.DotStmt:
		a.dot(s)
	case *opair.LenStmt:
		a.elementsOf(a.operand(s.Source))
		a.noteEach(a.operand(s.Source), counted)
		a.write(s.Target, nil)
	case *opair.EqualStmt:
		a.equal(s.A, s.B)
	case *opair.NotEqualStmt:
		a.equal(s.A, s.B)
	case *opair.AssignVarStmt:
		a.assign(s.Target, s.Source, a.operand(s.Source))
	case *opair.AssignVarOnceStmt:
		from, before := a.operand(s.Source), a.now[s.Target]
		a.assign(s.Target, s.Source, before.union(from))
		switch { // a second value is compared with the first
		case a.comparing:
			a.compare(from, before)
		case a.state.once[s.Target] > 1:
			a.read(from)
		}
	case *opair.MakeArrayStmt:
		a.allocate(s, s.Target)
	case *opair.MakeObjectStmt:
		a.allocate(s, s.Target)
	case *opair.MakeSetStmt:
		a.allocate(s, s.Target)
	case *opair.ArrayAppendStmt:
		text, constant := a.graph.plan.Constant(s.Value)
		a.appendConstant(a.now[s.Array], text, constant)
		a.put(a.now[s.Array], a.operand(s.Value))
	case *opair.ObjectInsertStmt:
		if name, ok := a.graph.plan.Constant(s.Key); ok {
			a.putField(a.now[s.Object], a.operand(s.Value), name)
			return
		}
		a.addKey(a.now[s.Object], a.operand(s.Key))
		a.put(a.now[s.Object], a.operand(s.Value))
	case *opair.ObjectInsertOnceStmt:
		a.addKey(a.now[s.Object], a.operand(s.Key))
		a.read(a.operand(s.Value))
		a.put(a.now[s.Object], a.operand(s.Value))
	case *opair.SetAddStmt:
		a.read(a.operand(s.Value)) // it is compared with the elements
		a.put(a.now[s.Set], a.operand(s.Value))
	case *opair.ObjectMergeStmt:
		a.read(a.now[s.A])
		a.read(a.now[s.B])
		a.write(s.Target, a.now[s.A].union(a.now[s.B]))
	default:
		for _, l := range a.parts.Of(s).Writes {
			a.write(l, nil)
		}
	}
}

func (a *analysis) allocate(s opair.Stmt, target opair.Local) {
	if a.sites[s] == nil {
		_, set := s.(*opair.MakeSetStmt)
		a.sites[s] = &loc{allocated: true, set: set}
	}
	a.write(target, locSet{a.sites[s]})
}

func (a *analysis) dot(s *opair.DotStmt) {
	source := a.operand(s.Source)
	if name, ok := a.graph.plan.Constant(s.Key); ok {
		a.write(s.Target, a.access(s, source, name))
		return
	}
	if a.comparing {
		a.lookUp(s)
		return
	}
	if l, ok := s.Key.Value.(opair.Local); ok && a.state.names[l] != nil {
		a.accesses[s] = a.accesses[s].union(source)
	}
	key := a.operand(s.Key)
	a.read(key)
	found := a.elementsOf(source)
	if !a.exact || slices.ContainsFunc(source, func(l *loc) bool { return l.allocated }) {
		found = found.union(key) // the key itself, of a set
	}
	a.write(s.Target, found)
}

// access returns the locations of a field that a statement reads by its name.
func (a *analysis) access(s opair.Stmt, objects locSet, name string) locSet {
	if a.exact {
		a.accesses[s] = a.accesses[s].union(objects)
	}
	return a.field(objects, name)
}

func (a *analysis) scan(s *opair.ScanStmt) {
	source := a.now[s.Source]
	var keys locSet
	for _, l := range source {
		if l.allocated {
			keys = keys.union(l.contents) // of a set
		}
	}
	if a.comparing {
		keys = keysOf(source)
		known := a.loops[s]
		a.loops[s] = loop{function: a.function, source: known.source.union(source)}
	}
	if a.carried[s] == nil {
		a.carried[s] = map[opair.Local]locSet{}
	}
	f := a.open()
	for l, set := range a.carried[s] {
		f.before[l], f.dirty[l] = a.now[l], true
		a.now[l] = a.now[l].union(set)
	}
	a.write(s.Key, keys)
	a.write(s.Value, a.elementsOf(source))
	a.block(s.Block)
	a.close()
	for l, set := range f.written {
		carried := a.carried[s][l]
		a.join(&carried, set)
		a.carried[s][l] = carried
	}
	a.rejoin(f)
}

// equal is a comparison. With a constant scalar, nothing within the other value matters.
func (a *analysis) equal(x, y opair.Operand) {
	_, ok1 := x.Value.(opair.Local)
	_, ok2 := y.Value.(opair.Local)
	switch {
	case a.comparing:
		a.compare(a.operand(x), a.operand(y))
	case ok1 && ok2:
		a.read(a.operand(x))
		a.read(a.operand(y))
	}
}

// with replaces a document, or a part of it: there the value counts as read.
func (a *analysis) with(s *opair.WithStmt) {
	value := a.operand(s.Value)
	before := a.now[s.Local]
	if len(s.Path) > 0 {
		a.read(value)
		value = nil
	}
	a.write(s.Local, before.union(value))
	a.blocks([]*opair.Block{s.Block})
	a.write(s.Local, before)
}

func (a *analysis) call(s *opair.CallStmt) {
	if !a.graph.plan.Has(s.Func) {
		a.write(s.Result, a.builtin(s))
		return
	}
	if a.excluded(s.Func) {
		a.write(s.Result, nil)
		return
	}
	args := make([]locSet, len(s.Args))
	for i, o := range s.Args {
		args[i] = a.operand(o)
	}
	a.bindNames(s.Func, s.Args)
	a.write(s.Result, a.bindArgs(s.Func, args))
}

func (a *analysis) callDynamic(s *opair.CallDynamicStmt) {
	for _, step := range s.Path {
		a.read(a.operand(step))
	}
	args := make([]locSet, len(s.Args))
	for i, l := range s.Args {
		args[i] = a.now[l]
	}
	var result locSet
	for _, name := range a.graph.plan.Candidates(s).Functions() {
		a.bindNames(name, make([]opair.Operand, len(args)))
		result = result.union(a.bindArgs(name, args))
	}
	a.write(s.Result, result)
}

// bindArgs passes arguments to a function, and returns the locations of its result.
func (a *analysis) bindArgs(name string, args []locSet) locSet {
	callee, params := a.callee(name), a.graph.functions[a.graph.index[name]].Params
	for i, arg := range args {
		a.join(&callee.params[params[i]], arg)
	}
	return callee.returns
}

// assign writes a value to a local, and in an exact analysis the constant strings that it may be.
func (a *analysis) assign(l opair.Local, value opair.Operand, set locSet) {
	a.set(l, set)
	a.bindName(a.state, l, value)
}

// bindNames passes the constant strings among the arguments of a call to a function.
func (a *analysis) bindNames(name string, args []opair.Operand) {
	callee, params := a.callee(name), a.graph.functions[a.graph.index[name]].Params
	for i, arg := range args {
		a.bindName(callee, params[i], arg)
	}
}

// bindName adds the constant strings that a value of the current function may be to those of a local of a function.
func (a *analysis) bindName(f *state, target opair.Local, value opair.Operand) {
	if !a.exact {
		return
	}
	passed := &names{mixed: true}
	if text, ok := a.graph.plan.Constant(value); ok {
		passed = &names{texts: []string{text}}
	} else if l, ok := value.Value.(opair.Local); ok && a.state.names[l] != nil {
		passed = a.state.names[l]
	}
	known := f.names[target]
	if known == nil {
		known = &names{}
		f.names[target], a.changed = known, true
	}
	if passed.mixed && !known.mixed {
		known.mixed, a.changed = true, true
	}
	for _, text := range passed.texts {
		if !slices.Contains(known.texts, text) {
			known.texts, a.changed = append(known.texts, text), true
		}
	}
}

// builtin returns the locations of the result of a built-in function. All but a few read their arguments whole.
func (a *analysis) builtin(s *opair.CallStmt) locSet {
	if a.comparing {
		if result, ok := a.comparingBuiltin(s); ok {
			return result
		}
	}
	switch s.Func {
	case "is_array", "is_boolean", "is_null", "is_number", "is_object", "is_set", "is_string", "type_name":
		return nil
	case "count", "object.keys":
		a.elementsOf(a.operand(s.Args[0]))
		return nil
	case "object.get":
		if name, ok := a.graph.plan.Constant(s.Args[1]); ok {
			return a.access(s, a.operand(s.Args[0]), name).union(a.operand(s.Args[2]))
		}
	case "object.filter":
		if names, ok := constants(a.operand(s.Args[1])); ok {
			return a.filter(s, names)
		}
	case "internal.member_2":
		if _, ok := a.graph.plan.Constant(s.Args[0]); ok {
			a.elementsOf(a.operand(s.Args[1]))
			return nil
		}
	}
	var all locSet
	for _, o := range s.Args {
		a.read(a.operand(o))
		a.mix(a.operand(o))
		all = all.union(a.operand(o))
	}
	switch {
	case a.exact:
		return a.derived(s.Func, all)
	case a.comparing:
		return all.union(locSet{a.opaque})
	}
	return all // some return a part of an argument
}

// filter returns the location of an object that has only the named fields of another one.
func (a *analysis) filter(s *opair.CallStmt, names []string) locSet {
	if a.sites[s] == nil {
		a.sites[s] = &loc{allocated: true}
	}
	result := locSet{a.sites[s]}
	for _, name := range names {
		a.putField(result, a.field(a.operand(s.Args[0]), name), name)
	}
	return result
}
