package vm_test

import (
	"os"
	"testing"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/posture-score/posture/engine/internal/rego/ir"
	"github.com/posture-score/posture/engine/internal/rego/vm"
)

func BenchmarkTakers(b *testing.B) {
	lib, _ := os.ReadFile("../../../../policies/lib/mail_policy.rego")
	mod := `package a
import data.policies.lib.mail_policy
_order := data.order
q := 1
p := mail_policy.takers(_order, input.m)
`
	rego := ast.ParserOptions{RegoVersion: ast.RegoV1}
	compiler, err := ast.CompileModulesWithOpt(map[string]string{"a.rego": mod, "l.rego": string(lib)}, ast.CompileOpts{ParserOptions: rego})
	if err != nil {
		b.Fatal(err)
	}
	query, err := compiler.QueryCompiler().Compile(ast.MustParseBodyWithOpts("data.a.p; data.a.q", rego))
	if err != nil {
		b.Fatal(err)
	}
	plan, err := ir.PlanQuery(b.Context(), compiler, query)
	if err != nil {
		b.Fatal(err)
	}
	g, err := vm.Compile(plan, "data.a.p", "data.a.q")
	if err != nil {
		b.Fatal(err)
	}
	data := ast.MustParseTerm(`{"order": [[{"state":"on","within":{"group":{"a@x.example","b@x.example"}},"except":{}}],[{"state":"on","within":{"domain":{"contoso.example"}},"except":{"address":{"q@contoso.example"}}}],[],[{"state":"on","within":{"address":{"z@contoso.example"}},"except":{}}],[{"state":"on","within":{},"except":{}}]]}`)
	m := g.Machine(vm.Env{Data: data, Now: time.Unix(0, 0)})
	in := g.Term(ast.MustParseTerm(`{"m": {"address": {"ada@contoso.example","ada.l@contoso.example"}, "domain": {"contoso.example","example"}, "group": {"c@x.example", "d@x.example"}}}`))
	b.ReportAllocs()
	for b.Loop() {
		m.Begin(in, nil)
		if _, err := m.Eval(0); err != nil {
			b.Fatal(err)
		}
	}
	b.Log(m.Steps())
}
