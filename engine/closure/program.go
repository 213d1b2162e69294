package closure

import (
	"fmt"
	"slices"

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
	entries   []*function
	fields    []string
	slots     map[string]int
	reads     Reads
	premises  Premises
	asked     []*function // the premises
	known     bool        // what it reads and its premises were found out before
	patterns  int         // places where a regular expression is matched
	once      int         // calls that are made once in a world
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

func (g *Program) enterRules(paths []string) error {
	names := make([]string, len(paths))
	for i, path := range paths {
		// g0 is the generation of functions in which nothing is replaced by "with".
		if names[i] = "g0." + path; g.plan.funcs[names[i]] == nil {
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

// settle finds the functions whose value is the same for the whole world.
func (g *Program) settle() {
	reads := map[string]bool{}
	calls := map[string][]string{}
	for _, f := range g.functions {
		u := g.plan.uses(f.source)
		reads[f.name], calls[f.name] = u.input, u.calls
	}
	for changed := true; changed; {
		changed = false
		for _, f := range g.functions {
			if !reads[f.name] && slices.ContainsFunc(calls[f.name], func(called string) bool { return reads[called] }) {
				reads[f.name], changed = true, true
			}
		}
	}
	for _, f := range g.functions {
		f.fixed = f.rule && !reads[f.name]
	}
}

// uses is what a function needs of others and of the input.
type uses struct {
	input bool
	calls []string
}

// uses walks the statements of a function.
func (p *Plan) uses(f *ir.Func) uses {
	v := &usesVisitor{plan: p, input: f.Params[0]}
	for _, b := range f.Blocks {
		v.block(b)
	}
	return v.uses
}

type usesVisitor struct {
	uses
	plan  *Plan
	input ir.Local
}

func (v *usesVisitor) block(b *ir.Block) {
	for _, s := range b.Stmts {
		v.statement(s)
	}
}

func (v *usesVisitor) statement(s ir.Stmt) {
	switch s := s.(type) {
	case *ir.BlockStmt:
		for _, b := range s.Blocks {
			v.block(b)
		}
	case *ir.ScanStmt:
		v.read(ir.Operand{Value: s.Source})
		v.block(s.Block)
	case *ir.NotStmt:
		v.block(s.Block)
	case *ir.WithStmt:
		v.read(s.Value)
		v.block(s.Block)
	case *ir.CallDynamicStmt:
		v.calls = append(v.calls, v.plan.dynamic(s).below()...)
	case *ir.CallStmt:
		args := s.Args
		if v.plan.funcs[s.Func] != nil {
			v.calls = append(v.calls, s.Func)
			args = args[2:]
		}
		for _, a := range args {
			v.read(a)
		}
	default:
		for _, o := range operands(s) {
			v.read(o)
		}
	}
}

func (v *usesVisitor) read(o ir.Operand) {
	if l, ok := o.Value.(ir.Local); ok && l == v.input {
		v.uses.input = true
	}
}

// operands are what a simple statement reads.
func operands(s ir.Stmt) []ir.Operand {
	local := func(l ...ir.Local) []ir.Operand {
		list := make([]ir.Operand, len(l))
		for i := range l {
			list[i].Value = l[i]
		}
		return list
	}
	switch s := s.(type) {
	case *ir.DotStmt:
		return []ir.Operand{s.Source, s.Key}
	case *ir.LenStmt:
		return []ir.Operand{s.Source}
	case *ir.AssignVarStmt:
		return []ir.Operand{s.Source}
	case *ir.AssignVarOnceStmt:
		return []ir.Operand{s.Source}
	case *ir.EqualStmt:
		return []ir.Operand{s.A, s.B}
	case *ir.NotEqualStmt:
		return []ir.Operand{s.A, s.B}
	case *ir.IsArrayStmt:
		return []ir.Operand{s.Source}
	case *ir.IsObjectStmt:
		return []ir.Operand{s.Source}
	case *ir.IsSetStmt:
		return []ir.Operand{s.Source}
	case *ir.ArrayAppendStmt:
		return []ir.Operand{s.Value}
	case *ir.ObjectInsertStmt:
		return []ir.Operand{s.Key, s.Value}
	case *ir.ObjectInsertOnceStmt:
		return []ir.Operand{s.Key, s.Value}
	case *ir.SetAddStmt:
		return []ir.Operand{s.Value}
	case *ir.IsDefinedStmt:
		return local(s.Source)
	case *ir.IsUndefinedStmt:
		return local(s.Source)
	case *ir.ReturnLocalStmt:
		return local(s.Source)
	case *ir.ResultSetAddStmt:
		return local(s.Value)
	case *ir.ObjectMergeStmt:
		return local(s.A, s.B)
	}
	return nil
}

// dynamic is the branch of the tree under which a dynamic call finds its function, as far as its path is known.
func (p *Plan) dynamic(s *ir.CallDynamicStmt) *branch {
	at := p.tree
	for _, step := range s.Path {
		i, ok := step.Value.(ir.StringIndex)
		if !ok {
			return at
		}
		if at = at.children[p.string(i)]; at == nil {
			return &branch{}
		}
	}
	return at
}

// Term is a shorthand for an input that is held whole; nil stands for no input at all.
func (g *Program) Term(input *ast.Term) Input { return whole{g, input} }
