package vm

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/open-policy-agent/opa/v1/ast"
	opair "github.com/open-policy-agent/opa/v1/ir"

	"github.com/posture-score/posture/engine/internal/rego/ir"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// plannedRules returns a plan of rules of different kinds, with the rules of programs.
func plannedRules(t testing.TB) (*ir.Plan, [][]string) {
	t.Helper()
	compiler := must.Get(ast.CompileModulesWithOpt(map[string]string{"a.rego": `package a
p if { input.a.b > 1.5; some x in input.list; f(x) }
f(x) if { x.c == "d" }
f(x) if { not x.e; count(input.f[_]) > 1 }
q contains x if { some x, _ in data.evidence.g; x != input.h with input.h as 1 }
r := {"s": [input.a, null, true], "t": {y | y := input.list[_].c}} if { every z in input.list { z } }
`}, ast.CompileOpts{ParserOptions: ast.ParserOptions{RegoVersion: ast.RegoV1}}))(t)
	query := must.Get(compiler.QueryCompiler().Compile(ast.MustParseBodyWithOpts("data.a.p; data.a.q; data.a.r", ast.ParserOptions{RegoVersion: ast.RegoV1})))(t)
	plan := must.Get(ir.PlanQuery(t.Context(), compiler, query))(t)
	return plan, [][]string{{"data.a.p"}, {"data.a.q", "data.a.p"}, {"data.a.r"}}
}

// TestCachedPlan: programs of a cached plan are those of the plan.
func TestCachedPlan(t *testing.T) {
	plan, programs := plannedRules(t)
	text := must.Get(Marshal(plan, append(slices.Clone(programs), []string{"data.a.nothing"})))(t)
	cached := must.Get(Unmarshal(string(text)))(t)
	for _, rules := range programs {
		want := must.Get(Compile(plan, rules...))(t)
		summary, ok := cached.Summary(rules)
		if diff := cmp.Diff(want.Summary(), summary); !ok || diff != "" {
			t.Errorf("%v: summary, found %v (-want +got):\n%s", rules, ok, diff)
		}
		got := must.Get(cached.Compile(rules))(t)
		expect.Equalf(t, want.Summary(), got.Summary(), "%v: summary of the program", rules)
		if len(want.functions) != len(got.functions) {
			t.Fatalf("%v: %d functions, want %d", rules, len(got.functions), len(want.functions))
		}
		for i, f := range want.functions {
			if diff := cmp.Diff(f.source, got.functions[i].source, cmpopts.IgnoreFields(opair.Location{}, "EndCol", "EndRow", "Text"), cmpopts.IgnoreUnexported(opair.Location{})); diff != "" || f.invariant != got.functions[i].invariant {
				t.Errorf("%v: the function %s (-want +got):\n%s", rules, f.name, diff)
			}
		}
	}
	if _, ok := cached.Summary([]string{"data.a.nothing"}); ok {
		t.Error("something is known of a rule that does not exist")
	}
	if _, err := cached.Compile([]string{"data.a.nothing"}); err == nil {
		t.Error("a rule that does not exist was compiled")
	}
}

// FuzzUnmarshal: a damaged plan is an error, at the latest when it is compiled, and never a panic.
func FuzzUnmarshal(f *testing.F) {
	plan, programs := plannedRules(f)
	text := must.Get(Marshal(plan, programs))(f)
	f.Add(string(text))
	for i := 0; i < len(text); i += 7 {
		damaged := slices.Clone(text)
		damaged[i]++
		f.Add(string(damaged))
		f.Add(string(text[:i]))
	}
	f.Fuzz(func(_ *testing.T, text string) {
		cached, err := Unmarshal(text)
		if err != nil {
			return
		}
		for _, rules := range programs {
			_, _ = cached.Compile(rules)
		}
	})
}
