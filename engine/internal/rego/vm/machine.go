package vm

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/metrics"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/topdown/builtins"

	"github.com/posture-score/posture/engine/internal/rego/limit"
	"github.com/posture-score/posture/engine/internal/rego/term"
)

// Invariant: nothing of one input is visible to the next; only values of rules that read no input are kept.

// Input is what rules are evaluated over.
type Input interface {
	// Field returns a field of the input, by its index in the Fields of [Program.Summary], or nil if there is none.
	Field(slot int) *ast.Term
	// Object reports whether the input is an object.
	Object() bool
	// Whole returns the input with at least everything that the program can read, or nil if there is no input.
	Whole() *ast.Term
}

// termInput is an input that is held as one term.
type termInput struct {
	program *Program
	term    *ast.Term
}

func (w termInput) Field(slot int) *ast.Term {
	if w.term == nil {
		return nil
	}
	return dot(w.term, ast.StringTerm(w.program.fields[slot]))
}

func (w termInput) Object() bool { return w.term != nil && isObject(w.term.Value) }

func (w termInput) Whole() *ast.Term { return w.term }

// Env is what does not change from one input to the next: data and the clock.
type Env struct {
	Context context.Context //nolint:containedctx // built-in functions take it from their own context
	Data    *ast.Term       // an object: the base documents
	Now     time.Time
	Own     *SharedCache // of this environment; may be nil
	Shared  *SharedCache // of all environments that differ in data.parameters alone; may be nil
	Limits  limit.Limits // of one evaluation
}

// maxCalls bounds the depth of calls. Rego has no recursion: this is for a plan that no planner makes.
const maxCalls = 10_000

// Machine runs a program in an environment, for one goroutine.
type Machine struct {
	program *Program
	data    *ast.Term // of the environment
	own     *SharedCache
	shared  *SharedCache
	meter   limit.Meter // of the evaluation since Begin
	prices  *limit.Prices
	members []*memberCalls // likewise
	calls   []*lastCall    // of pure functions, by their index; nil if they are not remembered

	input Input
	whole *ast.Term // the whole input, once it is needed
	docs  documents
	views Views // the input, if its fields can be read where they stand

	sets     []textSet // that were asked for last, by the calls
	lifted   []lifted  // what statements did that run once
	arena    arena
	operands [maxOperands]*term.View // of the operation that is running
	scratch  [maxOperands]term.View  // views of terms among them
	decoder  *term.Decoder           // makes terms of views; nil until it is needed

	frames  []*frame
	depth   int
	loops   []*loop // over objects; the first ones are running
	looping int
	memo    memo
	once    []onceCall                // results of invariant calls, by their slots
	probes  map[ast.Set]*limit.Probes // of the large sets that the evaluation makes

	evaluation uint64       // the number of the evaluation
	within     map[int]bool // what is used by the rule that is evaluated for several inputs; nil if none is
	apartSteps int64        // that were counted apart
	uses       int          // of values that are kept for several
	retained   int64        // bytes of values that are kept for other inputs

	patterns []pattern

	context topdown.BuiltinContext
	args    []*ast.Term
	result  *ast.Term   // of the built-in function that is running
	tuples  []*ast.Term // of a relation
	keep    func(*ast.Term) error
	keepAll func(*ast.Term) error
	results ast.Set

	forks       *Forks // of a partial program; nil if it does not fork
	failure     error  // that ended this evaluation
	builtinErr  error  // the first of a built-in function: the call was undefined
	builtinErrs int    // how many there were
}

// Machine returns a machine for the environment.
func (g *Program) Machine(env Env) *Machine {
	if env.Context == nil {
		env.Context = context.Background()
	}
	m, ok := g.released.Get().(*Machine)
	if !ok {
		m = g.newMachine()
	}
	m.data, m.own, m.shared, m.meter, m.prices = env.Data, env.Own, env.Shared, limit.NewMeter(env.Limits), limit.NewPrices()
	m.context = topdown.BuiltinContext{
		Context: env.Context, Metrics: metrics.NoOp(), Cache: builtins.Cache{}, Cancel: topdown.NewCancel(), Seed: rand.Reader,
		Time: ast.NumberTerm(number(env.Now.UnixNano())), Capabilities: g.plan.Capabilities(),
	}
	return m
}

// newMachine returns a machine as one that is released.
func (g *Program) newMachine() *Machine {
	m := &Machine{
		program: g, memo: newMemo(len(g.functions)), lifted: make([]lifted, g.lifted), sets: make([]textSet, g.sets), once: make([]onceCall, g.invariant),
		patterns: make([]pattern, g.patterns),
	}
	m.keep = func(t *ast.Term) error { m.result = t; return nil }
	m.keepAll = func(t *ast.Term) error { m.tuples = append(m.tuples, t); return nil }
	return m
}

// Release ends the use of a machine. Its memory is for the next one of the program, and nothing of its environment stays in it.
func (m *Machine) Release() {
	for _, fr := range m.frames {
		*fr = frame{m: m, l: emptied(fr.l), v: emptied(fr.v), arrays: emptied(fr.arrays)}
	}
	for _, l := range m.loops {
		*l = loop{visit: l.visit}
	}
	m.memo.release()
	clear(m.lifted)
	clear(m.sets)
	clear(m.once)
	clear(m.patterns)
	m.arena.release()
	*m = Machine{
		program: m.program, memo: m.memo, lifted: m.lifted, sets: m.sets, once: m.once, patterns: m.patterns, keep: m.keep, keepAll: m.keepAll,
		arena: m.arena, frames: m.frames, loops: m.loops, args: emptied(m.args), tuples: emptied(m.tuples),
	}
	m.program.released.Put(m)
}

// emptied returns a list without elements, in the same memory.
func emptied[T any](list []T) []T {
	clear(list[:cap(list)])
	return list[:0]
}

// Begin starts the evaluation of another input; nil is no input at all. It ends with an error of topdown soon after cancel says so.
func (m *Machine) Begin(input Input, cancel topdown.Cancel) {
	m.input, m.whole = input, nil
	m.depth, m.looping, m.probes = 0, 0, nil
	m.views, _ = input.(Views)
	m.arena.reset()
	m.meter, m.within = m.meter.Reset(), nil
	m.evaluation++
	m.apartSteps = 0
	m.failure, m.builtinErr, m.builtinErrs = nil, nil, 0
	if len(m.context.Cache) > 0 {
		clear(m.context.Cache)
	}
	m.memo.begin(m.data)
	m.docs = documents{data: m.data, slotted: true}
	if cancel != nil {
		m.context.Cancel = cancel
	}
}

// Eval returns the value of the i-th entry point for the input; nil if it is undefined. An error is a [*topdown.Error], as topdown would
// return; errors of built-in functions are returned by [Machine.BuiltinError].
func (m *Machine) Eval(i int) (value *ast.Term, err error) {
	defer m.recovered(&value, &err)
	value, ok := m.call(m.program.entries[i], nil, nil)
	if !ok {
		return nil, m.failure
	}
	return value, nil
}

// recovered turns a panic into an error: a bug of an evaluator ends one evaluation alone.
func (m *Machine) recovered(value **ast.Term, err *error) {
	if r := recover(); r != nil {
		*value, *err = nil, &topdown.Error{Code: topdown.InternalErr, Message: fmt.Sprintf("evaluation failed: %v", r)}
	}
}

// Frontier appends the values of the frontier rules for the input to values: nil for one that is undefined. Errors are those of
// [Machine.Eval]. If the entry point guard is in the frontier and false, the rules after it are left out.
func (m *Machine) Frontier(guard int, values []*ast.Term) (all []*ast.Term, err error) {
	var value *ast.Term
	defer m.recovered(&value, &err)
	for _, f := range m.program.frontier {
		var ok bool
		if value, ok = m.call(f, nil, nil); !ok {
			return nil, m.failure
		}
		values = append(values, value)
		if guard >= 0 && f == m.program.entries[guard] && value != nil && value.Value == ast.Value(ast.Boolean(false)) {
			break
		}
	}
	return values, nil
}

// BuiltinError returns the first error of a built-in function since Begin. In the rules the call was undefined.
func (m *Machine) BuiltinError() error { return m.builtinErr }

// Query evaluates a program of [CompileQuery], and returns the set of its results.
func (m *Machine) Query() (ast.Set, error) {
	m.results = ast.NewSet()
	if _, err := m.Eval(0); err != nil {
		return nil, err
	}
	return m.results, nil
}

// frame is the registers of one call.
type frame struct {
	m      *Machine
	f      *function
	l      []*ast.Term
	v      []*term.View       // of the registers that may hold views: valid where l has nothing, or the term of the view
	arrays [][]*ast.Term      // under construction
	owned  map[ast.Value]bool // collections that this call made, in functions that mutate nested ones
	ret    *ast.Term
	shown  *term.View // what is returned, in place of ret, if it is held as a view
}

// enter returns a frame for a call.
func (m *Machine) enter(f *function) *frame {
	if m.depth == len(m.frames) {
		m.frames = append(m.frames, &frame{m: m})
	}
	fr := m.frames[m.depth]
	m.depth++
	if cap(fr.l) < f.locals {
		fr.l = make([]*ast.Term, f.locals, f.locals+8)
	}
	fr.l = fr.l[:f.locals]
	clear(fr.l)
	if cap(fr.v) < f.views {
		fr.v = make([]*term.View, f.views, f.views+8)
	}
	fr.v = fr.v[:f.views]
	clear(fr.v)
	if cap(fr.arrays) < f.arrays {
		fr.arrays = make([][]*ast.Term, f.arrays)
	}
	fr.arrays = fr.arrays[:f.arrays]
	clear(fr.arrays)
	fr.f, fr.ret, fr.shown, fr.owned = f, nil, nil, nil
	return fr
}

// call returns the value of a function; nil if it is undefined. The evaluation has to end if ok is false.
func (m *Machine) call(f *function, args []operand, caller *frame) (value *ast.Term, ok bool) {
	if f.rule {
		if value, known, ok := m.recall(f); known {
			return value, ok
		}
	}
	if m.depth == maxCalls {
		return nil, m.fail(&topdown.Error{Code: topdown.InternalErr, Message: "too many calls are within each other"})
	}
	if f.invariant && m.docs.data == m.data {
		return m.apart(f)
	}
	if m.members != nil && m.members[f.index] != nil && !m.members[f.index].off {
		return m.recallMembers(m.members[f.index], f, args, caller)
	}
	if last := m.lastCall(f); last != nil {
		return m.recallOrCall(last, f, args, caller)
	}
	errs := m.builtinErrs
	value, ok = m.evaluate(f, args, caller)
	if ok && f.rule {
		m.remember(f, value, m.builtinErrs == errs)
	}
	return value, ok
}

// show is call for a function that is likely to return a view: it returns a view or a term.
func (m *Machine) show(f *function, args []operand, caller *frame) (v *term.View, value *ast.Term, ok bool) {
	if f.invariant || m.depth == maxCalls || m.members != nil && m.members[f.index] != nil || m.lastCall(f) != nil {
		value, ok = m.call(f, args, caller)
		return nil, value, ok
	}
	if !f.rule {
		return m.enterAndRun(f, args, caller)
	}
	l := &m.memo.levels[m.docs.level]
	switch r := &l.values[f.index]; {
	case r.epoch != l.epoch:
	case r.view == nil:
		value, _, ok = m.recall(f)
		return nil, value, ok
	default:
		if r.failed {
			m.builtinErrs++
		}
		return r.view, nil, true
	}
	errs := m.builtinErrs
	if v, value, ok = m.enterAndRun(f, args, caller); ok {
		m.remember(f, value, m.builtinErrs == errs)
		m.memo.levels[m.docs.level].values[f.index].view = v
	}
	return v, value, ok
}

// evaluate calls a function whose value is not known.
func (m *Machine) evaluate(f *function, args []operand, caller *frame) (value *ast.Term, ok bool) {
	v, value, ok := m.enterAndRun(f, args, caller)
	if v != nil {
		value = m.box(v)
	}
	return value, ok
}

// enterAndRun calls a function. It returns a view or a term; neither if the value is undefined.
func (m *Machine) enterAndRun(f *function, args []operand, caller *frame) (v *term.View, value *ast.Term, ok bool) {
	fr := m.enter(f)
	for i := range args {
		if target := &f.arguments[i]; target.kind == viewed {
			args[i].pass(caller, fr, target)
		} else {
			fr.l[target.index] = args[i].get(caller)
		}
	}
	s := fr.run()
	m.depth--
	switch s {
	case halted:
		return nil, nil, false
	case returned:
		return fr.shown, fr.ret, true
	}
	return nil, nil, true
}

// run runs the blocks of a function one after another, until one returns.
func (fr *frame) run() signal {
	for _, b := range fr.f.blocks {
		if s := fr.block(b); s < 0 {
			return s
		}
	}
	return next
}

// block runs statements until one returns another signal than next.
func (fr *frame) block(b *block) signal {
	m := fr.m
	if m.meter.Steps += b.steps; m.meter.Steps > m.meter.Pause {
		if s := m.check(); s != next {
			return s
		}
	}
	for _, o := range b.instrs {
		if s := o(fr); s != next {
			return s
		}
	}
	return next
}

// fail ends the evaluation.
func (m *Machine) fail(err error) bool {
	if m.failure == nil {
		m.failure = err
	}
	return false
}

func canceled() error {
	return &topdown.Error{Code: topdown.CancelErr, Message: "caller cancelled query execution"}
}

// halt ends the evaluation from within a statement.
func (fr *frame) halt(err error) signal {
	fr.m.fail(err)
	return halted
}

// inputTerm returns the whole input; nil if there is none.
func (m *Machine) inputTerm() *ast.Term {
	if !m.docs.slotted {
		return m.docs.input
	}
	if m.whole == nil && m.input != nil {
		m.whole = m.input.Whole()
	}
	return m.whole
}

// hasInput reports whether there is an input. It makes no term of an object.
func (m *Machine) hasInput() bool { return m.object() || m.inputTerm() != nil }

func (m *Machine) dataTerm() *ast.Term { return m.docs.data }

// field returns a field of the input.
func (m *Machine) field(slot int, name *ast.Term) *ast.Term {
	switch {
	case m.docs.slotted && m.input != nil:
		return m.input.Field(slot)
	case m.docs.slotted || m.docs.input == nil:
		return nil
	}
	return dot(m.docs.input, name)
}

// object reports whether the input is an object.
func (m *Machine) object() bool {
	if m.docs.slotted {
		return m.input != nil && m.input.Object()
	}
	return m.docs.input != nil && isObject(m.docs.input.Value)
}
