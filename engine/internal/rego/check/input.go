package check

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
)

// Invariant: an input holds only values of the test itself.

// Input is the values that one expression of a test passes to rules by "with".
type Input struct {
	Package  string // of the test, such as policies.entra.admin_mfa_test
	Test     string // its name
	Path     string
	Row      int
	Input    any            // as decoded JSON; nil if there is none
	Evidence map[string]any // data.evidence
	Context  map[string]any // data.context
}

// inputsRule is the name of the rule that is added to a module of tests: the set of its inputs.
const inputsRule = "posture_inputs"

// Inputs returns the inputs of the tests among the modules, sorted by path and row. An expression whose values can't be evaluated by
// themselves is left out.
func Inputs(ctx context.Context, modules []Module) (inputs []Input, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("reading the inputs of tests: OPA failed: %v", r)
		}
	}()
	parsed, problems := parse(ctx, modules)
	if len(problems) > 0 {
		return nil, &Error{Diagnostics: sortProblems(problems)}
	}
	trees := map[string]*ast.Module{}
	for _, m := range parsed {
		tree := m.ast.Copy()
		if isTest(packageName(tree.Package.Path)) {
			tree.Rules = append(tree.Rules, inputRules(tree)...)
		}
		trees[m.Path] = tree
	}
	// A part of a test may leave variables unused, which a strict compiler refuses.
	compiler := newCompiler(nil).WithStrict(false)
	if compiler.Compile(trees); compiler.Failed() {
		return nil, fmt.Errorf("reading the inputs of tests: %w", compiler.Errors)
	}
	for _, file := range sortedKeys(trees) {
		pkg := packageName(trees[file].Package.Path)
		if !isTest(pkg) {
			continue
		}
		found, err := evaluateInputs(ctx, compiler, pkg, file)
		if err != nil {
			return nil, err
		}
		inputs = append(inputs, found...)
	}
	slices.SortStableFunc(inputs, func(a, b Input) int { return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Row, b.Row)) })
	return inputs, nil
}

// inputRules returns a rule for each expression of the module that has "with". Its value is the input, under the conditions before the
// expression.
func inputRules(tree *ast.Module) []*ast.Rule {
	var rules []*ast.Rule
	for _, r := range tree.Rules {
		if len(r.Head.Args) > 0 {
			continue // its values depend on the arguments
		}
		for i, expr := range r.Body {
			values := replacements(expr)
			if values == nil {
				continue
			}
			body := ast.NewBody()
			for _, before := range r.Body[:i] {
				body.Append(before.Copy())
			}
			if len(body) == 0 {
				body.Append(ast.NewExpr(ast.BooleanTerm(true)))
			}
			key := ast.ArrayTerm(ast.StringTerm(ruleName(r)), ast.IntNumberTerm(expr.Location.Row), values)
			head := ast.NewHead(ast.Var(inputsRule), key)
			head.Location = expr.Location
			rule := &ast.Rule{Head: head, Body: body, Module: tree, Location: expr.Location}
			rules = append(rules, rule)
		}
	}
	return rules
}

// replacements returns an object of the values by which an expression replaces input, data.evidence and data.context; nil if it
// replaces none of them, or only a part.
func replacements(expr *ast.Expr) *ast.Term {
	values := [][2]*ast.Term{}
	for _, with := range expr.With {
		target, ok := with.Target.Value.(ast.Ref)
		if !ok {
			return nil
		}
		switch name := target.String(); {
		case name == "input", name == "data.evidence", name == "data.context":
			values = append(values, ast.Item(ast.StringTerm(name), with.Value.Copy()))
		case strings.HasPrefix(name, "input."), strings.HasPrefix(name, "data.evidence."), strings.HasPrefix(name, "data.context."):
			return nil // a part of a value
		}
	}
	if len(values) == 0 {
		return nil
	}
	return ast.ObjectTerm(values...)
}

// evaluateInputs returns the inputs of a package of tests to which inputRules were added.
func evaluateInputs(ctx context.Context, compiler *ast.Compiler, pkg, file string) ([]Input, error) {
	query := rego.New(rego.Compiler(compiler), rego.Query("found := data."+pkg+"."+inputsRule))
	results, err := query.Eval(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the inputs of %s: %w", file, err)
	}
	var inputs []Input
	for _, result := range results {
		list, _ := result.Bindings["found"].([]any)
		for _, element := range list {
			entry, _ := element.([]any)
			if len(entry) != 3 {
				continue
			}
			in := Input{Package: pkg, Path: file}
			in.Test, _ = entry[0].(string)
			in.Row = integer(entry[1])
			values, _ := entry[2].(map[string]any)
			in.Input = values["input"]
			in.Evidence, _ = values["data.evidence"].(map[string]any)
			in.Context, _ = values["data.context"].(map[string]any)
			inputs = append(inputs, in)
		}
	}
	return inputs, nil
}

func integer(value any) int {
	var n int
	_, _ = fmt.Sscan(fmt.Sprint(value), &n)
	return n
}
