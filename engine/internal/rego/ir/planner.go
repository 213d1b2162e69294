package ir

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/ir"
	"github.com/open-policy-agent/opa/v1/rego"
)

// Invariant: a plan goes to the call of PlanQuery that asked for it, by a key in that call's context: calls share nothing.

// target is the name under which OPA knows the target plugin.
const target = "posture.closure"

// registerTarget adds the target plugin to OPA's list of targets, which is global: once per process.
var registerTarget = sync.OnceFunc(func() { rego.RegisterPlugin(target, plugin{}) })

// PlanQuery returns OPA's plan of a query over the modules of a compiler. OPA has no function for that, but hands the plan of a query to
// the PrepareForEval of its target plugin: this package registers a plugin that captures it.
func PlanQuery(ctx context.Context, compiler *ast.Compiler, query ast.Body) (plan *Plan, err error) {
	defer func() {
		if r := recover(); r != nil {
			plan, err = nil, fmt.Errorf("planning: %v", r)
		}
	}()
	registerTarget()
	var captured *ir.Policy
	ctx = context.WithValue(ctx, planSinkKey{}, &captured)
	if _, err := rego.New(rego.ParsedQuery(query), rego.Compiler(compiler), rego.Target(target)).PrepareForEval(ctx); err != nil {
		return nil, fmt.Errorf("planning: %w", err)
	}
	if captured == nil {
		return nil, errors.New("planning: OPA gave no plan")
	}
	return New(captured), nil
}

// atOnce is how many rules are asked for in one body: what OPA does with a body grows with the square of its expressions.
const atOnce = 64

// PlanRules returns OPA's plan of rules, by their paths. Its query has no meaning of its own.
func PlanRules(ctx context.Context, compiler *ast.Compiler, paths []string) (*Plan, error) {
	query := strings.Join(paths, "; ")
	if len(paths) > atOnce {
		var bodies []string
		for some := range slices.Chunk(paths, atOnce) {
			bodies = append(bodies, "[1 | "+strings.Join(some, "; ")+"]")
		}
		query = strings.Join(bodies, "; ")
	}
	body, err := CompileQuery(compiler, query)
	if err != nil {
		return nil, err
	}
	return PlanQuery(ctx, compiler, body)
}

// CompileQuery parses and compiles a query.
func CompileQuery(compiler *ast.Compiler, query string) (ast.Body, error) {
	body, err := ast.ParseBodyWithOpts(query, ast.ParserOptions{RegoVersion: ast.RegoV1})
	if err != nil {
		return nil, err
	}
	return compiler.QueryCompiler().Compile(body)
}

// planSinkKey is the context key of the variable that receives the plan.
type planSinkKey struct{}

// plugin is a [rego.TargetPlugin] that captures plans.
type plugin struct{}

func (plugin) IsTarget(name string) bool { return name == target }

func (plugin) PrepareForEval(ctx context.Context, policy *ir.Policy, _ ...rego.PrepareOption) (rego.TargetPluginEval, error) {
	if sink, ok := ctx.Value(planSinkKey{}).(**ir.Policy); ok {
		*sink = policy
	}
	return plugin{}, nil
}

// Eval is never called: a captured plan is evaluated by package vm.
func (plugin) Eval(context.Context, *rego.EvalContext, ast.Value) (ast.Value, error) {
	return nil, errors.New("a captured plan is not evaluated by OPA")
}
