package vm_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine/internal/rego/dataflow"
	"github.com/posture-score/posture/internal/expect"
)

// TestDomain: the fields that rules only compare, with what, and the lists that they use as sets.
func TestDomain(t *testing.T) {
	for _, test := range []struct{ name, module, want string }{
		{"a constant", `p if input.a == "x"`, "a:"},
		{"a document", `p if input.a == data.evidence.d.x`, "a:evidence.d.x"},
		{"one of a document", `p if input.a in data.evidence.d`, "a:evidence.d.*"},
		{"one of a rule", "p if input.a in _s\n_s contains x.id if some x in data.evidence.d", "a:evidence.d.*.id"},
		{"a key of a rule", "p if _m[input.a]\n_m[x.id] := x if some x in data.evidence.d", "a:evidence.d.*.id"},
		{"a key of a document", `p if data.evidence.d[input.a]`, "a:evidence.d"},
		{"an argument", "p if f(input.a, data.evidence.d)\nf(x, y) if x in y", "a:evidence.d.*"},
		{"presence and type", `p if { input.a; is_string(input.b) }`, "a: b:"},
		{"a part of the text", `p if { contains(input.a, "x"); not startswith(input.a, "y") }`, "a:?contains x?startswith y"},
		{"a default", "default _a := null\n_a := input.a\np if _a == \"x\"", "a:"},
		{"used once it is known", "p if { x := input.a; x in data.evidence.d; lower(x) == \"y\" }", "a:evidence.d.*"},
		{"used before", "p if { x := input.a; lower(x) == \"y\"; x in data.evidence.d }", ""},
		{"another field", `p if input.a == input.b`, ""},
		{"two values of one field", "_a := input.a\n_a := input.a\np if _a == \"x\"", ""},
		{"the result of a function", `p if input.a == lower(data.evidence.d)`, ""},
		{"an order", `p if { input.a > "x"; "y" >= input.b }`, "a:?gt x b:?lte y"},
		{"an order of numbers", `p if input.a > 1`, ""},
		{"an order of lists", `p if { [input.a] > ["x"]; [input.b] > data.evidence.d }`, ""},
		{"a pattern of the parameters", `p if regex.match(data.parameters.p, input.a)`, "a:?regex.match {parameters.p}"},
		{"a pattern of the input", `p if regex.match(input.a, "x")`, ""},
		{"another case", `p if endswith(lower(input.a), concat("-", ["x", data.parameters.p]))`, "a:?lower endswith x-{parameters.p}"},
		{"another case for several", `p if { x := upper(input.a); x < "x"; startswith(x, "y") }`, "a:?upper lt x?upper startswith y"},
		{"another case for something else", `p if { x := upper(input.a); x < "x"; x == input.b }`, ""},
		{"what a rule asks with", "p if input.a < _x\n_x := data.parameters.p", ""},
		{"what the input asks with", `p if { startswith(input.a, concat("", ["x", input.b])); input.c < input.d }`, ""},
		{"what a loop asks with", `p if { some x in data.parameters.l; input.a < x }`, ""},
		{"the size", `p if count(input.a) > 1`, ""},
		{"the value itself", `q := input.a`, ""},
		{"a reason", `q contains input.a if input.a in data.evidence.d`, ""},
		{"a reason that is of the documents", `q contains x if { x := input.a; x in data.evidence.d }`, "a:evidence.d.*"},
		{"a set of its own", `p if count({x | some x in input.a}) > 1`, ""},
		{"the input as a whole", `p if { input.a == "x"; count(input) > 1 }`, ""},
		{"documents that are replaced", "p if _a with input as {}\n_a if input.a == \"x\"", ""},

		{"some element", `p if { some m in input.l; m.g in data.evidence.d }`, "l.g:evidence.d.* {l}"},
		{"a set", `p if { s := {g | some m in input.l; g := m.g; g in data.evidence.d}; count(s) > 1 }`, "l.g:evidence.d.* {l}"},
		{"a set of another field", `p if { s := {m.k | some m in input.l}; count(s) > 1; input.l[_].g == "x" }`, "l.g: {l}"},
		{"a list of those in the domain", `p if { s := [g | some m in input.l; g := m.g; g in data.evidence.d]; count(s) > 1 }`, "l.g:evidence.d.* {l}"},
		{"what is looked up by it", "p if { s := [x | some m in input.l; some x in _m[m.g]]; count(s) > 1 }\n_m[x.id] contains x if some x in data.evidence.d", "l.g:evidence.d.*.id {l}"},
		{"none", `p if every m in input.l { not m.g in data.evidence.d }`, "l.g:evidence.d.*"},
		{"a list", `p if { s := [m | some m in input.l]; count(s) > 1; input.l[_].g == "x" }`, "l.g:"},
		{"a list of another field", `p if { s := [m.k | some m in input.l]; count(s) > 1; input.l[_].g == "x" }`, "l.g: l.k:"},
		{"the index", `p if { some i, m in input.l; i > 1; m.g == "x" }`, ""},
		{"the number of elements", `p if { count(input.l) > 1; input.l[_].g == "x" }`, ""},
		{"an element by its index", `p if input.l[0].g == "x"`, ""},
		{"another list", `p if { input.l == []; input.l[_].g == "x" }`, ""},
		{"pairs", `p if { some a in input.l; some b in input.l; a.g == "x"; b.k == 1; a.k == b.k }`, "l.g: {l}"},
		{"an object", `p if input.o.g == "x"`, "o.g:"},
	} {
		t.Run(test.name, func(t *testing.T) {
			module := "package a\n\n" + test.module
			for _, rule := range []string{"p", "q"} {
				if !strings.Contains(test.module, "\n"+rule+" contains") && !strings.HasPrefix(test.module, rule+" contains") {
					module += "\n\ndefault " + rule + " := false"
				}
			}
			d := planned(t, module).Summary().Domain
			var got []string
			for _, f := range d.Fields {
				text := f.Field
				if f.Element != "" {
					text += "." + f.Element
				}
				text += ":"
				for _, path := range f.Values {
					var steps []string
					for _, step := range path.Steps {
						if step.Field == "" {
							step.Field = "*"
						}
						steps = append(steps, step.Field)
					}
					text += strings.Join(steps, ".")
				}
				for _, p := range f.Predicates {
					text += fmt.Sprintf("?%s %s", strings.TrimSpace(p.Case+" "+p.Function), predicateText(p))
				}
				got = append(got, text)
			}
			for _, set := range d.Sets {
				got = append(got, "{"+set+"}")
			}
			expect.Equal(t, test.want, strings.Join(got, " "))
		})
	}
}

// predicateText returns the other value of a predicate, with braces around the paths of texts in data.
func predicateText(p dataflow.Predicate) (text string) {
	for _, part := range p.Other {
		if text += part.Text; len(part.Path) > 0 {
			text += "{" + strings.Join(part.Path, ".") + "}"
		}
	}
	return text
}
