package dataflow

import (
	"maps"
	"slices"

	opair "github.com/open-policy-agent/opa/v1/ir"
)

// Invariant: if two environments differ only in data.parameters, and two inputs agree on the values of all frontier rules and on the
// residual fields, every entry point has the same value for both.

// Frontier is the rules between entry points and the input: those that read the input themselves, and no parameters.
type Frontier struct {
	Rules          []string // functions of the plan, entry points among them first
	ResidualFields []string // fields of the input that are read elsewhere, sorted
}

// frontier returns the frontier of the graph. It is empty if some access to the input bypasses every rule that could be in it, if the
// input is read whole, or if it would be nothing but the entry points, besides those that are the same for all.
func (g *Graph) frontier(paths AccessPaths) Frontier {
	if !g.Pure() || paths.Input.Whole || paths.Input.Each != nil {
		return Frontier{}
	}
	for _, f := range g.entries {
		if e := g.propagated[f.Name]; e.ReplacesDocuments || e.CallsDynamically {
			return Frontier{}
		}
	}
	rules, others := g.cut(func(f *opair.Func) bool {
		return len(f.Params) == 2 && g.own[f.Name].ReadsInput && !g.propagated[f.Name].ReadsParameters
	})
	depends := slices.ContainsFunc(others, func(name string) bool {
		return g.propagated[name].ReadsInput || g.propagated[name].ReadsParameters
	})
	if len(rules) == 0 || !depends {
		return Frontier{}
	}
	residual := g.accessPaths(func(name string) bool { return slices.Contains(rules, name) })
	return Frontier{Rules: rules, ResidualFields: slices.Sorted(maps.Keys(residual.Input.Fields))}
}

// cut walks the call graph from the entry points up to the functions that are in the frontier.
func (g *Graph) cut(in func(*opair.Func) bool) (frontier, others []string) {
	seen := map[string]bool{}
	var queue []string
	for _, f := range g.entries {
		queue = append(queue, f.Name)
	}
	for ; len(queue) > 0; queue = queue[1:] {
		name := queue[0]
		switch {
		case seen[name]:
		case in(g.functions[g.index[name]]):
			frontier = append(frontier, name)
		default:
			others = append(others, name)
			queue = append(queue, g.own[name].Calls...)
		}
		seen[name] = true
	}
	return frontier, others
}
