package vm_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/ir"
	"github.com/posture-score/posture/engine/internal/rego/term"
	"github.com/posture-score/posture/engine/internal/rego/vm"
	"github.com/posture-score/posture/internal/must"
)

// viewed is an input whose fields are read where they stand.
type viewed struct {
	vm.Input
	views []term.View
}

func (v viewed) View(slot int) *term.View {
	if slot >= len(v.views) || v.views[slot].Kind == term.None {
		return nil
	}
	return &v.views[slot]
}

// viewedInput returns an object of JSON values as an input with views.
func viewedInput(g *vm.Program, input *ast.Term, fields map[string]json.RawMessage) vm.Input {
	v := viewed{Input: g.Term(input)}
	for _, name := range g.Summary().Fields {
		v.views = append(v.views, new(term.Tree).View(fields[name], nil))
	}
	return v
}

// outcome is all that an evaluation says.
func outcome(m *vm.Machine) string {
	value, err := m.Eval(0)
	return fmt.Sprintf("%v, error %v, of a function %v, %d steps", value, err, m.BuiltinError(), m.Steps())
}

// expressions use every operation, over fields of any type.
func expressions() []string {
	return []string{
		"lower(input.a)", "upper(input.a)", "trim_space(input.a)", "trim(input.a, input.b)", "trim_left(input.a, \" x\")", "trim_right(input.a, input.b)",
		"trim_prefix(input.a, input.b)", "trim_suffix(input.a, \"x\")", "substring(input.a, 1, 3)", "substring(input.a, input.n, input.k)",
		"replace(input.a, input.b, \"-\")", "replace(input.a, \"a\", input.b)", "split(input.a, input.b)", "split(input.a, \"a\")[1]", "count(split(input.a, \".\"))",
		"concat(input.b, [input.a, \"x\", input.b])", "concat(\"\", [lower(input.a)])", "concat(\",\", input.list)", "sprintf(\"%s-%06d\", [upper(input.a), input.n])",
		"sprintf(\"%v|%d|%s\", [input.n, input.a, input.b])", "sprintf(input.a, [input.b])", "sprintf(\"%03d%%\", [input.n])", "sprintf(\"%v\", [input.list])",
		"count(input.a)", "count(input.list)", "count(input.object)", "to_number(input.a)", "to_number(input.n)",
		"input.n + input.k", "input.n - input.k", "input.n * input.k", "input.n / input.k", "input.n % input.k", "input.n / input.k < 0.5", "input.n / input.k >= input.k / input.n", "input.n / input.k == input.n", "input.n / input.k + 1", "1 / input.n <= input.k",
		"time.parse_rfc3339_ns(input.time)", "time.parse_rfc3339_ns(input.a)",
		"object.get(input.object, \"a\", input.b)", "object.get(input.object, input.b, 1)", "input.object.a", "input.object[input.b]", "input.list[1]", "input.list[input.n]", "input.list[input.b]",
		"startswith(input.a, input.b)", "endswith(input.a, \"x\")", "contains(input.a, input.b)", "input.a == input.b", "input.n == input.k", "input.n != input.a", "input.list == input.object",
		"input.n < input.k", "input.n <= 0.5", "input.a > input.b", "input.n >= input.a", "input.a in input.list", "input.a in split(input.b, \"a\")", "input.b in data.parameters.words",
		"input.a in {\"x\", input.b}", "regex.match(\"^[a-c]+$\", input.a)", "regex.match(input.a, input.b)", "[input.n / input.k, input.a]", "[x | some x in input.list; x != input.a]", "count([x | some x in input.list; startswith(x, \"a\")])", "[[x, y] | some x in input.list; y := [z | some z in input.list; z != x]]", "concat(\"-\", [lower(x) | some x in input.list])", "[y | some x in input.list; y := [x | x == input.a]][0]", "{k: v | some k, v in input.object}",
		"[y | some x in input.list; some y in split(x, \"a\")]", "[upper(x) | some x in split(input.a, \".\")]", "[x.a | some x in input.list]",
		"both(input.a, input.list)", "both(input.object, input.n)", "data.parameters.words[input.n]", "is_string(input.a)", "is_number(input.n)", "is_array(input.list)", "is_object(input.object)", "is_null(input.a)", "is_boolean(input.b)", "[x | some x in input.list; is_string(x)]", "input.a in {\"a\", \"x\", \"10\"}", "[x | some x in input.list; x in {\"a\", \"abc\", 1}]", "[x | some x in input.list; not x in {\"a\", 1}; x > input.k]", "[input.a, [input.list, input.n]]",
		"time.parse_rfc3339_ns(input.time) >= time.parse_rfc3339_ns(data.parameters.since)", "max([input.n, count(input.a)])", "input",
		"first(input.a)", "first(lower(input.b))", "lower(first(input.a))", "[first(y) | some y in input.list]", "first(input.a) == first(input.b)", "text", "[text, lower(text), text == input.a]", "parts[0]", "count(parts)", "{text, parts}", "either", "shorter(input.a, input.b)", "[shorter(y, text) | some y in parts]", "text with input.a as input.b",
	}
}

func value(r *rand.Rand) string {
	texts := []string{
		"", "a", "A.b", "abc", "ABC", "x", " x ", "aXbXc", "a.a.a", "ä", "ÄÖ", "İ", "K", "a\\u0041b", "\\n", "日本", "10", "-3", "1e2", "+1", "007", "0x1", "1.50", "%s", "%d", "a a a a a a a a a a",
		"2026-02-28T23:59:59Z", "2024-02-29T00:00:00.123Z", "2023-02-29T00:00:00Z", "1650-01-01T00:00:00Z", "2026-01-01T00:00:00+02:00", strings.Repeat("aB.", 60), strings.Repeat("z", 300),
	}
	numbers := []string{"0", "1", "-1", "2", "7", "0.5", "0.50", "1.0", "1e2", "100", "-0", "12345678901", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "1234567890123456789", "-1000000000000000000", "0.1234567891", "1e-3", "999999999.5"}
	switch r.IntN(12) {
	case 0, 1, 2, 3, 4:
		return `"` + texts[r.IntN(len(texts))] + `"`
	case 5, 6, 7:
		return numbers[r.IntN(len(numbers))]
	case 8:
		return []string{"true", "false", "null"}[r.IntN(3)]
	case 9, 10:
		parts := make([]string, r.IntN(4))
		for i := range parts {
			parts[i] = value(r)
		}
		return "[" + strings.Join(parts, []string{",", " , "}[r.IntN(2)]) + "]"
	}
	parts := make([]string, r.IntN(4))
	for i := range parts {
		parts[i] = fmt.Sprintf(`"%s": %s`, []string{"a", "b", "a", "\\u0061", "x"}[r.IntN(5)], value(r))
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func input(r *rand.Rand) (*ast.Term, map[string]json.RawMessage) {
	fields, members := map[string]json.RawMessage{}, []string{}
	for _, name := range []string{"a", "b", "n", "k", "list", "object", "time"} {
		if r.IntN(12) == 0 {
			continue
		}
		text := value(r)
		switch {
		case r.IntN(4) == 0: // of any type
		case name == "list":
			text = "[" + value(r) + "," + value(r) + "," + value(r) + "]"
		case name == "object":
			text = `{"a": ` + value(r) + `,"b":` + value(r) + `}`
		}
		fields[name] = json.RawMessage(text)
		members = append(members, fmt.Sprintf("%q:%s", name, text))
	}
	return term.NewDecoder().Decode([]byte("{"+strings.Join(members, ",")+"}"), nil), fields
}

// helpers are functions and rules, some of which return views, and some of which contradict themselves.
const helpers = `both(x, y) := {"x": x, "y": y}

first(x) := split(x, ".")[0]

text := trim_space(input.a)

parts := split(input.a, "a")

either := lower(input.a)

either := input.b

shorter(x, y) := x if count(x) < count(y)

shorter(x, y) := upper(y) if count(x) >= count(y)

shorter(x, y) := "a" if x == y
`

// TestViews holds that an evaluation over views says what one over terms says: values, errors and steps.
func TestViews(t *testing.T) {
	data := ast.NewTerm(ast.MustInterfaceToValue(map[string]any{"parameters": map[string]any{"words": []any{"a", "x", "abc"}, "since": "2026-01-01T00:00:00Z"}}))
	for i, expression := range expressions() {
		rego := "r := x if x := " + expression + "\n\n" + helpers
		if i%2 == 1 { // the planner uses the locals of one rule for the next
			rego = "r contains [x, y] if { some y in input.list; x := " + expression + " }\n\nr contains [[lower(\"A\"), 1], x, y] if { y := [input.a]; some x in input.object; not y == x }\n\n" + helpers
		}
		compiler, err := ast.CompileModulesWithOpt(map[string]string{"c.rego": "package c\n\n" + rego}, ast.CompileOpts{ParserOptions: ast.ParserOptions{RegoVersion: ast.RegoV1}})
		if err != nil {
			t.Fatal(err)
		}
		plan := must.Get(ir.PlanQuery(t.Context(), compiler, ast.MustParseBody("data.c.r")))(t)
		env := vm.Env{Data: data, Now: time.Unix(0, 0)}
		plain, over := must.Get(vm.CompilePlain(plan, "data.c.r"))(t), must.Get(vm.Compile(plan, "data.c.r"))(t)
		terms, views := plain.Machine(env), over.Machine(env)
		r := rand.New(rand.NewPCG(uint64(i), 7))
		for range 400 {
			whole, fields := input(r)
			terms.Begin(plain.Term(whole), nil)
			views.Begin(viewedInput(over, whole, fields), nil)
			if diff := cmp.Diff(outcome(terms), outcome(views)); diff != "" {
				t.Errorf("%s of %v over terms (-) and over views (+):\n%s", expression, whole, diff)
				break
			}
		}
	}
}
