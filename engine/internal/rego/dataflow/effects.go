package dataflow

import (
	"github.com/open-policy-agent/opa/v1/ast"
	opair "github.com/open-policy-agent/opa/v1/ir"

	"github.com/posture-score/posture/engine/internal/rego/ir"
)

// Invariant: the result of a function does not depend on anything that its effects, once propagated, do not list.

// Effects are what a function depends on beside its arguments and constant parts of data: by itself or, once propagated, by its calls.
type Effects struct {
	ReadsInput        bool
	ReadsData         bool // anything of data
	ReadsParameters   bool // data.parameters, which differ between controls that share a rule
	ReplacesDocuments bool // "with"
	CallsDynamically  bool // the function that it calls is known only at evaluation
	Nondeterministic  bool // a built-in function whose result changes between calls; the declared time doesn't
	Calls             []string
}

// PureFunction reports whether a function with these effects depends on its arguments alone.
func (e Effects) PureFunction() bool {
	return !e.ReadsInput && !e.ReadsData && !e.ReplacesDocuments && !e.CallsDynamically && !e.Nondeterministic
}

// parameters is the field of data that differs between environments of one rule.
const parameters = "parameters"

// Graph is the functions that entry points can call.
type Graph struct {
	plan       *ir.Plan
	entries    []*opair.Func
	functions  []*opair.Func // depth first from the entry points
	index      map[string]int
	own        map[string]Effects
	propagated map[string]Effects
}

// NewGraph returns the graph of the functions that the entry points can call.
func NewGraph(plan *ir.Plan, entries ...*opair.Func) (*Graph, error) {
	g := &Graph{plan: plan, entries: entries, index: map[string]int{}, own: map[string]Effects{}, propagated: map[string]Effects{}}
	for _, f := range entries {
		if err := g.add(f); err != nil {
			return nil, err
		}
	}
	g.propagate()
	return g, nil
}

func (g *Graph) add(f *opair.Func) error {
	if _, known := g.index[f.Name]; known {
		return nil
	}
	g.index[f.Name] = len(g.functions)
	g.functions = append(g.functions, f)
	effects := effectsOf(g.plan, f)
	g.own[f.Name], g.propagated[f.Name] = effects, effects
	for _, name := range effects.Calls {
		called, err := g.plan.Func(name)
		if err != nil {
			return err
		}
		if err := g.add(called); err != nil {
			return err
		}
	}
	return nil
}

// Effects returns the effects of a function and all that it calls.
func (g *Graph) Effects(name string) Effects { return g.propagated[name] }

// Pure reports whether the entry points have the same values for the same input and data each time.
func (g *Graph) Pure() bool {
	for _, f := range g.entries {
		if g.propagated[f.Name].Nondeterministic {
			return false
		}
	}
	return true
}

// propagate adds to the effects of each function those of the functions that it calls.
func (g *Graph) propagate() {
	for changed := true; changed; {
		changed = false
		for _, f := range g.functions {
			before := g.propagated[f.Name]
			e := before
			for _, name := range e.Calls {
				called := g.propagated[name]
				e.ReadsInput = e.ReadsInput || called.ReadsInput
				e.ReadsData = e.ReadsData || called.ReadsData
				e.ReadsParameters = e.ReadsParameters || called.ReadsParameters
				e.ReplacesDocuments = e.ReplacesDocuments || called.ReplacesDocuments
				e.CallsDynamically = e.CallsDynamically || called.CallsDynamically
				e.Nondeterministic = e.Nondeterministic || called.Nondeterministic
			}
			if e.ReadsInput != before.ReadsInput || e.ReadsData != before.ReadsData || e.ReadsParameters != before.ReadsParameters || e.ReplacesDocuments != before.ReplacesDocuments ||
				e.CallsDynamically != before.CallsDynamically || e.Nondeterministic != before.Nondeterministic {
				g.propagated[f.Name], changed = e, true
			}
		}
	}
}

// effectsOf returns the effects of a function itself.
func effectsOf(plan *ir.Plan, f *opair.Func) Effects {
	var e Effects
	var parts ir.Parts
	input, data := f.Params[0], f.Params[1]
	read := func(operands []opair.Operand) {
		for _, o := range operands {
			local, ok := o.Value.(opair.Local)
			e.ReadsInput = e.ReadsInput || ok && local == input
			e.ReadsData = e.ReadsData || ok && local == data
			e.ReadsParameters = e.ReadsParameters || ok && local == data // data may be read whole from there
		}
	}
	ir.Walk(f.Blocks, func(s opair.Stmt) {
		switch s := s.(type) {
		case *opair.WithStmt:
			e.ReplacesDocuments = true
		case *opair.CallDynamicStmt:
			e.CallsDynamically = true
			e.Calls = append(e.Calls, plan.Candidates(s).Functions()...)
			return // its arguments are input and data, of which the functions read what they do
		case *opair.CallStmt:
			if plan.Has(s.Func) {
				e.Calls = append(e.Calls, s.Func)
				read(s.Args[2:]) // the first two are input and data
				return
			}
			e.Nondeterministic = e.Nondeterministic || nondeterministic(s.Func)
		case *opair.DotStmt:
			if name, ok := plan.Constant(s.Key); ok && s.Source.Value == opair.Val(data) {
				e.ReadsData = true
				e.ReadsParameters = e.ReadsParameters || name == parameters
				return
			}
		}
		read(parts.Of(s).Reads)
	})
	return e
}

// nondeterministic reports whether the result of a built-in function changes between calls. The time is declared: it stands still.
func nondeterministic(name string) bool {
	declared := ast.BuiltinMap[name]
	return declared != nil && declared.Nondeterministic && name != ast.NowNanos.Name
}
