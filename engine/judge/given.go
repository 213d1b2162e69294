package judge

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Some rules of a package say nothing of its input: the mail policies in the order in which they apply are the same for every
// mailbox. Topdown would work them out anew for each input. So a world works them out once, and evaluations are told their values
// by "with". A rule that gives no value, or fails, is left to the evaluation, which then says so.

// constants returns the names of the package's complete rules that depend on no input, sorted. Decisions are not among them. There
// are none if anything in the package, or that it uses, could tell a value that is given from one that is worked out.
func constants(compiler *ast.Compiler, pkg string, decisions ...string) []string {
	byName := map[string][]*ast.Rule{}
	if changesWorld(compiler, pkg) {
		return nil
	}
	for _, module := range compiler.Modules {
		if module.Package.Path.String() != "data."+pkg {
			continue
		}
		for _, rule := range module.Rules {
			byName[string(rule.Head.Name)] = append(byName[string(rule.Head.Name)], rule)
		}
	}
	var names []string
	for name, rules := range byName {
		if slices.Contains(decisions, name) || slices.ContainsFunc(rules, func(r *ast.Rule) bool {
			return r.Head.DocKind() != ast.CompleteDoc || len(r.Head.Args) > 0 || len(r.Head.Reference) != 1 || !constant(compiler, r, map[*ast.Rule]bool{})
		}) {
			continue
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// changesWorld says whether the package, or a rule that it depends on, evaluates something "with" other data or functions (what was
// worked out beforehand would not follow), or reads the place of what is given.
func changesWorld(compiler *ast.Compiler, pkg string) bool {
	changes, seen := false, map[*ast.Rule]bool{}
	var look func(*ast.Rule)
	look = func(rule *ast.Rule) {
		if changes || seen[rule] {
			return
		}
		seen[rule] = true
		ast.WalkWiths(rule, func(with *ast.With) bool {
			target, _ := with.Target.Value.(ast.Ref)
			changes = changes || !target.HasPrefix(ast.InputRootRef)
			return changes
		})
		ast.WalkRefs(rule, func(ref ast.Ref) bool {
			changes = changes || ref.HasPrefix(ast.DefaultRootRef) && (len(ref) == 1 || !ref[1].IsGround() || ref[1].Equal(given))
			return changes
		})
		for node := range compiler.Graph.Dependencies(rule) {
			if needed, ok := node.(*ast.Rule); ok {
				look(needed)
			}
		}
	}
	for _, module := range compiler.Modules {
		if module.Package.Path.String() == "data."+pkg {
			for _, rule := range module.Rules {
				look(rule)
			}
		}
	}
	return changes
}

// given is where in the world the values of constants are.
var given = ast.StringTerm("given")

// constant says whether neither the rule nor any rule that it depends on reads the input.
func constant(compiler *ast.Compiler, rule *ast.Rule, seen map[*ast.Rule]bool) bool {
	if seen[rule] {
		return true
	}
	seen[rule] = true
	reads := false
	ast.WalkRefs(rule, func(ref ast.Ref) bool {
		reads = reads || ref.HasPrefix(ast.InputRootRef)
		return reads
	})
	ast.WalkTerms(rule, func(term *ast.Term) bool {
		reads = reads || term.Equal(ast.InputRootDocument)
		return reads
	})
	if reads {
		return false
	}
	for node := range compiler.Graph.Dependencies(rule) {
		if needed, ok := node.(*ast.Rule); ok && !constant(compiler, needed, seen) {
			return false
		}
	}
	return true
}

// withGiven returns the query with the constants of the package taken from the world.
func withGiven(query, pkg string, names []string) string {
	var b strings.Builder
	b.WriteString(query)
	for _, name := range names {
		fmt.Fprintf(&b, " with data.%s.%s as data.given.%s", pkg, name, name)
	}
	return b.String()
}

// valuesOf is an object of the values of rules of a package.
func valuesOf(pkg string, names []string) string {
	fields := make([]string, len(names))
	for i, name := range names {
		fields[i] = fmt.Sprintf("%q: data.%s.%s", name, pkg, name)
	}
	return "{" + strings.Join(fields, ", ") + "}"
}

// give works out the constants of the rule in the world. If any of them has no value the world is left as it is.
func (r *Rule) give(ctx context.Context, world *World) (*World, error) {
	if r.constants == nil {
		return world, nil
	}
	answer, err := r.run(ctx, r.constants, world, ast.NullValue)
	var failure *Error
	if errors.As(err, &failure) {
		return world, nil
	}
	if err != nil {
		return nil, err
	}
	values, ok := answer.(ast.Object)
	if !ok {
		return world, nil
	}
	complete := *world
	complete.root, _ = world.root.Merge(ast.NewObject([2]*ast.Term{given, ast.NewTerm(values)}))
	complete.complete = true
	return &complete, nil
}
