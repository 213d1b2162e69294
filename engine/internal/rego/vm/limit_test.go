package vm_test

import (
	"errors"
	"testing"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/ir"
	"github.com/posture-score/posture/engine/internal/rego/limit"
	"github.com/posture-score/posture/engine/internal/rego/vm"
)

// program compiles rules of the package c.
func program(t *testing.T, rego string, rules ...string) *vm.Program {
	t.Helper()
	compiler, err := ast.CompileModulesWithOpt(map[string]string{"c.rego": "package c\n\n" + rego}, ast.CompileOpts{ParserOptions: ast.ParserOptions{RegoVersion: ast.RegoV1}})
	if err != nil {
		t.Fatal(err)
	}
	query := ""
	for i := range rules {
		rules[i] = "data.c." + rules[i]
		query += rules[i] + "; "
	}
	plan, err := ir.PlanQuery(t.Context(), compiler, ast.MustParseBody(query[:len(query)-2]))
	if err != nil {
		t.Fatal(err)
	}
	g, err := vm.Compile(plan, rules...)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// TestSteps holds that an evaluation takes the same number of steps whatever was evaluated before, and that a rule that reads no input
// counts by itself.
func TestSteps(t *testing.T) {
	g := program(t, `ok if count([x | some x in input.list; x in known]) > 1

known contains y if some y in data.list
`, "ok")
	list := make([]any, 1000)
	for i := range list {
		list[i] = i
	}
	data := ast.NewTerm(ast.MustInterfaceToValue(map[string]any{"list": list[:400]}))
	input := func(n int) vm.Input {
		return g.Term(ast.NewTerm(ast.MustInterfaceToValue(map[string]any{"list": list[:n]})))
	}
	m := g.Machine(vm.Env{Data: data, Now: time.Unix(0, 0), Limits: limit.Limits{Steps: 5000}})
	steps := func(n int) int64 {
		m.Begin(input(n), nil)
		if _, err := m.Eval(0); err != nil {
			t.Fatal(err)
		}
		return m.Steps()
	}
	first := steps(10)
	if again := steps(10); again != first {
		t.Errorf("the second evaluation took %d steps, the first %d", again, first)
	}
	if few, many := steps(20)-first, steps(30)-first; many != 2*few || few < 10 {
		t.Errorf("20 more iterations took %d steps, 10 more %d", many, few)
	}
	m.Begin(input(1000), nil)
	_, err := m.Eval(0)
	var exceeded *limit.Error
	if !errors.As(err, &exceeded) || exceeded.Rule != "data.c.ok" {
		t.Errorf("an evaluation of too many steps ended with %v", err)
	}
	if again := steps(10); again != first {
		t.Errorf("after a limit the evaluation took %d steps, before %d", again, first)
	}
}
