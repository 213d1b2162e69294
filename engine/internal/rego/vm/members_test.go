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

// memberProgram asks f of an object of sets and a list of the evidence.
func memberProgram(t *testing.T, module string) *vm.Program {
	t.Helper()
	return planned(t, "package a\n\nq := 1\n\np := f(_list, _sets(input.a, input.b))\n\n_list := data.evidence.list\n\n"+
		"_sets(a, b) := {\"a\": {x | some x in a}, \"b\": {x | some x in b}}\n\n"+module+"\n")
}

var memberData = ast.MustParseTerm(`{"evidence": {"list": [{"a": {"x", "y"}, "b": {"z"}}, {"a": set(), "b": {"x", 1, {"y"}}}, {"c": {"x"}}, {"z": {{"x": "x"}}}]}, "parameters": {}}`)

// TestMembers holds that calls are made once for sets that a function can't tell apart, and that all others are made.
func TestMembers(t *testing.T) {
	for name, test := range map[string]struct {
		module string
		once   bool
	}{
		"intersections":              {"f(list, m) := [i | some i, e in list; some k, s in e; s & m[k] != set()]", true},
		"what is common":             {"f(list, m) := [c | some e in list; some k, s in e; c := s & m[k]]", true},
		"in the other order":         {"f(list, m) := [c | some e in list; some k, s in e; c := m[k] & s]", true},
		"one field":                  {"f(list, m) := {i | some i, e in list; count(e.a & m.a) > 0}", true},
		"by a function":              {"f(list, m) := [i | some i, e in list; g(e, m)]\ng(e, m) if e.a & m.a != set()\ng(e, m) if e.b & m.b == set()", true},
		"with every":                 {"f(list, m) := [i | some i, e in list; g(e, m)]\ng(e, m) if { every k, s in e { s & m[k] == set() } }", true},
		"the arguments change sides": {"f(list, m) := g(m, list)\ng(m, list) := [i | some i, e in list; e.a & m.a != set()]", true},
		"the size":                   {"f(list, m) := [count(m.a), list[0].a & m.a]", false},
		"the set":                    {"f(list, m) := [m.a, list[0].a]", false},
		"the object":                 {"f(list, m) := [list[0].a & m.a, m]", false},
		"a member":                   {"f(list, m) := [i | some i, e in list; some x in m.a; x in e.a]", false},
		"the fields":                 {"f(list, m) := [k | some k, _ in m; list[0].a & m.a]", false},
		"a union":                    {"f(list, m) := list[0].a | m.a", false},
		"a difference":               {"f(list, m) := list[0].a - m.a", false},
		"with a set of its own":      {"f(list, m) := [m.a & {\"v\"}, list]", false},
		"with a set that it makes":   {"f(list, m) := [m.a & {x | some x in list[0].a}, list]", false},
		"with each other":            {"f(list, m) := [m.a & m.b, list]", false},
		"by a function that looks":   {"f(list, m) := [g(e, m) | some e in list]\ng(e, m) := [e, m.a]", false},
		"a function of what is made": {"f(list, m) := [g({y | some y in e.a}, m) | some e in list]\ng(e, m) := e & m.a", false},
		"the whole is compared":      {"f(list, m) := [i | some i, e in list; e != m]", false},
		"parameters, too":            {"f(list, m) := [data.parameters, list[0].a & m.a]", false},
	} {
		t.Run(name, func(t *testing.T) {
			g := memberProgram(t, test.module)
			env := vm.Env{Now: time.Unix(0, 0), Data: memberData}
			alone, shared := g.Machine(env), g.Machine(env)
			shared.Share(vm.NewCalls())
			texts := []string{`[]`, `["x"]`, `["y"]`, `["v"]`, `["w"]`, `["x", "v"]`, `["x", "w"]`, `["v", "w"]`, `["x", "y", "z"]`, `["x", 1]`, `["x", 2]`, `[1]`, `[1.0]`, `[["y"]]`, `"x"`, `null`}
			for _, a := range texts {
				for _, b := range texts {
					input := fmt.Sprintf(`{"a": %s, "b": %s}`, a, b)
					if diff := cmp.Diff(evaluated(alone, g, input), evaluated(shared, g, input)); diff != "" {
						t.Fatalf("%s (-alone +shared):\n%s", input, diff)
					}
				}
			}
			value := func(other string) *ast.Term {
				shared.Begin(g.Term(ast.MustParseTerm(fmt.Sprintf(`{"a": ["x", %q], "b": ["z"]}`, other))), nil)
				return must.Get(shared.Eval(0))(t)
			}
			if once := value("k") == value("l"); once != test.once {
				t.Errorf("the call is made once: %v, want %v", once, test.once)
			}
		})
	}
}

// TestMembersOfOthers holds that what is remembered counts for the other arguments that it was remembered for.
func TestMembersOfOthers(t *testing.T) {
	g := planned(t, "package a\n\nq := 1\n\np := [f(e, {\"a\": {x | some x in input.a}}) | some e in data.evidence.list]\n\nf(e, m) := e.a & m.a\n")
	env := vm.Env{Now: time.Unix(0, 0), Data: ast.MustParseTerm(`{"evidence": {"list": [{"a": {"x", "y"}}, {"a": {"y"}}]}, "parameters": {}}`)}
	alone, shared := g.Machine(env), g.Machine(env)
	shared.Share(vm.NewCalls())
	for i := range 200 {
		input := fmt.Sprintf(`{"a": [%q]}`, []string{"x", "y", "z"}[i%3])
		if diff := cmp.Diff(evaluated(alone, g, input), evaluated(shared, g, input)); diff != "" {
			t.Fatalf("%s (-alone +shared):\n%s", input, diff)
		}
	}
}
