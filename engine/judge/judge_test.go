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
		decision, inScope, err := rule.Decide(context.Background(), world, input)
		if err != nil {
			log.Fatal(err)
		}
		reasons, err := rule.Explain(context.Background(), world, input)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(inScope, decision, reasons)
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
	return judge.Prepare(compiler, "policies.c", "in_scope", "compliant", true, limits)
}

// TestGuardComesFirst holds that a decision is not even tried on what is out of scope: it may fail there.
func TestGuardComesFirst(t *testing.T) {
	rule, err := prepare("in_scope := false\ncompliant := to_number(\"x\")\n")
	if err != nil {
		t.Fatal(err)
	}
	decision, inScope, err := rule.Decide(t.Context(), world(nil), ast.NullValue)
	if err != nil || inScope || decision != nil {
		t.Errorf("got %v, %t, %v; want no decision, out of scope, no error", decision, inScope, err)
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
		decision, _, err := rule.Decide(t.Context(), world(evidence), ast.NullValue)
		got := ""
		if err == nil {
			got = decision.String()
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
	if _, _, err := rule.Decide(t.Context(), world(nil), ast.NullValue); !errors.As(err, &own) {
		t.Errorf("a rule without end: got %v, want an error of the rule", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, _, err := rule.Decide(ctx, world(nil), ast.NullValue); !errors.Is(err, context.DeadlineExceeded) || errors.As(err, &own) {
		t.Errorf("a context that ends: got %v, want that of the context", err)
	}
}
