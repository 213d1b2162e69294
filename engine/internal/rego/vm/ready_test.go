package vm

import (
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/ir"

	"github.com/posture-score/posture/engine/internal/codec"
)

// alike leaves out what is not packed: nothing here reads it.
func alike() cmp.Option {
	return cmp.Options{cmpopts.IgnoreFields(ir.Location{}, "EndCol", "EndRow", "Text"), cmpopts.IgnoreUnexported(ir.Location{})}
}

// TestCodeCoversStatements fails where a statement has a field that is not packed: each is set, packed and read.
func TestCodeCoversStatements(t *testing.T) {
	for _, empty := range statements {
		want := empty()
		fill(t, reflect.ValueOf(want).Elem(), 1)
		w := codec.NewWriter()
		if codeStatement(w, &want); w.Err() != nil {
			t.Fatal(w.Err())
		}
		var got ir.Stmt
		r := codec.NewReader(string(w.Packed()))
		if codeStatement(r, &got); r.End() != nil {
			t.Fatalf("%T: %v", want, r.Err())
		}
		if diff := cmp.Diff(want, got, alike()); diff != "" {
			t.Errorf("%T (-written +read):\n%s", want, diff)
		}
	}
}

// fill gives every field a value of its own.
func fill(t *testing.T, v reflect.Value, n int) {
	t.Helper()
	switch v.Kind() { //nolint:exhaustive // there are no others in a statement
	case reflect.String:
		v.SetString("text")
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(int64(n))
	case reflect.Uint32:
		v.SetUint(uint64(n))
	case reflect.Uint8:
		v.SetUint(1)
	case reflect.Interface:
		if v.Type() == reflect.TypeFor[ir.Stmt]() {
			v.Set(reflect.ValueOf(&ir.NopStmt{Location: ir.Location{Row: n}}))
		} else {
			v.Set(reflect.ValueOf([]ir.Val{ir.Local(n), ir.StringIndex(n), ir.Bool(true), ir.Bool(false)}[n%4]))
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 4, 4))
		for i := range v.Len() {
			fill(t, v.Index(i), n+i)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(t, v.Field(i), n+i+1)
			}
		}
	default:
		t.Fatalf("a statement has a %s", v.Type())
	}
}

// packedRules are a plan of rules of different kinds, with the entries of programs.
func packedRules(t testing.TB) (*Plan, [][]string) {
	t.Helper()
	compiler, err := ast.CompileModulesWithOpt(map[string]string{"a.rego": `package a
p if { input.a.b > 1.5; some x in input.list; f(x) }
f(x) if { x.c == "d" }
f(x) if { not x.e; count(input.f[_]) > 1 }
q contains x if { some x, _ in data.evidence.g; x != input.h with input.h as 1 }
r := {"s": [input.a, null, true], "t": {y | y := input.list[_].c}} if { every z in input.list { z } }
`}, ast.CompileOpts{ParserOptions: ast.ParserOptions{RegoVersion: ast.RegoV1}})
	if err != nil {
		t.Fatal(err)
	}
	query, err := compiler.QueryCompiler().Compile(ast.MustParseBodyWithOpts("data.a.p; data.a.q; data.a.r", ast.ParserOptions{RegoVersion: ast.RegoV1}))
	if err != nil {
		t.Fatal(err)
	}
	plan, err := TakePlan(t.Context(), compiler, query)
	if err != nil {
		t.Fatal(err)
	}
	return plan, [][]string{{"data.a.p"}, {"data.a.q", "data.a.p"}, {"data.a.r"}}
}

// TestReady: programs of a packed plan are those of the plan.
func TestReady(t *testing.T) {
	plan, programs := packedRules(t)
	text, err := plan.Pack(append(slices.Clone(programs), []string{"data.a.nothing"}))
	if err != nil {
		t.Fatal(err)
	}
	ready, err := Unpack(string(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, rules := range programs {
		want, err := plan.CompileRules(rules...)
		if err != nil {
			t.Fatal(err)
		}
		facts, ok := ready.Facts(rules)
		if diff := cmp.Diff(want.Facts(), facts); !ok || diff != "" {
			t.Errorf("%v: facts, found %v (-want +got):\n%s", rules, ok, diff)
		}
		got, err := ready.Program(rules)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.Facts(), got.Facts()); diff != "" {
			t.Errorf("%v: facts of the program (-want +got):\n%s", rules, diff)
		}
		if len(want.functions) != len(got.functions) {
			t.Fatalf("%v: %d functions, want %d", rules, len(got.functions), len(want.functions))
		}
		for i, f := range want.functions {
			if diff := cmp.Diff(f.source, got.functions[i].source, alike()); diff != "" || f.fixed != got.functions[i].fixed {
				t.Errorf("%v: the function %s (-want +got):\n%s", rules, f.name, diff)
			}
		}
		if diff := cmp.Diff(want.plan.strings, got.plan.strings); diff != "" {
			t.Errorf("%v: constants (-want +got):\n%s", rules, diff)
		}
	}
	if _, ok := ready.Facts([]string{"data.a.nothing"}); ok {
		t.Error("something is known of a rule that does not exist")
	}
	if _, err := ready.Program([]string{"data.a.nothing"}); err == nil {
		t.Error("a rule that does not exist was compiled")
	}
}

// FuzzUnpack: a damaged plan is an error at some time, and never a panic.
func FuzzUnpack(f *testing.F) {
	plan, programs := packedRules(f)
	text, err := plan.Pack(programs)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	for i := 0; i < len(text); i += 7 {
		damaged := slices.Clone(text)
		damaged[i]++
		f.Add(string(damaged))
		f.Add(string(text[:i]))
	}
	f.Fuzz(func(_ *testing.T, text string) {
		ready, err := Unpack(text)
		if err != nil {
			return
		}
		for _, rules := range programs {
			_, _ = ready.Program(rules)
		}
	})
}
