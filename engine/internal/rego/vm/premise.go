package vm

import (
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Invariant: in worlds that differ in data.parameters alone, inputs of which the premises have the same values, and the rest the same,
// get the same from the entry points.

// Premises are the rules between a program and its input: those that read it themselves, and no parameters. What the entry points give
// follows from the values of the premises and from the rest: the members of the input that something else reads.
type Premises struct {
	Rules []string // functions of the plan, the entry points among them first
	Rest  []string // members of the input, sorted
}

// cut finds the premises of the program: none if the input is read as a whole, if it does not all pass through rules that can be told from
// the others, or if the entry points are all that there is to tell.
func (g *Program) cut() Premises {
	if g.impure || g.reads.Input.Whole || g.reads.Input.Each != nil {
		return Premises{}
	}
	all := maps.Clone(g.uses)
	spread(all)
	for _, f := range g.entries {
		if all[f.name].replaces || all[f.name].dynamic {
			return Premises{}
		}
	}
	rules, others := g.border(func(f *function) bool { return f.rule && g.uses[f.name].input && !all[f.name].parameters })
	if len(rules) == 0 || len(others) == 0 {
		return Premises{}
	}
	reads := g.walked(func(f *function) bool { return slices.Contains(rules, f.name) })
	return Premises{Rules: rules, Rest: slices.Sorted(maps.Keys(reads.Input.Fields))}
}

// border goes from the entry points through functions that are no premises up to those that are.
func (g *Program) border(premise func(*function) bool) (premises, others []string) {
	seen := map[string]bool{}
	next := make([]string, 0, len(g.entries))
	for _, f := range g.entries {
		next = append(next, f.name)
	}
	for len(next) > 0 {
		name := next[0]
		next = next[1:]
		switch {
		case seen[name]:
		case premise(g.byName[name]):
			premises = append(premises, name)
		default:
			others = append(others, name)
			next = append(next, g.uses[name].calls...)
		}
		seen[name] = true
	}
	return premises, others
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
