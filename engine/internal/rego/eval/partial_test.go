package eval_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/eval"
	"github.com/posture-score/posture/engine/internal/rego/term"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/randpolicy"
)

// TestUnknown: which unknowns the result of a rule depends on. The unknowns are the fields "?0" and so on of the input; those that begin with
// "??" are absent from their objects.
func TestUnknown(t *testing.T) {
	for _, test := range []struct {
		name  string
		rego  string
		input string
		want  string
	}{
		{"looked at", `compliant if input.a == true`, `{"a": "?0"}`, "depends on 0"},
		{"truth", `compliant if input.a`, `{"a": "?0"}`, "depends on 0"},
		{"given back", `compliant := input.a`, `{"a": "?0"}`, "depends on 0"},
		{"not looked at", `compliant if input.b == true`, `{"a": "?0", "b": true}`, "true"},
		{"what is there decides first", "compliant if {\n\tinput.b == true\n\tinput.a == true\n}", `{"a": "?0", "b": false}`, "false"},
		{"moved about", "compliant if {\n\tx := [y | some y in input.list]\n\tcount(x) == 2\n}", `{"list": ["?0", "?1"]}`, "true"},
		{"in the element that differs anyway", `compliant if {"id": 1, "a": 2} in input.list`, `{"list": [{"id": 2, "a": "?0"}, {"id": 1, "a": 2}]}`, "true"},
		{"in the element that may be it", `compliant if {"id": 1, "a": 2} in input.list`, `{"list": [{"id": 1, "a": "?0"}]}`, "depends on 0"},
		{"in a set with others", "s contains x if some x in input.list\ncompliant if count(s) == 2", `{"list": [{"id": 1, "a": "?0"}, {"id": 2, "a": "?1"}]}`, "true"},
		{"in a set with what may be the same", "s contains x if some x in input.list\ncompliant if count(s) == 2", `{"list": [{"id": 1, "a": "?0"}, {"id": 1, "a": "?1"}]}`, "depends on 1"},
		{"the same in two sets", "s contains x if some x in input.list\nt contains x if some x in input.list\ncompliant if count(s & t) == 1", `{"list": [{"id": 1, "a": "?0"}]}`, "true"},
		{"negated", `compliant if not input.a == true`, `{"a": "?0"}`, "depends on 0"},
		{"every", "compliant if every x in input.list { x.a == true }", `{"list": [{"a": "?0"}]}`, "depends on 0"},
		{"a key", "compliant if input.b[input.a]", `{"a": "?0", "b": {"x": true}}`, "depends on 0"},
		{"an argument", "f(x) if x == 1\ncompliant if f(input.a)", `{"a": "?0"}`, "depends on 0"},
		{"of a built-in function", `compliant if startswith(input.a, "x")`, `{"a": "?0"}`, "depends on 0"},
		{"what a rule takes for absent", `compliant if object.get(input, "a", true) == true`, `{"a": "??0"}`, "true"},
		{"what it takes for absent further down", `compliant if object.get(input, ["b", "a"], true) == true`, `{"b": {"a": "??0"}}`, "true"},
		{"what is not known to be absent", `compliant if object.get(input, "a", true) == true`, `{"a": "?0"}`, "depends on 0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			rule := must.Get(prepareSetting("default compliant := false\n" + test.rego))(t)
			for _, rule := range []*eval.Rule{rule, rule.WithInterpreter()} {
				partial, err := rule.NewPartialEvaluator(t.Context())
				must.Do(t, err)
				env := eval.NewEnv(noon, nil, ast.NewObject())
				found, err := partial.Eval(env, withUnknowns(ast.MustParseTerm(test.input)).Value, nil, nil)
				got := fmt.Sprint(found.Result.Decision)
				if found.Unknown != nil {
					got = fmt.Sprintf("depends on %d", found.Unknown.ID)
				}
				if err != nil {
					got = err.Error()
				}
				expect.Equal(t, test.want, got)
			}
		})
	}
}

// prepareSetting compiles the rules of a setting control.
func prepareSetting(text string) (*eval.Rule, error) {
	compiler, err := ast.CompileModulesWithOpt(map[string]string{"c.rego": "package policies.c\n" + text},
		ast.CompileOpts{ParserOptions: ast.ParserOptions{RegoVersion: ast.RegoV1}})
	if err != nil {
		return nil, err
	}
	asked := eval.Query{Package: "policies.c", Entrypoints: eval.Entrypoints{Decision: "compliant"}}
	rules, err := eval.Compile(context.Background(), eval.Policy{Compiler: func(string) *ast.Compiler { return compiler }}, []eval.Query{asked}, limits())
	return rules[asked], err
}

// withUnknowns replaces the strings that stand for unknowns by them.
func withUnknowns(t *ast.Term) *ast.Term {
	switch v := t.Value.(type) {
	case ast.String:
		name, absent := strings.CutPrefix(string(v), "?")
		if !absent {
			return t
		}
		id, ofAbsent := strings.CutPrefix(name, "?")
		return ast.NewTerm(eval.Unknown{ID: int(id[0] - '0'), Absent: ofAbsent}.Value())
	case *ast.Array:
		list := []*ast.Term{}
		v.Foreach(func(t *ast.Term) { list = append(list, withUnknowns(t)) })
		return ast.ArrayTerm(list...)
	case ast.Object:
		object := ast.NewObject()
		v.Foreach(func(key, t *ast.Term) { object.Insert(key, withUnknowns(t)) })
		return ast.NewTerm(object)
	}
	return t
}

// TestUnknownStops: a result in spite of unknowns is the result whatever they are.
func TestUnknownStops(t *testing.T) {
	const tried = 1200
	answered := 0
	for seed := range uint64(tried) {
		answered += partial(t, randpolicy.Generator{Rand: rand.New(rand.NewPCG(seed, 5))})
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	if answered < tried {
		t.Errorf("%d answers to %d invented policies: the test has little to compare", answered, tried)
	}
}

// partial generates a policy and records, and returns how many results it could compare.
func partial(t *testing.T, random randpolicy.Generator) (answered int) {
	t.Helper()
	policy := random.Policy()
	compiler, err := ast.CompileModulesWithOpt(map[string]string{"c.rego": policy}, ast.CompileOpts{ParserOptions: ast.ParserOptions{RegoVersion: ast.RegoV1}})
	if err != nil {
		return 0
	}
	asked := eval.Query{Package: "policies.test.c", Entrypoints: eval.Entrypoints{Decision: "compliant"}}
	if strings.Contains(policy, "in_scope") {
		asked.Guard = "in_scope"
	}
	rules := must.Get(eval.Compile(t.Context(), eval.Policy{Compiler: func(string) *ast.Compiler { return compiler }}, []eval.Query{asked}, eval.DefaultLimits()))(t)
	asker, err := rules[asked].NewPartialEvaluator(t.Context())
	if err != nil {
		return 0 // it can't be compiled
	}
	env := envOf(fmt.Sprintf(`{"evidence":{"fuzz":{"docs":[%s]}}}`, random.Record()), &jsonscan.FieldMask{Whole: true})
	certain := rules[asked].NewEvaluator(t.Context(), env)
	for range 8 {
		blanks := &blanks{random: random}
		record := blanks.put(term.NewDecoder().Decode([]byte(random.Record()), nil), 3)
		found, err := asker.Eval(env, record.Value, nil, nil)
		if err != nil || found.Unknown != nil || blanks.count == 0 {
			continue
		}
		answered++
		for range 8 {
			filled := blanks.fill(record)
			want, err := certain.Eval(rules[asked].Input(filled.Value))
			if diff := cmp.Diff(fmt.Sprint(want, nil), fmt.Sprint(found.Result, err)); diff != "" {
				t.Errorf("(-filled in +unknown):\n%s\nrecord %s\nfilled %s\n%s", diff, record, filled, policy)
				return answered
			}
		}
	}
	return answered
}

// blanks are unknowns in a record.
type blanks struct {
	random randpolicy.Generator
	count  int
}

// put replaces some fields and elements by unknowns.
func (b *blanks) put(t *ast.Term, depth int) *ast.Term {
	return mapped(t, func(t *ast.Term) *ast.Term {
		switch {
		case b.random.IntN(5) == 0:
			b.count++
			return ast.NewTerm(eval.Unknown{ID: b.count}.Value())
		case depth == 0:
			return t
		}
		return b.put(t, depth-1)
	})
}

// fill replaces unknowns by values.
func (b *blanks) fill(t *ast.Term) *ast.Term {
	if _, ok := t.Value.(ast.Var); !ok {
		return mapped(t, b.fill)
	}
	record := term.NewDecoder().Decode([]byte(b.random.Record()), nil).Value.(ast.Object)
	switch values := []*ast.Term{}; b.random.IntN(3) {
	case 0:
		return ast.NewTerm(record)
	case 1:
		return ast.MustParseTerm([]string{"true", "false", "null", "1", "2", `"x"`, `"a"`, "[]", "{}"}[b.random.IntN(9)])
	default:
		record.Foreach(func(_, value *ast.Term) { values = append(values, value) })
		return append(values, ast.InternedNullTerm)[b.random.IntN(len(values)+1)]
	}
}

// mapped returns a collection with its values replaced.
func mapped(t *ast.Term, change func(*ast.Term) *ast.Term) *ast.Term {
	switch v := t.Value.(type) {
	case *ast.Array:
		list := []*ast.Term{}
		v.Foreach(func(t *ast.Term) { list = append(list, change(t)) })
		return ast.ArrayTerm(list...)
	case ast.Object:
		object := ast.NewObject()
		v.Foreach(func(key, t *ast.Term) { object.Insert(key, change(t)) })
		return ast.NewTerm(object)
	}
	return t
}
