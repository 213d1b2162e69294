package vm_test

import (
	"testing"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/ir"
	"github.com/posture-score/posture/engine/internal/rego/vm"
)

// BenchmarkRule measures the evaluation of a rule over an input: comparisons alone, a search in a list, and one in a document.
func BenchmarkRule(b *testing.B) {
	input := ast.NewTerm(ast.MustInterfaceToValue(map[string]any{
		"enabled": true, "name": "ada.lovelace@contoso.example", "methods": []any{"email", "mobilePhone", "fido2"}, "id": "7",
	}))
	data := ast.NewTerm(ast.MustInterfaceToValue(map[string]any{"policies": []any{
		map[string]any{"state": "disabled", "users": []any{"1", "2"}}, map[string]any{"state": "enabled", "users": []any{"3", "7"}},
	}}))
	for _, bench := range []struct{ name, rule string }{
		{"fields", "ok if {\n\tinput.enabled == true\n\tendswith(input.name, \"@contoso.example\")\n}"},
		{"list", "ok if {\n\tsome method in input.methods\n\tmethod in {\"fido2\", \"windowsHelloForBusiness\"}\n}"},
		{"document", "ok if {\n\tsome policy in data.policies\n\tpolicy.state == \"enabled\"\n\tinput.id in policy.users\n}"},
	} {
		b.Run(bench.name, func(b *testing.B) {
			compiler, err := ast.CompileModulesWithOpt(map[string]string{"c.rego": "package c\n\n" + bench.rule}, ast.CompileOpts{ParserOptions: ast.ParserOptions{RegoVersion: ast.RegoV1}})
			if err != nil {
				b.Fatal(err)
			}
			plan, err := ir.PlanQuery(b.Context(), compiler, ast.MustParseBody("data.c.ok"))
			if err != nil {
				b.Fatal(err)
			}
			program, err := vm.Compile(plan, "data.c.ok")
			if err != nil {
				b.Fatal(err)
			}
			machine := program.Machine(vm.Env{Context: b.Context(), Data: data, Now: time.Unix(0, 0)})
			in := program.Term(input)
			b.ReportAllocs()
			for b.Loop() {
				machine.Begin(in, nil)
				if value, err := machine.Eval(0); err != nil || !value.Equal(ast.InternedTerm(true)) {
					b.Fatal(value, err)
				}
			}
		})
	}
}
