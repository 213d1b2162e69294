package vm

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	opair "github.com/open-policy-agent/opa/v1/ir"

	"github.com/posture-score/posture/engine/internal/rego/dataflow"
	"github.com/posture-score/posture/engine/internal/rego/ir"
)

// Invariant: a program is complete (every function that its entry points can call is in it) and immutable, so that any number of
// machines may run it at once.

// Program is functions of a plan as closures.
type Program struct {
	plan      *ir.Plan
	functions []*function
	byName    map[string]*function
	entries   []*function
	fields    []string
	slots     map[string]int
	summary   dataflow.Summary
	frontier  []*function
	patterns  int       // calls of regex.match
	invariant int       // calls that are made once per environment
	sets      int       // calls that ask whether a collection holds a value
	lifted    int       // statements that run once per environment
	partial   bool      // it stops where it would read an unknown
	plain     bool      // it makes a term of every value: what the others are compared with
	released  sync.Pool // of machines
}

// function is one function of the plan.
type function struct {
	index     int
	name      string
	ref       string
	source    *opair.Func
	params    []opair.Local
	locals    int       // registers of a frame
	views     int       // registers that may hold views
	arrays    int       // arrays that a frame builds
	arguments []operand // the registers of the parameters after input and data
	blocks    []*block
	rule      bool // it has no arguments of its own: one value per input
	invariant bool // it reads no input: one value per environment
	pure      bool // it has arguments, and depends on nothing else
	shows     bool // it may return a view
	members   int  // see [dataflow.Graph.MemberArgument]
	shared    bool // its value is that of the function of this name in any program: see [SharedCache]
	varies    bool // with the parameters
	nested    bool // see [dataflow.MutatesNested]
}

// instr is a compiled statement: it changes registers of the frame, and returns how evaluation goes on.
type instr func(*frame) signal

// signal says how evaluation goes on after a statement. A positive number n leaves n blocks: 1 the one that the statement is in.
type signal int

const (
	next      signal = 0
	undefined signal = 1 // its block ends without success
	returned  signal = -1
	halted    signal = -2 // an error ends the evaluation
)

// Compile compiles rules without arguments, by their paths: data.policies.entra.admin_mfa.compliant. They are the entry points of the
// program, in that order. A construct that can't be compiled is an [*ir.Unsupported], and so is a plan that no planner makes.
func Compile(plan *ir.Plan, rules ...string) (*Program, error) {
	return newProgram(plan).rules(rules, nil)
}

// CompileQuery compiles the query that the plan was made for. Its machine returns the results by [Machine.Query].
func CompileQuery(plan *ir.Plan) (g *Program, err error) { return newProgram(plan).query() }

func (g *Program) query() (_ *Program, err error) {
	defer recoverPlan(&err)
	query, err := g.plan.Query()
	if err != nil {
		return nil, err
	}
	f, err := g.compile(query)
	if err != nil {
		return nil, err
	}
	f.rule = false
	g.entries = []*function{f}
	return g, g.analyze(nil)
}

// rules compiles rules. The summary is that of an earlier compilation of the same rules, or nil.
func (g *Program) rules(rules []string, summary *dataflow.Summary) (_ *Program, err error) {
	defer recoverPlan(&err)
	if summary != nil {
		g.addFields(summary.Fields)
	}
	for _, path := range rules {
		source, err := g.plan.Rule(path)
		if err != nil {
			return nil, err
		}
		f, err := g.function(source.Name)
		if err != nil {
			return nil, err
		}
		g.entries = append(g.entries, f)
	}
	return g, g.analyze(summary)
}

func newProgram(plan *ir.Plan) *Program {
	return &Program{plan: plan, byName: map[string]*function{}, slots: map[string]int{}}
}

// recoverPlan turns a panic over a malformed plan into an error.
func recoverPlan(err *error) {
	if r := recover(); r != nil {
		*err = &ir.Unsupported{Construct: fmt.Sprintf("a plan of this form (%v)", r)}
	}
}

// analyze finds out what the program reads, unless that is known, and which of its functions have one value for several inputs.
func (g *Program) analyze(known *dataflow.Summary) error {
	sources := make([]*opair.Func, len(g.entries))
	for i, f := range g.entries {
		sources[i] = f.source
	}
	graph, err := dataflow.NewGraph(g.plan, sources...)
	if err != nil {
		return err
	}
	for _, f := range g.functions {
		e := graph.Effects(f.name)
		f.pure = !f.rule && e.PureFunction()
		f.members = -1
		if f.pure {
			f.members = graph.MemberArgument(f.name)
		}
		f.invariant = f.rule && !e.ReadsInput
		f.shared = f.invariant && !e.ReplacesDocuments && strings.HasPrefix(f.name, ir.Original)
		f.varies = e.ReadsParameters
	}
	if known != nil {
		g.summary = *known
	} else {
		g.summary = graph.Summarize()
		g.addFields(slices.Sorted(maps.Keys(g.summary.AccessPaths.Input.Fields)))
		g.summary.Fields = g.fields
	}
	for _, name := range g.summary.Frontier.Rules {
		f, err := g.function(name)
		if err != nil {
			return err
		}
		g.frontier = append(g.frontier, f)
	}
	return nil
}

// Summary returns what the program reads. It is shared: callers must not change it.
func (g *Program) Summary() dataflow.Summary { return g.summary }

// function returns a compiled function, compiling it the first time.
func (g *Program) function(name string) (*function, error) {
	if f := g.byName[name]; f != nil {
		return f, nil
	}
	source, err := g.plan.Func(name)
	if err != nil {
		return nil, err
	}
	return g.compile(source)
}

func (g *Program) compile(source *opair.Func) (*function, error) {
	if len(source.Params) < 2 {
		return nil, &ir.Unsupported{Construct: fmt.Sprintf("the function %q, which takes no input and data,", source.Name)}
	}
	f := &function{
		index: len(g.functions), name: source.Name, ref: ir.Ref(source), source: source, params: source.Params,
		rule: len(source.Params) == 2, nested: dataflow.MutatesNested(source),
	}
	g.functions = append(g.functions, f)
	g.byName[source.Name] = f
	c := newCompiler(g, f)
	for _, l := range f.params[2:] {
		f.arguments = append(f.arguments, c.read1(l))
	}
	for _, b := range source.Blocks {
		compiled, err := c.block(b)
		if err != nil {
			return nil, err
		}
		f.blocks = append(f.blocks, compiled)
	}
	f.locals, f.arrays, f.views = c.locals, len(c.arrays), len(c.registers.viewed)
	_, f.shows = c.registers.viewed[source.Return]
	return f, nil
}

// slot returns the slot of a field of the input.
func (g *Program) slot(name string) int {
	i, ok := g.slots[name]
	if !ok {
		i = len(g.fields)
		g.slots[name] = i
		g.fields = append(g.fields, name)
	}
	return i
}

func (g *Program) addFields(names []string) {
	for _, name := range names {
		g.slot(name)
	}
}

// Term returns an input that is held as one term; nil is no input at all.
func (g *Program) Term(input *ast.Term) Input { return termInput{g, input} }
