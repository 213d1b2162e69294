package check

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/tester"

	"github.com/posture-score/posture/engine/internal/rego/explain"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

func testModules() []Module {
	return []Module{
		{Path: "entra/mfa.rego", Package: "policies.entra.mfa", Source: []byte(`package policies.entra.mfa

default compliant := false

compliant if input.registered == true

level := "high" if {
	input.admin == true
} else := "low"

number := to_number(input.text)
`)},
		{Path: "entra/mfa_test.rego", Package: "policies.entra.mfa_test", Source: []byte(`package policies.entra.mfa_test

import data.policies.entra.mfa

test_registered if mfa.compliant with input as {"registered": true}

test_not_registered if {
	print("registered:", false)
	mfa.compliant with input as {"registered": false}
}

test_number if mfa.number == 1 with input as {"text": "x"}

todo_test_level if mfa.level == "low"

test_cases[name] if {
	some name, registered in {"yes": true, "no": false}
	mfa.compliant with input as {"registered": registered}
}

test_slow if {
	some a in numbers.range(1, 1000)
	some b in numbers.range(1, 1000)
	a + b == 0
}

test_product if product(numbers.range(1, 300000)) > 0
`)},
	}
}

func TestTest(t *testing.T) {
	report := must.Get(Test(context.Background(), testModules(), TestOptions{Coverage: true, MaxSteps: 100_000}))(t)
	const path, pkg = "entra/mfa_test.rego", "policies.entra.mfa_test"
	if got := Tests(testModules()[1]); got != len(report.Tests) {
		t.Errorf("%d tests are counted, and %d were run", got, len(report.Tests))
	}
	registered := []Failure{{
		Path: "entra/mfa.rego", Row: 5, Col: 14, Text: "input.registered == true", Bindings: []explain.Binding{{Name: "input.registered", Value: "false"}},
	}}
	want := Report{
		Tests: []TestResult{
			{Package: pkg, Name: "test_registered", Path: path, Row: 5, Pass: true},
			{Package: pkg, Name: "test_not_registered", Path: path, Row: 7, Output: "registered: false\n", Failures: []Failure{{
				Path: path, Row: 9, Col: 2, Text: `mfa.compliant with input as {"registered": false}`, Bindings: []explain.Binding{{Name: "mfa.compliant", Value: "false"}},
				Because: registered,
			}}},
			{Package: pkg, Name: "test_number", Path: path, Row: 12, Error: `entra/mfa.rego:11: eval_builtin_error: to_number: strconv.ParseFloat: parsing "x": invalid syntax`},
			{Package: pkg, Name: "todo_test_level", Path: path, Row: 14, Skip: true},
			{Package: pkg, Name: "test_cases", Path: path, Row: 16, Failed: []string{"no"}, Failures: []Failure{{
				Path: path, Row: 18, Col: 2, Text: `mfa.compliant with input as {"registered": registered}`,
				Bindings: []explain.Binding{{Name: "mfa.compliant", Value: "false"}, {Name: "registered", Value: "false"}}, Because: registered,
			}}},
			{Package: pkg, Name: "test_slow", Path: path, Row: 21, Error: "entra/mfa_test.rego:21: test_slow takes more than 100,000 steps, the limit for one evaluation: make it do less, or raise the limit by --max-steps"},
			{Package: pkg, Name: "test_product", Path: path, Row: 27, Error: "entra/mfa_test.rego:27: test_product takes more than 100,000 steps, the limit for one evaluation: make it do less, or raise the limit by --max-steps"},
		},
		Coverage: &Coverage{
			Files:   []FileCoverage{{Path: "entra/mfa.rego", Covered: []int{3, 5, 11}, Uncovered: []int{7, 8, 9}}},
			Covered: 3, Uncovered: 3,
		},
	}
	expect.Equalf(t, want, report, "report")
	if report.Passed() || report.Coverage.Percent() != 50 || report.Coverage.Files[0].Percent() != 50 || (&Coverage{}).Percent() != 100 {
		t.Errorf("passed %t, coverage %v", report.Passed(), report.Coverage.Percent())
	}
}

func TestTestSelects(t *testing.T) {
	report := must.Get(Test(context.Background(), testModules(), TestOptions{Run: `mfa_test\.test_reg`}))(t)
	if len(report.Tests) != 1 || !report.Passed() || report.Coverage != nil {
		t.Errorf("got %+v", report)
	}
}

func TestTestRefuses(t *testing.T) {
	impure := Module{Path: "a_test.rego", Package: "a_test", Source: []byte("package a_test\n\ntest_x if opa.runtime() == {}\n")}
	broken := Module{Path: "b_test.rego", Package: "b_test", Source: []byte("package b_test\n\ntest_x if {\n")}
	tests := []struct {
		name    string
		modules []Module
		opt     TestOptions
		want    string
	}{
		{"impure", []Module{impure}, TestOptions{}, "a_test.rego:3:11: Builtin opa.runtime not allowed: Rules run sealed: the same evidence has to give the same result, at a cost that its size bounds. So opa.runtime is not available in a catalog."},
		{"syntax", []Module{broken}, TestOptions{}, "b_test.rego:4:1: Syntax error: Unexpected eof token."},
		{"pattern", nil, TestOptions{Run: "("}, "selecting tests: error parsing regexp: missing closing ): `(`"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Test(context.Background(), test.modules, test.opt)
			if err == nil {
				t.Fatal("no error")
			}
			expect.Equalf(t, test.want, err.Error(), "error")
		})
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Test(ctx, testModules(), TestOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestRunnerAsOPA compares results with those of OPA's own runner.
func TestRunnerAsOPA(t *testing.T) {
	modules := []Module{{Path: "a_test.rego", Package: "policies.a_test", Source: []byte(`package policies.a_test

test_twice if 1 == 1

test_twice if 1 == 2

suite.test_of_a_reference if 1 == 1

test_null := null

test_text := "true"

todo_test_table[name] if some name in ["a"]

test_nested[outer][inner] if {
	some outer, parts in {"a": {"b": 1, "c": 2}, "d": {"e": 1}}
	some inner, n in parts
	n == 1
}

test_flat[name] := value if some name, value in {"true": true, "false": false, "null": null, "number": 1}

test_of_numbers[n] if {
	some n in [1, 2]
	n == 1
}

test_empty[name] if some name in []

helper if 1 == 1
`)}}
	report := must.Get(Test(context.Background(), modules, TestOptions{}))(t)
	parsed, _ := parse(context.Background(), modules)
	opa, err := tester.NewRunner().SetCompiler(newCompiler(nil).WithEnablePrintStatements(true)).SetDefaultRegoVersion(ast.RegoV1).
		SetModules(map[string]*ast.Module{"a_test.rego": parsed[0].ast}).RaiseBuiltinErrors(true).RunTests(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	type result struct {
		pass, skip bool
		failed     string
	}
	want, got := map[string]result{}, map[string]result{}
	for r := range opa {
		var failed []string
		for name, sub := range r.SubResults.Iter {
			if sub.Fail {
				failed = append(failed, strings.Join(name, "/"))
			}
		}
		slices.Sort(failed)
		want[r.Name] = result{r.Pass() && !r.Skip, r.Skip, strings.Join(failed, " ")}
	}
	for _, r := range report.Tests {
		got[r.Name] = result{r.Pass, r.Skip, strings.Join(r.Failed, " ")}
	}
	expect.Equalf(t, fmt.Sprint(want), fmt.Sprint(got), "results")
	if len(want) != 10 {
		t.Errorf("OPA ran %d tests: %v", len(want), want)
	}
}
