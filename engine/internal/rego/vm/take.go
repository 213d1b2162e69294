package vm

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/ir"
	"github.com/open-policy-agent/opa/v1/rego"
)

// Invariant: OPA gives a plan to whoever asked for it, by the context of the question: nothing is shared between two of them.

// target is the name by which OPA knows this package.
const target = "posture.closure"

// announce makes this package known to OPA, once for the program: OPA has one list of targets.
var announce = sync.OnceFunc(func() { rego.RegisterPlugin(target, plugin{}) })

// TakePlan has OPA plan a query over the modules of a compiler.
func TakePlan(ctx context.Context, compiler *ast.Compiler, query ast.Body) (plan *Plan, err error) {
	defer func() {
		if r := recover(); r != nil {
			plan, err = nil, fmt.Errorf("planning: %v", r)
		}
	}()
	announce()
	var taken *ir.Policy
	ctx = context.WithValue(ctx, wanted{}, &taken)
	if _, err := rego.New(rego.ParsedQuery(query), rego.Compiler(compiler), rego.Target(target)).PrepareForEval(ctx); err != nil {
		return nil, fmt.Errorf("planning: %w", err)
	}
	if taken == nil {
		return nil, errors.New("planning: OPA gave no plan")
	}
	return NewPlan(taken), nil
}

// wanted is the context's key for where to put the plan.
type wanted struct{}

// plugin is what OPA hands plans to.
type plugin struct{}

func (plugin) IsTarget(name string) bool { return name == target }

func (plugin) PrepareForEval(ctx context.Context, policy *ir.Policy, _ ...rego.PrepareOption) (rego.TargetPluginEval, error) {
	if into, ok := ctx.Value(wanted{}).(**ir.Policy); ok {
		*into = policy
	}
	return plugin{}, nil
}

// Eval is never called: who wants results compiles the plan.
func (plugin) Eval(context.Context, *rego.EvalContext, ast.Value) (ast.Value, error) {
	return nil, errors.New("a plan that was taken is not evaluated by OPA")
}
