package closure

import (
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/ir"
)

// Invariant: in worlds that differ in data.parameters alone, inputs of which the premises have the same values, and the rest the same,
// get the same from the entry points.

// Premises are the rules between a program and its input: those that read it themselves, and no parameters. What the entry points give
// follows from the values of the premises and from the rest: the members of the input that something else reads.
type Premises struct {
	Rules []string // functions of the plan, the entry points among them first
	Rest  []string // members of the input, sorted
}

// parameters is the part of the data in which worlds differ where everything else is the same.
const parameters = "parameters"

// cut finds the premises of the program: none if the input does not all pass through rules that can be told from the rest, or if the
// entry points are all that there is to tell.
func (g *Program) cut() Premises {
	if g.impure {
		return Premises{}
	}
	traits := make(map[string]traits, len(g.functions))
	for _, f := range g.functions {
		t := g.plan.traits(f.source)
		if t.opaque {
			return Premises{}
		}
		traits[f.name] = t
	}
	spread(traits)
	rules, rest := g.border(traits)
	if len(rules) == 0 || len(rest) == 0 {
		return Premises{}
	}
	reads := g.walked(func(f *function) bool { return slices.Contains(rules, f.name) })
	if reads.Input.Whole || reads.Input.Each != nil {
		return Premises{}
	}
	return Premises{Rules: rules, Rest: slices.Sorted(maps.Keys(reads.Input.Fields))}
}

// spread has every function that calls one which reads parameters read them, too.
func spread(all map[string]traits) {
	for changed := true; changed; {
		changed = false
		for name, t := range all {
			if !t.parameters && slices.ContainsFunc(t.calls, func(called string) bool { return all[called].parameters }) {
				t.parameters, changed = true, true
				all[name] = t
			}
		}
	}
}

// border goes from the entry points through functions that are no premises up to those that are.
func (g *Program) border(all map[string]traits) (premises, rest []string) {
	seen := map[string]bool{}
	next := make([]string, 0, len(g.entries))
	for _, f := range g.entries {
		next = append(next, f.name)
	}
	for len(next) > 0 {
		name := next[0]
		next = next[1:]
		if seen[name] {
			continue
		}
		seen[name] = true
		if t := all[name]; g.byName[name].rule && t.input && !t.parameters {
			premises = append(premises, name)
		} else {
			rest = append(rest, name)
			next = append(next, t.calls...)
		}
	}
	return premises, rest
}

// traits is what tells whether a function may be a premise.
type traits struct {
	uses
	parameters bool // it may read them
	opaque     bool // it replaces documents, or calls what only the evaluation tells
}

// traits looks at the statements of a function.
func (p *Plan) traits(f *ir.Func) traits {
	t := traits{uses: p.uses(f)}
	for _, b := range f.Blocks {
		p.look(&t, f.Params[1], b)
	}
	return t
}

func (p *Plan) look(t *traits, data ir.Local, b *ir.Block) {
	for _, s := range b.Stmts {
		switch s := s.(type) {
		case *ir.BlockStmt:
			for _, inner := range s.Blocks {
				p.look(t, data, inner)
			}
		case *ir.ScanStmt:
			t.parameters = t.parameters || s.Source == data
			p.look(t, data, s.Block)
		case *ir.NotStmt:
			p.look(t, data, s.Block)
		case *ir.WithStmt, *ir.CallDynamicStmt:
			t.opaque = true
		case *ir.DotStmt:
			t.parameters = t.parameters || p.reachesParameters(s, data)
		case *ir.CallStmt:
			args := s.Args
			if p.funcs[s.Func] != nil {
				args = args[2:]
			}
			t.parameters = t.parameters || slices.ContainsFunc(args, is(data))
		default:
			t.parameters = t.parameters || slices.ContainsFunc(operands(s), is(data))
		}
	}
}

// reachesParameters says whether a statement may take the parameters out of the data.
func (p *Plan) reachesParameters(s *ir.DotStmt, data ir.Local) bool {
	if is(data)(s.Key) {
		return true
	}
	name, constant := s.Key.Value.(ir.StringIndex)
	return is(data)(s.Source) && (!constant || p.string(name) == parameters)
}

func is(local ir.Local) func(ir.Operand) bool {
	return func(o ir.Operand) bool { return o.Value == ir.Val(local) }
}

// Premises evaluates the premises of the program over the input, and puts their values behind those given: nil for one that is
// undefined. Errors are those of [Machine.Eval]. If the guard, an entry point, is a premise and false, the others are left out.
func (m *Machine) Premises(guard int, values []*ast.Term) (all []*ast.Term, err error) {
	var value *ast.Term
	defer m.recovered(&value, &err)
	for _, f := range m.program.asked {
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
