package judge_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/judge"
)

var noon = time.Date(2026, 10, 1, 12, 0, 0, 0, time.FixedZone("", 2*3600))

// A rule is prepared once and asked about any number of inputs.
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
	world := judge.NewWorld(noon, nil, ast.MustInterfaceToValue(map[string]any{"least": 2}))
	for _, user := range []any{
		map[string]any{"methods": 2},
		map[string]any{"methods": 1},
		map[string]any{"methods": 2, "enabled": false},
	} {
		input := ast.MustInterfaceToValue(user)
		answer, err := rule.Ask(context.Background(), world, input)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(answer.Open, answer.Decision, answer.Reasons)
	}
	// Output:
	// true true []
	// true false [too few methods]
	// false <nil> []
}

// prepare readies the rules of a coverage control.
func prepare(text string) (*judge.Rule, error) {
	compiler, err := ast.CompileModulesWithOpt(map[string]string{"c.rego": "package policies.c\n" + text},
		ast.CompileOpts{ParserOptions: ast.ParserOptions{RegoVersion: ast.RegoV1}})
	if err != nil {
		return nil, err
	}
	limits := judge.DefaultLimits()
	limits.Time = 200 * time.Millisecond
	return judge.Prepare(compiler, "policies.c", judge.Decisions{Guard: "in_scope", Main: "compliant", Reasons: judge.Failing}, limits)
}

// TestGuardComesFirst holds that a decision is not even tried on what is out of scope: it may fail there.
func TestGuardComesFirst(t *testing.T) {
	rule, err := prepare("in_scope := false\ncompliant := to_number(\"x\")\n")
	if err != nil {
		t.Fatal(err)
	}
	answer, err := rule.Ask(t.Context(), world(nil), ast.NullValue)
	if err != nil || answer.Open || answer.Decision != nil {
		t.Errorf("got %+v, %v; want no decision, out of scope, no error", answer, err)
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
		if err != nil {
			t.Fatal(err)
		}
		answer, err := rule.Ask(t.Context(), world(evidence), ast.NullValue)
		got := ""
		if err == nil {
			got = answer.Decision.String()
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.expression, diff)
		}
	}
}

func world(evidence map[string]ast.Value) *judge.World {
	return judge.NewWorld(noon, evidence, ast.NewObject())
}

// TestEndOfContext tells the end of the run, which is the caller's, from the end of a rule's time, which is the rule's own fault.
func TestEndOfContext(t *testing.T) {
	rule, err := prepare("in_scope := true\ncompliant := count([x | some x in numbers.range(1, 1000000000)]) == 0\n")
	if err != nil {
		t.Fatal(err)
	}
	var own *judge.Error
	if _, err := rule.Ask(t.Context(), world(nil), ast.NullValue); !errors.As(err, &own) {
		t.Errorf("a rule without end: got %v, want an error of the rule", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := rule.Ask(ctx, world(nil), ast.NullValue); !errors.Is(err, context.DeadlineExceeded) || errors.As(err, &own) {
		t.Errorf("a context that ends: got %v, want that of the context", err)
	}
}

// TestConstants holds that working out beforehand what is the same for every input changes no answer, also where such a rule has
// no value or fails.
func TestConstants(t *testing.T) {
	inputs := []any{map[string]any{"n": 1}, map[string]any{"n": 3}, map[string]any{}}
	for name, text := range map[string]string{
		"none":      "in_scope := true\ncompliant := input.n > 2",
		"used":      "in_scope := true\n_least := max({2, data.parameters.least})\ncompliant := input.n > _least",
		"a chain":   "in_scope := true\n_a := {1, 2}\n_b := count(_a)\ncompliant := input.n > _b\nreasons contains sprintf(\"at least %d\", [_b])",
		"undefined": "in_scope := true\n_none := 1 if data.parameters.none\ncompliant := true if not _none",
		"failing":   "in_scope := input.n != 1\n_bad := to_number(data.now)\ncompliant := _bad > 1",
		"else":      "in_scope := true\n_a := 1 if data.parameters.none\nelse := input.n\ncompliant := _a > 2",
		"with data": "in_scope := true\n_least := data.parameters.least\ncompliant if {\n\tinput.n > 2\n\t_least == 5 with data.parameters.least as 5\n}",
		"with rule": "in_scope := true\n_a := 1\n_b := _a + 1\ncompliant if _b == 11 with data.policies.c._a as 10",
		"with call": "in_scope := true\n_seven(_) := 7\n_c := count([1])\ncompliant if _c == 7 with count as _seven",
		"given":     "in_scope := true\n_a := 1\ncompliant := _a == 1 if not data.given",
		"of input":  "in_scope := true\n_n := input.n\n_double := _n * 2\ncompliant := _double > 5",
	} {
		rule, err := prepare(text)
		if err != nil {
			t.Fatal(err)
		}
		parameters := ast.MustInterfaceToValue(map[string]any{"least": 2})
		beforehand, err := rule.World(t.Context(), noon, nil, parameters)
		if err != nil {
			t.Fatal(err)
		}
		for _, input := range inputs {
			value := ast.MustInterfaceToValue(input)
			want, wantErr := rule.Ask(t.Context(), judge.NewWorld(noon, nil, parameters), value)
			got, gotErr := rule.Ask(t.Context(), beforehand, value)
			if diff := cmp.Diff(fmt.Sprint(want, wantErr), fmt.Sprint(got, gotErr)); diff != "" {
				t.Errorf("%s: %v (-each time +beforehand):\n%s", name, input, diff)
			}
		}
	}
}
