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
)

// Invariant: what one input left behind can't be seen by the next; only rules that read no input are kept.

// Input is what rules are asked about.
type Input interface {
	// Field returns a member of the input, by the slot that [Program.Fields] gives it, or nil if there is none.
	Field(slot int) *ast.Term
	// Object says whether the input is an object.
	Object() bool
	// Whole returns the input with at least everything that the program can reach, or nil if there is no input.
	Whole() *ast.Term
}

// whole is an input that is held as a term.
type whole struct {
	program *Program
	term    *ast.Term
}

func (w whole) Field(slot int) *ast.Term {
	if w.term == nil {
		return nil
	}
	return dot(w.term, ast.StringTerm(w.program.fields[slot]))
}

func (w whole) Object() bool { return w.term != nil && isObject(w.term.Value) }

func (w whole) Whole() *ast.Term { return w.term }

// World is what does not change from one input to the next.
type World struct {
	Context context.Context //nolint:containedctx // built-in functions take it from their own context
	Data    *ast.Term       // an object: base documents, of which rules read those that no rule stands for
	Now     time.Time
	Common  *Common // of all worlds whose data differ in data.parameters alone; nil for one that is alone
}

// maxCalls is how many calls may be within each other. Rego has no recursion: this bounds a plan that no planner makes.
const maxCalls = 10_000

// Machine runs a program in a world, for one goroutine.
type Machine struct {
	program *Program
	data    *ast.Term // that of the world
	common  *Common

	input Input
	given *ast.Term // the whole input, once somebody asked for it
	world world     // at this moment

	frames []*frame
	depth  int
	memo   memo
	once   []*ast.Term // what calls gave that are made once

	patterns []pattern

	context topdown.BuiltinContext
	args    []*ast.Term
	result  *ast.Term   // of the built-in function that is running
	answers []*ast.Term // of one that gives many
	keep    func(*ast.Term) error
	keepAll func(*ast.Term) error
	results ast.Set

	forks   *Forks // of a wary program; nil if it does not fork
	failure error  // that ends this evaluation
	fault   error  // the first of a built-in function: the evaluation goes on without a value
	faults  int    // how many there were
}

// Machine makes a machine for the world.
func (g *Program) Machine(w World) *Machine {
	if w.Context == nil {
		w.Context = context.Background()
	}
	m := &Machine{program: g, data: w.Data, common: w.Common, memo: newMemo(len(g.functions)), once: make([]*ast.Term, g.once), patterns: make([]pattern, g.patterns)}
	m.context = topdown.BuiltinContext{
		Context: w.Context, Metrics: metrics.NoOp(), Cache: builtins.Cache{}, Cancel: topdown.NewCancel(), Seed: rand.Reader,
		Time: ast.NumberTerm(number(w.Now.UnixNano())), Capabilities: g.plan.capabilities(),
	}
	m.keep = func(t *ast.Term) error { m.result = t; return nil }
	m.keepAll = func(t *ast.Term) error { m.answers = append(m.answers, t); return nil }
	return m
}

// Begin turns to another input; nil is none at all. The evaluation of it ends with an error of topdown soon after cancel says so.
func (m *Machine) Begin(input Input, cancel topdown.Cancel) {
	m.input, m.given = input, nil
	m.depth = 0
	m.failure, m.fault, m.faults = nil, nil, 0
	if len(m.context.Cache) > 0 {
		clear(m.context.Cache)
	}
	m.memo.begin(m.data)
	m.world = world{data: m.data, slotted: true}
	if cancel != nil {
		m.context.Cancel = cancel
	}
}

// Eval evaluates the i-th entry point of the program over the input: nil if it is undefined. Errors are those of topdown, as a
// [*topdown.Error], but for those of built-in functions, which [Machine.Fault] tells.
func (m *Machine) Eval(i int) (value *ast.Term, err error) {
	defer m.recovered(&value, &err)
	value, ok := m.call(m.program.entries[i], nil, nil)
	if !ok {
		return nil, m.failure
	}
	return value, nil
}

// recovered makes an error of a panic: no bug of an evaluator may end the run.
func (m *Machine) recovered(value **ast.Term, err *error) {
	if r := recover(); r != nil {
		*value, *err = nil, &topdown.Error{Code: topdown.InternalErr, Message: fmt.Sprintf("evaluation failed: %v", r)}
	}
}

// Fault is the first error of a built-in function since Begin. To rules the call is undefined; who asks has to decide what it means.
func (m *Machine) Fault() error { return m.fault }

// Query evaluates the query of a program that [Plan.CompileQuery] made, and returns the set of its results.
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
	arrays [][]*ast.Term      // under construction
	owned  map[ast.Value]bool // collections that this call made, in functions that change collections within others
	ret    *ast.Term
}

// enter takes a frame for a call.
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
	if cap(fr.arrays) < f.arrays {
		fr.arrays = make([][]*ast.Term, f.arrays)
	}
	fr.arrays = fr.arrays[:f.arrays]
	clear(fr.arrays)
	fr.f, fr.ret, fr.owned = f, nil, nil
	return fr
}

// call runs a function; ok is false if the evaluation has to end. The value is nil if the function is undefined.
func (m *Machine) call(f *function, args []operand, caller *frame) (value *ast.Term, ok bool) {
	if f.rule {
		if value, known := m.recall(f); known {
			return value, true
		}
	}
	if m.depth == maxCalls {
		return nil, m.fail(&topdown.Error{Code: topdown.InternalErr, Message: "too many calls are within each other"})
	}
	if m.context.Cancel.Cancelled() {
		return nil, m.fail(canceled())
	}
	faults := m.faults
	fr := m.enter(f)
	for i := range args {
		fr.l[f.params[i+2]] = args[i].get(caller)
	}
	s := fr.run()
	m.depth--
	if s == halted {
		return nil, false
	}
	if s == returned {
		value = fr.ret
	}
	if f.rule {
		m.remember(f, value, m.faults == faults)
	}
	return value, true
}

// run runs the blocks of a function, one after another, until one returns.
func (fr *frame) run() signal {
	for _, block := range fr.f.blocks {
		if s := fr.block(block); s < 0 {
			return s
		}
	}
	return next
}

// block runs statements until one says something else than to go on.
func (fr *frame) block(ops []op) signal {
	for _, o := range ops {
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
	if !m.world.slotted {
		return m.world.input
	}
	if m.given == nil && m.input != nil {
		m.given = m.input.Whole()
	}
	return m.given
}

func (m *Machine) dataTerm() *ast.Term { return m.world.data }

// field returns a member of the input.
func (m *Machine) field(slot int, name *ast.Term) *ast.Term {
	switch {
	case m.world.slotted && m.input != nil:
		return m.input.Field(slot)
	case m.world.slotted || m.world.input == nil:
		return nil
	}
	return dot(m.world.input, name)
}

// object says whether the input is one.
func (m *Machine) object() bool {
	if m.world.slotted {
		return m.input != nil && m.input.Object()
	}
	return m.world.input != nil && isObject(m.world.input.Value)
}
