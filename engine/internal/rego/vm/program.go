package vm

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/ir"
)

// Invariant: a program is complete (every function that its entry points can call is in it) and immutable, so that any number of
// machines may run it at once.

// Program is functions of a plan as closures.
type Program struct {
	plan      *Plan
	functions []*function
	byName    map[string]*function
	uses      map[string]uses // of the functions, by their names
	entries   []*function
	fields    []string
	slots     map[string]int
	reads     Reads
	premises  Premises
	asked     []*function // the premises
	known     bool        // what it reads and its premises were found out before
	patterns  int         // places where a regular expression is matched
	once      int         // calls that are made once in a world
	wary      bool        // it ends where it would look at what is not known
	impure    bool        // it calls a function whose results change without its arguments
}

// function is one function of the plan.
type function struct {
	index  int
	name   string
	ref    string
	source *ir.Func
	params []ir.Local
	locals int // registers of a frame
	arrays int // arrays that a frame builds
	blocks [][]op
	rule   bool // it has no arguments of its own: its value is the same for the whole input
	fixed  bool // it depends on no input: its value is the same for the whole world
	common bool // it depends on no parameters either
	nested bool // it changes collections within collections
}

// op is a statement: it changes registers of the frame and says how to go on.
type op func(*frame) signal

// signal says how evaluation goes on after a statement. Positive numbers leave so many blocks: 1 the one that it stands in.
type signal int

const (
	next      signal = 0
	undefined signal = 1 // of a statement: its block ends without success
	returned  signal = -1
	halted    signal = -2 // an error that ends the evaluation
)

// enter compiles the functions that can be asked, and all that they call. A construct that can't be compiled gives an [*Unsupported],
// and so does a plan that no planner makes.
func (g *Program) enter(functions []string) (err error) {
	defer refuse(&err)
	for _, name := range functions {
		f, err := g.function(name)
		if err != nil {
			return err
		}
		g.entries = append(g.entries, f)
	}
	g.settle()
	if !g.known {
		g.reach()
	}
	for _, name := range g.premises.Rules {
		f, err := g.function(name)
		if err != nil {
			return err
		}
		g.asked = append(g.asked, f)
	}
	return nil
}

// CompileRules compiles rules without arguments, by their paths: data.policies.entra.admin_mfa.compliant.
func (p *Plan) CompileRules(paths ...string) (*Program, error) {
	g := p.program()
	if err := g.enterRules(paths); err != nil {
		return nil, err
	}
	return g, nil
}

// original begins the names of functions in which nothing is replaced by "with".
const original = "g0."

func (g *Program) enterRules(paths []string) error {
	names := make([]string, len(paths))
	for i, path := range paths {
		if names[i] = original + path; g.plan.funcs[names[i]] == nil {
			return &Unsupported{Construct: "the rule " + path}
		}
	}
	return g.enter(names)
}

// refuse makes an error of a panic over a plan that is not as plans are.
func refuse(err *error) {
	if r := recover(); r != nil {
		*err = &Unsupported{Construct: fmt.Sprintf("a plan of this form (%v)", r)}
	}
}

// Pure says whether the program gives the same value for the same input each time in one world.
func (g *Program) Pure() bool { return !g.impure }

// CompileQuery compiles the query that the plan was made for. Its machine gives results by [Machine.Query].
func (p *Plan) CompileQuery() (g *Program, err error) {
	defer refuse(&err)
	g = p.program()
	if p.policy.Plans == nil || len(p.policy.Plans.Plans) != 1 {
		return nil, &Unsupported{Construct: "a plan without one query"}
	}
	query := &ir.Func{Name: "query", Params: []ir.Local{ir.Input, ir.Data}, Return: ir.Unused, Blocks: p.policy.Plans.Plans[0].Blocks}
	f, err := g.compile(query)
	if err != nil {
		return nil, err
	}
	f.rule = false
	g.entries = []*function{f}
	g.settle()
	g.reach()
	return g, nil
}

func (p *Plan) program() *Program {
	return &Program{plan: p, byName: map[string]*function{}, slots: map[string]int{}}
}

// Fields returns the names of the input's members that the program can read: slot i of an [Input] is the i-th. If it can read the
// input as a whole ([Reads]), there may be others.
func (g *Program) Fields() []string { return slices.Clone(g.fields) }

// function returns a compiled function, compiling it the first time.
func (g *Program) function(name string) (*function, error) {
	if f := g.byName[name]; f != nil {
		return f, nil
	}
	source, err := g.plan.source(name)
	if err != nil {
		return nil, err
	}
	return g.compile(source)
}

func (g *Program) compile(source *ir.Func) (*function, error) {
	if len(source.Params) < 2 {
		return nil, &Unsupported{Construct: fmt.Sprintf("the function %q, which takes no input and data,", source.Name)}
	}
	f := &function{index: len(g.functions), name: source.Name, ref: ref(source), source: source, params: source.Params, rule: len(source.Params) == 2}
	g.functions = append(g.functions, f)
	g.byName[source.Name] = f
	c := newCompiler(g, f)
	for _, block := range source.Blocks {
		ops, err := c.block(block)
		if err != nil {
			return nil, err
		}
		f.blocks = append(f.blocks, ops)
	}
	f.locals, f.arrays = c.locals, len(c.arrays)
	return f, nil
}

// slot returns the slot of a member of the input.
func (g *Program) slot(name string) int {
	i, ok := g.slots[name]
	if !ok {
		i = len(g.fields)
		g.slots[name] = i
		g.fields = append(g.fields, name)
	}
	return i
}

// settle finds the functions whose value is the same for the whole world, or for all worlds that differ in their parameters alone.
func (g *Program) settle() {
	all := map[string]uses{}
	for _, f := range g.functions {
		all[f.name] = g.plan.uses(f.source)
	}
	g.uses = maps.Clone(all)
	spread(all)
	for _, f := range g.functions {
		u := all[f.name]
		f.fixed = f.rule && !u.input
		f.common = f.fixed && !u.parameters && !u.replaces && strings.HasPrefix(f.name, original)
	}
}

// Term is a shorthand for an input that is held whole; nil stands for no input at all.
func (g *Program) Term(input *ast.Term) Input { return whole{g, input} }
