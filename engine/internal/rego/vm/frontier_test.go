package vm_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/dataflow"
	"github.com/posture-score/posture/engine/internal/rego/ir"
	"github.com/posture-score/posture/engine/internal/rego/vm"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// planned compiles the rules "p" and "q" of a module.
func planned(t *testing.T, module string) *vm.Program {
	t.Helper()
	rego := ast.ParserOptions{RegoVersion: ast.RegoV1}
	compiler := must.Get(ast.CompileModulesWithOpt(map[string]string{"a.rego": module, "b.rego": "package b\n\nr := 1\n\ns := 2"}, ast.CompileOpts{ParserOptions: rego}))(t)
	query := must.Get(compiler.QueryCompiler().Compile(ast.MustParseBodyWithOpts("data.a.p; data.a.q", rego)))(t)
	plan := must.Get(ir.PlanQuery(t.Context(), compiler, query))(t)
	return must.Get(vm.Compile(plan, "data.a.p", "data.a.q"))(t)
}

// TestFrontier: the rules that read the input themselves, and the fields that are read elsewhere.
func TestFrontier(t *testing.T) {
	for name, test := range map[string]struct {
		module string
		rules  []string
		rest   []string
	}{
		"a rule that reads the input":             {"p if { _a; data.parameters.x }\n_a if input.a", []string{"_a"}, nil},
		"the nearest to the input":                {"p if { _b; data.parameters.x }\n_b if _a\n_a if input.a", []string{"_a"}, nil},
		"an entry point":                          {"p if input.a\nq if { p; _b; data.parameters.x }\n_b if input.b", []string{"p", "_b"}, nil},
		"what is read besides":                    {"p if { _a; input.b == data.parameters.x }\n_a if input.a", []string{"_a"}, []string{"b"}},
		"an argument":                             {"p if { _a; f(input.b); data.parameters.x }\n_a if input.a\nf(x) if x.c", []string{"_a"}, []string{"b"}},
		"a function that reads the input":         {"p if { _a; f(1) }\n_a if input.a\nf(x) if input.b == x", []string{"_a"}, []string{"b"}},
		"one that reads parameters":               {"p if { _a; _b }\n_a if input.a\n_b if input.b == data.parameters.x", []string{"_a"}, []string{"b"}},
		"one that calls what reads them":          {"p if { _a; _b }\n_a if input.a\n_b if { input.b; _c }\n_c if data.parameters.x", []string{"_a"}, []string{"b"}},
		"the evidence":                            {"p if { _a; data.parameters.x }\n_a if input.a in data.evidence.b", []string{"_a"}, nil},
		"nothing but entry points":                {"p if input.a\nq if input.b", nil, nil},
		"besides what is the same for all":        {"p if input.a\nq := _c\n_c := 1 + 1", nil, nil},
		"nothing of the input":                    {"p if data.evidence.a\nq if data.parameters.x", nil, nil},
		"the input as a whole":                    {"p if { _a; count(input) > data.parameters.x }\n_a if input.a", nil, nil},
		"the input as a whole in a frontier rule": {"p if { _a; data.parameters.x }\n_a if count(input) > 1", nil, nil},
		"documents that are replaced":             {"p if { _a with input as {}; data.parameters.x }\n_a if input.a", nil, nil},
		"what only the evaluation tells":          {"p if { _a; data.b[data.parameters.x] }\n_a if input.a\nq if input.b", nil, nil},
		"what differs each time":                  {"p if { _a; rand.intn(\"x\", 2) == data.parameters.x }\n_a if input.a", nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			module := "package a\n\ndefault p := false\n\ndefault q := false\n\n" + test.module
			for i, rule := range test.rules {
				test.rules[i] = "g0.data.a." + rule
			}
			want := dataflow.Frontier{Rules: test.rules, ResidualFields: test.rest}
			if diff := cmp.Diff(want, planned(t, module).Summary().Frontier, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestFrontierValues: the values for an input, and the guard's alone where that is false.
func TestFrontierValues(t *testing.T) {
	program := planned(t, `package a
default p := false
p if input.open
default q := false
q if { p; _name == data.parameters.name; not _other }
_name := lower(input.name)
_other if input.other`)
	machine := program.Machine(vm.Env{Data: ast.MustParseTerm(`{"parameters": {"name": "ada"}}`), Now: time.Unix(0, 0)})
	for input, want := range map[string]string{
		`{"open": true, "name": "Ada"}`:                "[true, \"ada\", undefined]",
		`{"open": true, "name": "Ada", "other": true}`: "[true, \"ada\", true]",
		`{"open": true}`:                               "[true, undefined, undefined]",
		`{"name": "Ada"}`:                              "[false]",
	} {
		machine.Begin(program.Term(ast.MustParseTerm(input)), nil)
		values := must.Get(machine.Frontier(0, nil))(t)
		got := "["
		for i, value := range values {
			if i > 0 {
				got += ", "
			}
			if value == nil {
				got += "undefined"
			} else {
				got += value.String()
			}
		}
		expect.Equalf(t, want, got+"]", "%s", input)
	}
	// Without a guard all of them are asked.
	machine.Begin(program.Term(ast.MustParseTerm(`{"name": "Ada"}`)), nil)
	if values, err := machine.Frontier(-1, nil); err != nil || len(values) != 3 {
		t.Errorf("%v, %v, want three values", values, err)
	}
}

// TestSharedCache: environments that differ in parameters share the values of rules that read none, and nothing else; machines of one
// environment share those of the others, too.
func TestSharedCache(t *testing.T) {
	program := planned(t, `package a
p := {x | some x in data.evidence.list}
q := {x | some x in p; x > data.parameters.least}`)
	shared := vm.NewSharedCache()
	environment := func(least string) vm.Env {
		data := ast.MustParseTerm(`{"evidence": {"list": [1, 2, 3]}, "parameters": {"least": ` + least + `}}`)
		return vm.Env{Data: data, Now: time.Unix(0, 0), Own: vm.NewSharedCache(), Shared: shared}
	}
	ask := func(env vm.Env) (p, q *ast.Term) {
		machine := program.Machine(env)
		machine.Begin(program.Term(nil), nil)
		p, _ = machine.Eval(0)
		q, _ = machine.Eval(1)
		return p, q
	}
	first := environment("1")
	p1, q1 := ask(first)
	p2, q2 := ask(environment("2"))
	if p1 != p2 {
		t.Error("a rule that reads no parameters was worked out twice")
	}
	if q1.String() != "{2, 3}" || q2.String() != "{3}" {
		t.Errorf("with other parameters: %s and %s, want {2, 3} and {3}", q1, q2)
	}
	if _, again := ask(first); again != q1 {
		t.Error("a rule that reads parameters was worked out twice for one environment")
	}
}

// TestFilteredFields: of objects that are filtered by constant names, no other field is read.
func TestFilteredFields(t *testing.T) {
	for name, test := range map[string]struct{ module, reads string }{
		"constant names":             {`p := object.filter(data.d, ["a", "b"])`, "{d{a* b*}}"},
		"what is read of them":       {`p if object.filter(data.d, ["a", "b"]).a.c == input.x`, "{d{a{c*} b}}"},
		"in a loop":                  {`p := [object.filter(x, ["a"]) | some x in data.d]`, "{d[{a*}]}"},
		"by a rule":                  {"p := object.filter(data.d, _names)\n_names := [\"a\"]", "{d*}"},
		"names of a function":        {"p := f(data.d, [\"a\"])\nf(x, names) := object.filter(x, names)", "{d{a*}}"},
		"a name of the input":        {`p := object.filter(data.d, ["a", input.x])`, "{d*}"},
		"names of the input":         {`p := object.filter(data.d, input.x)`, "{d*}"},
		"no names":                   {`p := object.filter(data.d, [])`, "{d*}"},
		"names made by a function":   {`p := object.filter(data.d, split(concat(",", ["a", "b"]), "."))`, "{d*}"},
		"some of the names":          {`p := object.filter(data.d, array.slice(["a", "b"], 0, 1))`, "{d*}"},
		"one of several lists":       {"p := object.filter(data.d, _names)\n_names := [\"a\"] if input.x\n_names := [\"b\"] if not input.x", "{d*}"},
		"lists one of which is open": {"p := object.filter(data.d, _names)\n_names := [\"a\"] if input.x\n_names := data.e if not input.x", "{d* e*}"},
		"a list within a list":       {`p := object.filter(data.d, [["a"]])`, "{d*}"},
		"a list in a list":           {`p := [object.filter(data.d, names) | some names in [["a"], ["b"]]]`, "{d{a* b*}}"},
		"keys of an object":          {`p := object.filter(data.d, {"a": 1})`, "{d*}"},
	} {
		t.Run(name, func(t *testing.T) {
			expect.Equalf(t, test.reads, planned(t, "package a\n\nq := 1\n\n"+test.module+"\n").Summary().AccessPaths.Data.String(), "it reads")
		})
	}
}
