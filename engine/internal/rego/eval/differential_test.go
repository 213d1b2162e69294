package eval_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/eval"
	"github.com/posture-score/posture/engine/internal/rego/term"
	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/randpolicy"
)

// FuzzDifferential generates a policy, which no catalog has to accept, and records. It compares topdown's result for a whole record with the
// VM's result for the parts that the rule reads.
func FuzzDifferential(f *testing.F) {
	for seed := range uint64(40) {
		f.Add(seed, seed*3+1)
	}
	f.Fuzz(func(t *testing.T, first, second uint64) {
		differential(t, randpolicy.Generator{Rand: rand.New(rand.NewPCG(first, second)), Free: true})
	})
}

// TestDifferential is the same over a fixed series.
func TestDifferential(t *testing.T) {
	const tried = 1500
	used, compiled := 0, 0
	for seed := range uint64(tried) {
		ok, fast := differential(t, randpolicy.Generator{Rand: rand.New(rand.NewPCG(seed, 2)), Free: true})
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
		if ok {
			used++
		}
		if fast {
			compiled++
		}
	}
	if used*2 < tried || compiled*100 < used*95 {
		t.Errorf("of %d invented policies %d can be used, and %d of those run as closures: the test has little to compare", tried, used, compiled)
	}
}

// differential reports whether the generated policy could be used, and whether it could be compiled for the VM.
func differential(t *testing.T, random randpolicy.Generator) (used, compiled bool) {
	t.Helper()
	policy := random.Policy()
	compiler, err := ast.CompileModulesWithOpt(map[string]string{"c.rego": policy}, ast.CompileOpts{ParserOptions: ast.ParserOptions{RegoVersion: ast.RegoV1}})
	if err != nil {
		return false, false
	}
	asked := eval.Query{Package: "policies.test.c", Entrypoints: eval.Entrypoints{Decision: "compliant"}}
	if strings.Contains(policy, "in_scope") {
		asked.Guard = "in_scope"
	}
	if strings.Contains(policy, "reasons contains") {
		asked.Reasons = eval.FailingReasons
	}
	rules := must.Get(eval.Compile(t.Context(), eval.Policy{Compiler: func(string) *ast.Compiler { return compiler }}, []eval.Query{asked}, eval.DefaultLimits()))(t)
	rule := rules[asked]
	docs := fmt.Sprintf(`{"evidence":{"fuzz":{"docs":[%s,%s]}}}`, random.Record(), random.Record())
	reads := rule.AccessPaths()
	reference := rule.WithInterpreter()
	want := reference.NewEvaluator(t.Context(), envOf(docs, &jsonscan.FieldMask{Whole: true}))
	got := rule.NewEvaluator(t.Context(), envOf(docs, reads.Data))
	for range 12 {
		record := random.Record()
		whole := term.NewDecoder().Decode([]byte(record), nil)
		expected, expectedErr := want.Eval(reference.Input(whole.Value))
		result, err := got.Eval(projected(t, rule, record))
		if diff := cmp.Diff(fmt.Sprint(expected, expectedErr), fmt.Sprint(result, err)); diff != "" {
			t.Errorf("(-topdown over all +closures over what they read):\n%s\nrecord %s\ndocuments %s\nreads %s of the input, %s of the data\n%s",
				diff, record, docs, reads.Input, reads.Data, policy)
			break
		}
	}
	return true, rule.Fallback() == ""
}

// envOf returns an environment with the parts of the documents that are read.
func envOf(docs string, reads *jsonscan.FieldMask) *eval.Env {
	list := ast.Value(ast.NewArray())
	p := jsonscan.NewPruner([]jsonscan.Field{{Name: "evidence", Mask: fieldOf(reads, "evidence")}}, 64)
	p.Value([]byte(docs), 0, true)
	evidence := term.NewDecoder().Decode(p.Slot(0), nil)
	if found, err := evidence.Value.Find(ast.Ref{ast.StringTerm("fuzz"), ast.StringTerm("docs")}); err == nil {
		list = found
	}
	return eval.NewEnv(noon, map[string]ast.Value{"fuzz.docs": list}, ast.MustInterfaceToValue(map[string]any{"p": 2}))
}

// fieldOf returns what is read of a field of an object.
func fieldOf(reads *jsonscan.FieldMask, name string) *jsonscan.FieldMask {
	if reads.Whole {
		return reads
	}
	both := &jsonscan.FieldMask{}
	both.Add(reads.Each)
	both.Add(reads.Fields[name])
	return both
}

// projected returns the parts of a record that the rule reads.
func projected(t *testing.T, rule *eval.Rule, record string) eval.Input {
	t.Helper()
	reads := rule.AccessPaths().Input
	if reads.Whole || reads.Each != nil {
		return rule.Input(term.NewDecoder().Decode([]byte(record), nil).Value)
	}
	var fields []jsonscan.Field
	for _, name := range rule.Fields() {
		fields = append(fields, jsonscan.Field{Name: name, Mask: reads.Fields[name]})
	}
	p := jsonscan.NewPruner(fields, 64)
	if _, status := p.Value([]byte(record), 0, true); status != jsonscan.OK {
		t.Fatalf("%s: status %v", record, status)
	}
	in := slots{fields: fields}
	for i := range fields {
		in.views = append(in.views, new(term.Tree).View(p.Slot(i), nil))
		var value *ast.Term
		if json := p.Slot(i); json != nil {
			value = term.NewDecoder().Decode(json, nil)
		}
		in.values = append(in.values, value)
	}
	return in
}

// slots is an input that holds nothing but its fields.
type slots struct {
	fields []jsonscan.Field
	values []*ast.Term
	views  []term.View
}

func (s slots) Field(i int) *ast.Term { return s.values[i] }
func (s slots) View(i int) *term.View {
	if s.views[i].Kind == term.None {
		return nil
	}
	return &s.views[i]
}

func (s slots) Object() bool { return true }

func (s slots) Whole() *ast.Term {
	object := ast.NewObject()
	for i, field := range s.fields {
		if s.values[i] != nil {
			object.Insert(ast.StringTerm(field.Name), s.values[i])
		}
	}
	return ast.NewTerm(object)
}
