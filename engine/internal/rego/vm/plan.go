package vm

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/ir"
)

// Invariant: a plan is read, never changed; all that is compiled from it shares its constants.

// Plan is OPA's plan with what is needed to find one's way in it.
type Plan struct {
	policy  *ir.Policy // of a plan that was packed, its constants alone
	funcs   map[string]*planned
	strings []*ast.Term
	tree    *branch // of functions that can be called by a path which is known only in the course of evaluation

	capabilities func() *ast.Capabilities // what built-in functions are told of them; to list them takes longer than most evaluations
}

// planned is a function of a plan. What stands in it is there once it was read.
type planned struct {
	*ir.Func
	read func() error // nil if there is nothing to be read
}

// branch is a node of the tree of functions.
type branch struct {
	function string
	children map[string]*branch
}

// NewPlan indexes a plan.
func NewPlan(policy *ir.Policy) *Plan {
	p := &Plan{policy: policy, funcs: map[string]*planned{}, tree: &branch{}}
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

func (p *Plan) add(f *ir.Func, read func() error) {
	p.funcs[f.Name] = &planned{f, read}
	p.plant(f)
}

// source returns a function with what stands in it.
func (p *Plan) source(name string) (*ir.Func, error) {
	f := p.funcs[name]
	if f == nil {
		return nil, &Unsupported{Construct: fmt.Sprintf("the function %q", name)}
	}
	if f.read != nil {
		if err := f.read(); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return f.Func, nil
}

// plant puts a function without arguments of its own into the tree.
func (p *Plan) plant(f *ir.Func) {
	if len(f.Path) == 0 || len(f.Params) != 2 {
		return
	}
	at := p.tree
	for _, step := range f.Path {
		if at.children == nil {
			at.children = map[string]*branch{}
		}
		if at.children[step] == nil {
			at.children[step] = &branch{}
		}
		at = at.children[step]
	}
	at.function = f.Name
}

// below returns the functions under a branch.
func (b *branch) below() []string {
	var names []string
	if b.function != "" {
		names = append(names, b.function)
	}
	for _, child := range b.children {
		names = append(names, child.below()...)
	}
	slices.Sort(names)
	return names
}

// number returns a number constant.
func (p *Plan) number(i int) *ast.Term {
	text := p.policy.Static.Strings[i].Value
	if n, err := strconv.Atoi(text); err == nil && strconv.Itoa(n) == text {
		return integer(int64(n))
	}
	return ast.NumberTerm(json.Number(text))
}

// string returns a string constant.
func (p *Plan) string(i ir.StringIndex) string { return p.policy.Static.Strings[i].Value }

// place is the location of a statement as topdown gives it.
func (p *Plan) place(l *ir.Location) *ast.Location {
	if l == nil || p.policy.Static == nil || l.File < 0 || l.File >= len(p.policy.Static.Files) {
		return nil
	}
	return &ast.Location{File: p.policy.Static.Files[l.File].Value, Row: l.Row, Col: l.Col, Text: []byte(l.Text)}
}

// ref names the rule that a function stands for.
func ref(f *ir.Func) string {
	if len(f.Path) < 2 {
		return f.Name
	}
	name := ast.Ref{ast.DefaultRootDocument}
	for _, step := range f.Path[1:] {
		name = append(name, ast.StringTerm(step))
	}
	return name.String()
}

// Unsupported is a construct that can't be compiled.
type Unsupported struct {
	Construct string
	Place     *ast.Location // may be nil
}

// Error names the construct and its place.
func (u *Unsupported) Error() string {
	if u.Place == nil {
		return u.Construct + " is not compiled"
	}
	return fmt.Sprintf("%s:%d: %s is not compiled", u.Place.File, u.Place.Row, u.Construct)
}

// construct names a statement by its type.
func construct(s ir.Stmt) string {
	return strings.TrimPrefix(fmt.Sprintf("%T", s), "*ir.")
}
