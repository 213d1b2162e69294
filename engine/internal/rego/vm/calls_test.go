package vm_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/vm"
	"github.com/posture-score/posture/internal/must"
)

// TestCalls holds that machines that share calls return what each returns alone, in as many steps, whatever the functions depend on.
func TestCalls(t *testing.T) {
	for name, module := range map[string]string{
		"its arguments":           "f(x) := sprintf(\"%v\", [x])",
		"a part of them":          "f(x) := {y | some y in x}",
		"undefined for some":      "f(x) := 1 if x.a == 1",
		"a function":              "f(x) := g(x, 1)\ng(x, n) := [x, n]",
		"a constant rule":         "f(x) := [x, r]\nr := {1, 2}",
		"the input":               "f(x) := [x, input.b]",
		"a rule of the input":     "f(x) := [x, r]\nr := input.b",
		"data":                    "f(x) := [x, data.evidence.n]",
		"parameters":              "f(x) := [x, data.parameters.n]",
		"data as a whole":         "f(x) := [x, data.evidence[y]] if some y in [\"n\"]",
		"a rule of data":          "f(x) := [x, r]\nr := data.evidence.n",
		"an element of data":      "f(x) := [y | some y in data.evidence.list; y == x]",
		"a call that fails":       "f(x) := to_number(x)",
		"documents that it hides": "f(x) := y if y := g(x) with input.b as x\ng(x) := [x, input.b]",
	} {
		t.Run(name, func(t *testing.T) {
			g := planned(t, "package a\n\np := f(input.a)\n\nq := [f(input.c), f(input.a)]\n\n"+module+"\n")
			calls := vm.NewCalls()
			var alone, shared []*vm.Machine
			for n := range 2 {
				env := vm.Env{Now: time.Unix(0, 0), Data: ast.MustParseTerm(fmt.Sprintf(`{"evidence": {"n": %d, "list": [1, %d]}, "parameters": {"n": %d}}`, n, n, n))}
				alone, shared = append(alone, g.Machine(env)), append(shared, g.Machine(env))
				shared[n].Share(calls)
			}
			values := []string{
				`1`, `1.0`, `"1"`, `"x"`, `null`, `true`, `false`, `[]`, `[1]`, `[1.0]`, `[[1], 2]`, `[[1.0], 2]`, `{}`, `{"a": 1}`, `{"a": 1.0}`, `{"a": 1, "b": 1}`, `{"b": 1, "a": 1}`,
			}
			for _, a := range values {
				for i, b := range values {
					input := fmt.Sprintf(`{"a": %s, "b": %d, "c": %s}`, a, i%2, b)
					for n := range alone {
						if diff := cmp.Diff(evaluated(alone[n], g, input), evaluated(shared[n], g, input)); diff != "" {
							t.Fatalf("%s (-alone +shared):\n%s", input, diff)
						}
					}
				}
			}
		})
	}
}

// evaluated tells what the entry points are for an input.
func evaluated(m *vm.Machine, g *vm.Program, input string) (told []string) {
	m.Begin(g.Term(ast.MustParseTerm(input)), nil)
	for i := range 2 {
		value, err := m.Eval(i)
		told = append(told, fmt.Sprint(value, err))
	}
	return append(told, fmt.Sprint(m.BuiltinError(), m.Steps()))
}

// TestCallsAreShared holds that a machine gets from another one what it would evaluate itself.
func TestCallsAreShared(t *testing.T) {
	g := planned(t, "package a\n\np := f(input.a, input.b)\n\nq := f(input.a, input.b)\n\nf(x, y) := {x: y}\n")
	calls, env := vm.NewCalls(), vm.Env{Now: time.Unix(0, 0), Data: ast.MustParseTerm(`{}`)}
	one, other := g.Machine(env), g.Machine(env)
	one.Share(calls)
	other.Share(calls)
	ask := func(m *vm.Machine, input string) *ast.Term {
		m.Begin(g.Term(ast.MustParseTerm(input)), nil)
		return must.Get(m.Eval(0))(t)
	}
	first := ask(one, `{"a": "x", "b": [1, {"c": null}]}`)
	if ask(other, `{"a": "x", "b": [1, {"c": null}]}`) != first {
		t.Error("the same call was made twice")
	}
	if ask(other, `{"a": "x", "b": [1.0, {"c": null}]}`) == first {
		t.Error("another call was not made")
	}
	for i := range 100 { // none is like the one before
		ask(one, fmt.Sprintf(`{"a": "x", "b": %d}`, i))
	}
	again := ask(one, `{"a": "x", "b": 1}`)
	if again == ask(one, `{"a": "x", "b": 1}`) {
		t.Error("calls that mostly differ are still remembered")
	}
}
