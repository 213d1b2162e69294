package ir

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/ir"
)

// Invariant: a plan never changes, except that the bodies of a decoded plan's functions are read when they are first needed; everything
// compiled from a plan shares its constants.

// Plan is OPA's plan with an index of its functions and constants.
type Plan struct {
	policy  *ir.Policy // of a decoded plan: its constants alone
	funcs   map[string]*function
	strings []*ast.Term
	root    *Node

	capabilities func() *ast.Capabilities
}

// function is a function of a plan.
type function struct {
	*ir.Func
	load func() error // decodes the body; nil if it is there
}

// Node is a node of the tree of rules by their paths. Calls of a path that is known only at evaluation look up their function in it.
type Node struct {
	Function string // name of the function at this path; "" if there is none
	children map[string]*Node
}

// New indexes a plan.
func New(policy *ir.Policy) *Plan {
	p := &Plan{policy: policy, funcs: map[string]*function{}, root: &Node{}}
	p.capabilities = sync.OnceValue(func() *ast.Capabilities { return ast.CapabilitiesForThisVersion() })
	if policy.Static != nil {
		for _, s := range policy.Static.Strings {
			p.strings = append(p.strings, ast.StringTerm(s.Value))
		}
	}
	if policy.Funcs == nil {
		return p
	}
	for _, f := range policy.Funcs.Funcs {
		p.add(f, nil)
	}
	return p
}

func (p *Plan) add(f *ir.Func, load func() error) {
	p.funcs[f.Name] = &function{f, load}
	if len(f.Path) == 0 || len(f.Params) != 2 {
		return
	}
	// A rule: input and data are its only parameters.
	at := p.root
	for _, step := range f.Path {
		if at.children == nil {
			at.children = map[string]*Node{}
		}
		if at.children[step] == nil {
			at.children[step] = &Node{}
		}
		at = at.children[step]
	}
	at.Function = f.Name
}

// Has reports whether the plan has a function of that name. Calls of other functions are of built-in ones.
func (p *Plan) Has(name string) bool { return p.funcs[name] != nil }

// Func returns a function with its body, or an [*Unsupported].
func (p *Plan) Func(name string) (*ir.Func, error) {
	f := p.funcs[name]
	if f == nil {
		return nil, &Unsupported{Construct: fmt.Sprintf("the function %q", name)}
	}
	if f.load != nil {
		if err := f.load(); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return f.Func, nil
}

// Original is the prefix of the names of functions in which no "with" replaces anything.
const Original = "g0."

// Rule returns the function of a rule without arguments, by its path: data.policies.entra.admin_mfa.compliant.
func (p *Plan) Rule(path string) (*ir.Func, error) {
	if !p.Has(Original + path) {
		return nil, &Unsupported{Construct: "the rule " + path}
	}
	return p.Func(Original + path)
}

// Query returns the query that the plan was made for, as a function.
func (p *Plan) Query() (*ir.Func, error) {
	if p.policy.Plans == nil || len(p.policy.Plans.Plans) != 1 {
		return nil, &Unsupported{Construct: "a plan without one query"}
	}
	return &ir.Func{Name: "query", Params: []ir.Local{ir.Input, ir.Data}, Return: ir.Unused, Blocks: p.policy.Plans.Plans[0].Blocks}, nil
}

// Root returns the root of the tree of rules.
func (p *Plan) Root() *Node { return p.root }

// Candidates returns the node below which a dynamic call finds its function: as far as the path of the call is constant.
func (p *Plan) Candidates(s *ir.CallDynamicStmt) *Node {
	at := p.root
	for _, step := range s.Path {
		text, ok := p.Constant(step)
		if !ok {
			return at
		}
		if at = at.Child(text); at == nil {
			return &Node{}
		}
	}
	return at
}

// Child returns a child, or nil.
func (n *Node) Child(step string) *Node { return n.children[step] }

// Functions returns the names of the functions at the node and below, sorted.
func (n *Node) Functions() []string {
	var names []string
	if n.Function != "" {
		names = append(names, n.Function)
	}
	for _, child := range n.children {
		names = append(names, child.Functions()...)
	}
	slices.Sort(names)
	return names
}

// Number returns a number constant.
func (p *Plan) Number(i int) json.Number { return json.Number(p.policy.Static.Strings[i].Value) }

// String returns a string constant as a term, which is shared.
func (p *Plan) String(i ir.StringIndex) *ast.Term { return p.strings[i] }

// Constant returns the value of an operand that is a constant string.
func (p *Plan) Constant(o ir.Operand) (string, bool) {
	i, ok := o.Value.(ir.StringIndex)
	if !ok {
		return "", false
	}
	return p.policy.Static.Strings[i].Value, true
}

// Location returns the location of a statement as topdown reports it, or nil.
func (p *Plan) Location(s ir.Stmt) *ast.Location {
	l := s.GetLocation()
	if l == nil || p.policy.Static == nil || l.File < 0 || l.File >= len(p.policy.Static.Files) {
		return nil
	}
	return &ast.Location{File: p.policy.Static.Files[l.File].Value, Row: l.Row, Col: l.Col, Text: []byte(l.Text)}
}

// Capabilities returns what built-in functions are told of the evaluator. To list it takes longer than most evaluations: it is cached.
func (p *Plan) Capabilities() *ast.Capabilities { return p.capabilities() }

// Ref returns the reference of the rule that a function was planned from.
func Ref(f *ir.Func) string {
	if len(f.Path) < 2 {
		return f.Name
	}
	name := ast.Ref{ast.DefaultRootDocument}
	for _, step := range f.Path[1:] {
		name = append(name, ast.StringTerm(step))
	}
	return name.String()
}

// Unsupported is the error for a construct that can't be compiled.
type Unsupported struct {
	Construct string
	Location  *ast.Location // may be nil
}

// Error names the construct and its location.
func (u *Unsupported) Error() string {
	if u.Location == nil {
		return u.Construct + " is not compiled"
	}
	return fmt.Sprintf("%s:%d: %s is not compiled", u.Location.File, u.Location.Row, u.Construct)
}

// UnsupportedStmt returns the error for a statement.
func (p *Plan) UnsupportedStmt(s ir.Stmt) error {
	return &Unsupported{Construct: strings.TrimPrefix(fmt.Sprintf("%T", s), "*ir."), Location: p.Location(s)}
}
