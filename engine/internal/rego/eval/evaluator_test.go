package eval_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/eval"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

var noon = time.Date(2026, 10, 1, 12, 0, 0, 0, time.FixedZone("", 2*3600))

// A rule is compiled once and evaluated over any number of inputs.
func Example() {
	rule, err := prepare(`
default in_scope := true
in_scope := false if input.enabled == false

default compliant := false
compliant if input.methods >= data.parameters.least

reasons contains "too few methods" if not compliant
`)
	if err != nil {
		log.Fatal(err)
	}
	env := eval.NewEnv(noon, nil, ast.MustInterfaceToValue(map[string]any{"least": 2}))
	users := rule.NewEvaluator(context.Background(), env)
	for _, user := range []any{
		map[string]any{"methods": 2},
		map[string]any{"methods": 1},
		map[string]any{"methods": 2, "enabled": false},
	} {
		result, err := users.Eval(rule.Input(ast.MustInterfaceToValue(user)))
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(result.Guard, result.Decision, result.Reasons)
	}
	// Output:
	// true true []
	// true false [too few methods]
	// false <nil> []
}

func limits() eval.Limits {
	limits := eval.DefaultLimits()
	limits.Steps, limits.Bytes = 1_000_000, 4<<20
	return limits
}

// prepare compiles the rules of a coverage control.
func prepare(text string) (*eval.Rule, error) {
	compiler, err := ast.CompileModulesWithOpt(map[string]string{"c.rego": "package policies.c\n" + text},
		ast.CompileOpts{ParserOptions: ast.ParserOptions{RegoVersion: ast.RegoV1}})
	if err != nil {
		return nil, err
	}
	asked := eval.Query{Package: "policies.c", Entrypoints: eval.Entrypoints{Guard: "in_scope", Decision: "compliant", Reasons: eval.FailingReasons}}
	if !strings.Contains(text, "reasons") {
		asked.Reasons = eval.NoReasons
	}
	rules, err := eval.Compile(context.Background(), eval.Policy{Compiler: func(string) *ast.Compiler { return compiler }}, []eval.Query{asked}, limits())
	return rules[asked], err
}

// ask evaluates a rule once.
func ask(ctx context.Context, rule *eval.Rule, env *eval.Env, input ast.Value) (eval.Result, error) {
	return rule.NewEvaluator(ctx, env).Eval(rule.Input(input))
}

// TestGuardComesFirst: a decision is not evaluated where the guard is false: it may fail there.
func TestGuardComesFirst(t *testing.T) {
	rule, err := prepare("in_scope := false\ncompliant := to_number(\"x\")\n")
	must.Do(t, err)
	result, err := ask(t.Context(), rule, env(nil), ast.NullValue)
	if err != nil || result.Guard || result.Decision != nil {
		t.Errorf("got %+v, %v; want no decision, out of scope, no error", result, err)
	}
}

func TestWorld(t *testing.T) {
	evidence := map[string]ast.Value{
		"entra.domains":   ast.MustInterfaceToValue([]any{map[string]any{"id": "a.example"}}),
		"entra.users":     ast.MustInterfaceToValue([]any{}),
		"teams.something": ast.MustInterfaceToValue(map[string]any{"on": true}),
	}
	for _, test := range []struct{ expression, want string }{
		{"data.evidence.entra.domains[0].id", `"a.example"`},
		{"count(data.evidence.entra.users)", "0"},
		{"data.evidence.teams.something.on", "true"},
		{"data.parameters.none", ""},
		{"data.evidence.entra.none", ""},
		{"data.now", `"2026-10-01T10:00:00Z"`},
		{"time.now_ns()", fmt.Sprint(noon.UnixNano())},
	} {
		rule, err := prepare("in_scope := true\ncompliant := " + test.expression)
		must.Do(t, err)
		result, err := ask(t.Context(), rule, env(evidence), ast.NullValue)
		got := ""
		if err == nil {
			got = result.Decision.String()
		}
		expect.Equalf(t, test.want, got, "%s", test.expression)
	}
}

func env(evidence map[string]ast.Value) *eval.Env {
	return eval.NewEnv(noon, evidence, ast.NewObject())
}

// TestEndOfContext distinguishes the end of the run, which is the caller's, from a limit, which is an error of the rule.
func TestEndOfContext(t *testing.T) {
	rule := must.Get(prepare("in_scope := true\ncompliant := count([x | some x in numbers.range(1, 1000000000)]) == 0\n"))(t)
	var own *eval.Error
	if _, err := ask(t.Context(), rule, env(nil), ast.NullValue); !errors.As(err, &own) {
		t.Errorf("a rule without end: got %v, want an error of the rule", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ask(ctx, rule, env(nil), ast.NullValue); !errors.Is(err, context.Canceled) || errors.As(err, &own) {
		t.Errorf("a context that ends: got %v, want that of the context", err)
	}
}

// TestMessages: errors read as topdown words them, with the location in the policy.
func TestMessages(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"a failing function":  {"in_scope := true\ncompliant if to_number(input.n) > 2", "c.rego:3: to_number: strconv.ParseFloat: parsing \"x\": invalid syntax"},
		"conflicting values":  {"in_scope := true\ncompliant := true\ncompliant := input.b", "c.rego:4: rule data.policies.c.compliant produced conflicting values: true at c.rego:3 false at c.rego:4"},
		"undefined":           {"in_scope := true\ncompliant if input.none", "compliant is undefined for this evidence; give it a default"},
		"an undefined guard":  {"in_scope if input.none\ncompliant := true", "in_scope is undefined for this evidence; give it a default"},
		"a guard of a string": {"in_scope := \"yes\"\ncompliant := true", "in_scope has to be true or false; it is a string"},
		"long reasons":        {"in_scope := true\ncompliant := false\nreasons contains concat(\"\", [\"x\" | some x in numbers.range(1, 600)])", "the rule gave a reason of 600 bytes, more than the limit of 500"},
		"many reasons":        {"in_scope := true\ncompliant := false\nreasons contains sprintf(\"%d\", [x]) if some x in numbers.range(1, 51)", "the rule gave 51 reasons, more than the limit of 50"},
		"reasons of numbers":  {"in_scope := true\ncompliant := false\nreasons contains 1", "reasons has to be a set of strings; it holds a number"},
	} {
		rule, err := prepare(test.text)
		must.Do(t, err)
		_, err = ask(t.Context(), rule, env(nil), ast.MustInterfaceToValue(map[string]any{"n": "x", "b": false}))
		var own *eval.Error
		if !errors.As(err, &own) || own.Message != test.want {
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		}
	}
}

// TestSkippedFailure: topdown decides where the VM fails, since its rule index may skip the rule that fails.
func TestSkippedFailure(t *testing.T) {
	rule, err := prepare("in_scope := true\ndefault compliant := false\ncompliant if {\n\tto_number(input.n) > 2\n\tinput.kind == \"number\"\n}")
	must.Do(t, err)
	result, err := ask(t.Context(), rule, env(nil), ast.MustInterfaceToValue(map[string]any{"n": "x", "kind": "text"}))
	if err != nil || result.Decision != ast.Boolean(false) {
		t.Errorf("got %v, %v; want false without a failure", result, err)
	}
}

// TestAfterLimit: an evaluator goes on after an evaluation that exceeded a limit.
func TestAfterLimit(t *testing.T) {
	rule := must.Get(prepare("in_scope := true\ncompliant := count([x | some x in numbers.range(1, input)]) > 0\n"))(t)
	j := rule.NewEvaluator(t.Context(), env(nil))
	var own *eval.Error
	if _, err := j.Eval(rule.Input(ast.Number("1000000000"))); !errors.As(err, &own) {
		t.Errorf("a rule without end: got %v, want an error of the rule", err)
	}
	if result, err := j.Eval(rule.Input(ast.Number("10"))); err != nil || result.Decision != ast.Boolean(true) {
		t.Errorf("after that: got %v, %v; want true", result, err)
	}
}

// TestFallback: a rule that can't be compiled is interpreted by topdown, and reports why.
func TestFallback(t *testing.T) {
	// OPA's planner refuses rules that refer to others under the same prefix, from within.
	rule := must.Get(prepare("in_scope := true\n_kinds[x] := 1 if some x in [\"a\"]\n_kinds.b := _kinds.a\ncompliant := _kinds.b == 1\n"))(t)
	if rule.Fallback() == "" {
		t.Fatal("the rule is compiled; the test needs one that isn't")
	}
	if result, err := ask(t.Context(), rule, env(nil), ast.NullValue); err != nil || result.Decision != ast.Boolean(true) {
		t.Errorf("got %v, %v; want true", result, err)
	}
	if rule.Pure() || !rule.AccessPaths().Input.Whole {
		t.Error("nothing is known of what the rule reads, so it has to count as reading everything, and as remembered by nobody")
	}
}

// TestEqualValuesWrittenDifferently: of equal values, such as 1 and 1.0, the VM keeps the one that topdown keeps.
func TestEqualValuesWrittenDifferently(t *testing.T) {
	for name, body := range map[string]string{
		"some":                 "_n := v if some v in input.list",
		"two rules":            "_n := input.list[0] if input.list\n_n := input.list[1] if input.list",
		"object":               "_o[\"k\"] := v if some v in input.list\n_n := _o.k",
		"set":                  "_s contains v if some v in input.list\n_n := x if some x in _s",
		"function":             "_f(x) := x.list[0]\n_f(x) := x.list[1] if x.list\n_n := _f(input)",
		"set comprehension":    "_n := {v | some v in input.list}",
		"object comprehension": "_n := {\"k\": v | some v in input.list}",
		"array":                "_n := [v | some v in input.list]",
	} {
		policy := "package policies.test.c\n\ncompliant := false\n\nreasons contains sprintf(\"%v\", [[_n]])\n\n" + body + "\n"
		compiler := must.Get(ast.CompileModulesWithOpt(map[string]string{"c.rego": policy}, ast.CompileOpts{ParserOptions: ast.ParserOptions{RegoVersion: ast.RegoV1}}))(t)
		rego := eval.Policy{Compiler: func(string) *ast.Compiler { return compiler }}
		asked := eval.Query{Package: "policies.test.c", Entrypoints: eval.Entrypoints{Decision: "compliant", Reasons: eval.FailingReasons}}
		rules := must.Get(eval.Compile(t.Context(), rego, []eval.Query{asked}, eval.DefaultLimits()))(t)
		rule := rules[asked]
		env := eval.NewEnv(noon, nil, ast.NewObject())
		for _, text := range []string{`{"list": [1, 1.0]}`, `{"list": [1.0, 1]}`} {
			input := ast.MustParseTerm(text).Value
			want, err1 := rule.WithInterpreter().NewEvaluator(t.Context(), env).Eval(rule.WithInterpreter().Input(input))
			got, err2 := rule.NewEvaluator(t.Context(), env).Eval(rule.Input(input))
			if err1 != nil || err2 != nil {
				t.Fatal(err1, err2)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s of %s (-topdown +closures):\n%s", name, text, diff)
			}
		}
	}
}
