package eval_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/dataflow"
	"github.com/posture-score/posture/engine/internal/rego/eval"
	"github.com/posture-score/posture/internal/must"
)

// domainConditions are conditions over the fields a, b, l (a list of {g, k}) and o, and the
// documents [{"a": ..., "b": [...]}].
func domainConditions() []string {
	return []string{
		`input.a in _named`, `not input.a in _named`, `_by[input.a]`, `input.b == "d1"`, `input.b in data.evidence.fuzz.docs[_].b`,
		`startswith(input.a, "d")`, `contains(input.b, "1")`, `input.o.g in _named`, `is_string(input.a)`, `not input.b`,
		`some m in input.l; m.g in _named`, `some m in input.l; not m.g in _named`, `every m in input.l { m.g in _named }`,
		`every m in input.l { not m.g in _named }`, `count(_groups) > 1`, `count(_kinds) > 1`, `count(_list) > 1`, `count(_of) > 2`,
		`some m in input.l; some n in input.l; m.g == "d1"; n.k == 1`, `some m in input.l; _f(m.g, _named)`, `some m in input.l; m.g == input.a`,
		`some i, m in input.l; i > 0; m.g in _named`, `x := [m.k | some m in input.l; m.k]; x[0] == 1`, `_last == "d2"`,
		`input.a == input.b`, `input.a > "d1"`, `lower(input.a) == "w1"`, `count(input.l) > 2`, `input.l[0].g in _named`, `input.l == []`,
		`x := input.a; x in _named; x > "d1"`, `{m.g | some m in input.l} == {"d1"}`, `count({x | some x in [input.a, input.b]}) == 1`,
		`input.a == data.parameters.p`, `_both == "d1"`, `object.get(input, "a", "d1") in _named`, `_g(input.b)`, `input.o == {"g": "d1"}`,
		`some k, v in input.o; v in _named; k != "x"`, `count([1 | some m in input.l; m.g in _named]) == 2`,
		`input.a >= "w2"`, `"w2" < input.b`, `input.a < data.parameters.p`, `input.b <= concat("", ["w", data.parameters.n])`,
		`regex.match("^w[12]", input.a)`, `regex.match(data.parameters.p, input.b)`, `endswith(lower(input.a), concat("", [data.parameters.n]))`,
		`x := upper(input.b); startswith(x, "W1"); x < "W2"`, `some m in input.l; m.g >= "w2"`, `[input.a] >= ["w2"]`, `input.l > [{"g": "w2"}]`,
		`startswith(input.a, concat("", ["w", input.b]))`, `x := lower(input.a); x < "w3"; x == "w1"`, `input.a > 1`, `input.a >= data.parameters.none`,
		`every x in data.evidence.fuzz.docs { every m in input.l { m.g != x.a } }`, `some m in input.l; m in [{"g": "d1", "k": 1}]`,
	}
}

const domainHelpers = `
_named contains x.a if some x in data.evidence.fuzz.docs

_by[x.a] contains y if { some x in data.evidence.fuzz.docs; some y in x.b }

_groups := {g | some m in input.l; g := m.g; g in _named}

_kinds := {m.k | some m in input.l}

_list := [g | some m in input.l; g := m.g; g in _named]

_of := [y | some m in input.l; some y in _by[m.g]]

_last := g if { some m in input.l; m.k == 1; g := m.g; g in {"d2", "d3"} }

_both := input.a if input.b

_both := "d1" if not input.b

_f(x, names) if x in names

_g(x) if x == "d1"

_g(x) if { some d in data.evidence.fuzz.docs; x in d.b }
`

// TestDomain: values that a rule can't tell apart, by its domain, are exchanged for each other, and
// the result stays the same.
func TestDomain(t *testing.T) {
	const tried = 300
	docs := `[{"a": "d1", "b": ["d2", "d3"]}, {"a": "d2", "b": []}, {"a": "d4", "b": ["d1"]}]`
	exchanged := 0
	for seed := range uint64(tried) {
		random := rand.New(rand.NewPCG(seed, 3))
		conditions := domainConditions()
		line := func() string { return conditions[random.IntN(len(conditions))] }
		policy := fmt.Sprintf("package policies.test.c\n\ndefault compliant := false\n\ncompliant if {\n%s\n%s\n}\n\ncompliant if {\n%s\n}\n\nreasons contains \"x\" if {\n%s\n}\n",
			line(), line(), line(), line()) + domainHelpers
		exchanged += exchange(t, random, policy, docs)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	if exchanged < tried {
		t.Errorf("only %d values were exchanged: the test has little to compare", exchanged)
	}
}

// exchange evaluates a policy over records and over what its domain says is the same. It returns
// how many values were exchanged.
func exchange(t *testing.T, random *rand.Rand, policy, docs string) int {
	t.Helper()
	compiler, err := ast.CompileModulesWithOpt(map[string]string{"c.rego": policy}, ast.CompileOpts{ParserOptions: ast.ParserOptions{RegoVersion: ast.RegoV1}})
	if err != nil {
		return 0
	}
	asked := eval.Query{Package: "policies.test.c", Entrypoints: eval.Entrypoints{Decision: "compliant", Reasons: eval.AlwaysReasons}}
	rule := must.Get(eval.Compile(t.Context(), eval.Policy{Compiler: func(string) *ast.Compiler { return compiler }}, []eval.Query{asked}, eval.DefaultLimits()))(t)[asked]
	env := eval.NewEnv(noon, map[string]ast.Value{"fuzz.docs": ast.MustParseTerm(docs).Value}, ast.MustParseTerm(`{"p": "d3", "n": "2"}`).Value)
	evaluator := rule.WithInterpreter().NewEvaluator(t.Context(), env)
	n := 0
	for range 8 {
		record := domainRecord(random)
		other, changed := exchanged(random, rule.Domain(), record)
		n += changed
		input, same := ast.MustInterfaceToValue(record), ast.MustInterfaceToValue(other)
		want, err1 := evaluator.Eval(rule.WithInterpreter().Input(input))
		got, err2 := evaluator.Eval(rule.WithInterpreter().Input(same))
		if diff := cmp.Diff(fmt.Sprint(want, err1 != nil), fmt.Sprint(got, err2 != nil)); diff != "" {
			t.Errorf("(-%s\n +%s):\n%s\ndomain %+v\n%s", input, same, diff, rule.Domain(), policy)
		}
	}
	return n
}

// domainRecord invents a record. The values d1 to d4 are in the documents.
func domainRecord(random *rand.Rand) map[string]any {
	text := func() any { return []any{"d1", "d2", "d3", "d4", "w1", "w2", "w3", "w4", 1, nil}[random.IntN(10)] }
	record := map[string]any{}
	for _, name := range []string{"a", "b"} {
		if random.IntN(5) > 0 {
			record[name] = text()
		}
	}
	if random.IntN(5) > 0 {
		record["o"] = map[string]any{"g": text()}
	}
	list := []any{}
	for range random.IntN(5) {
		element := map[string]any{"g": text()}
		if random.IntN(2) > 0 {
			element["k"] = random.IntN(2)
		}
		list = append(list, element)
	}
	record["l"] = list
	return record
}

// exchanged returns a record that a rule can't tell from another one, by its domain, and how many
// values differ.
func exchanged(random *rand.Rand, d eval.Domain, record map[string]any) (other map[string]any, n int) {
	other = maps.Clone(record)
	for _, f := range d.Fields {
		swap := func(value any) (any, bool) {
			text, ok := value.(string)
			if !ok || text[0] != 'w' || slices.Contains(d.Constants, text) {
				return value, false
			}
			n++
			changed := fmt.Sprintf("%c%d", "vwxW"[random.IntN(4)], random.IntN(1000))
			differs := func(p dataflow.Predicate) bool { return predicateHolds(p, text) != predicateHolds(p, changed) }
			if slices.Contains(d.Constants, changed) || slices.Contains([]string{"w1", "w2", "w3", "w4"}, changed) || slices.ContainsFunc(f.Predicates, differs) {
				return text, true
			}
			return changed, true
		}
		switch value := other[f.Field].(type) {
		case map[string]any:
			if _, ok := value[f.Element]; ok {
				fresh := maps.Clone(value)
				fresh[f.Element], _ = swap(value[f.Element])
				other[f.Field] = fresh
			}
		case []any:
			other[f.Field] = exchangedList(random, f.Element, value, slices.Contains(d.Sets, f.Field), swap)
		default:
			if f.Element == "" && value != nil {
				other[f.Field], _ = swap(value)
			}
		}
	}
	return other, n
}

// predicateHolds asks a predicate of a text, with the parameters of the test.
func predicateHolds(p dataflow.Predicate, text string) bool {
	other := ""
	for _, part := range p.Other {
		switch strings.Join(part.Path, ".") {
		case "":
			other += part.Text
		case "parameters.p":
			other += "d3"
		case "parameters.n":
			other += "2"
		default:
			return false // there is no such parameter
		}
	}
	switch p.Case {
	case "lower":
		text = strings.ToLower(text)
	case "upper":
		text = strings.ToUpper(text)
	}
	switch p.Function {
	case "startswith":
		return strings.HasPrefix(text, other)
	case "endswith":
		return strings.HasSuffix(text, other)
	case "contains":
		return strings.Contains(text, other)
	case "regex.match":
		return regexp.MustCompile(other).MatchString(text)
	case "lt":
		return text < other
	case "lte":
		return text <= other
	case "gt":
		return text > other
	}
	return text >= other
}

// exchangedList is exchanged for the elements of a list. One that is a set of those outside of the
// domain has them in another order, and twice.
func exchangedList(random *rand.Rand, field string, list []any, set bool, swap func(any) (any, bool)) []any {
	changed := []any{}
	var moved []any
	for _, element := range list {
		fresh := maps.Clone(element.(map[string]any))
		part, outside := swap(fresh[field])
		if _, ok := fresh[field]; ok {
			fresh[field] = part
		}
		if outside && set && field == "g" {
			moved = append(moved, fresh, fresh)
		} else {
			changed = append(changed, fresh)
		}
	}
	for _, element := range moved {
		changed = slices.Insert(changed, random.IntN(len(changed)+1), element)
	}
	return changed
}
