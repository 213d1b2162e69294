package explain_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/explain"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

const rules = `package policies.mfa

default compliant := false

compliant if {
	input.registration.isMfaCapable == true
	count(input.methods) > data.parameters.least
}

compliant if _trusted(input.group)

_trusted(name) if name in data.evidence.entra.groups

_trusted(name) if startswith(name, "sec-")
`

const tests = `package policies.mfa_test

import data.policies.mfa

_user(capable) := {"registration": {"isMfaCapable": capable}, "methods": ["a"], "group": "all"}

test_positive if {
	user := _user(true)
	mfa.compliant with input as user with data.parameters as {"least": 3} with data.evidence as {"entra": {"groups": ["x"]}}
}

test_negative if {
	not mfa.compliant with input as _user(true) with data.parameters.least as 0
}

test_cases[name] if {
	some name, user in {"good": _user(true), "bad": _user(false)}
	mfa.compliant with input as user with data.parameters as {"least": 0}
}

test_every if {
	every user in [_user(true), _user(false)] {
		mfa.compliant with input as user with data.parameters as {"least": 0}
	}
}

test_equal if {
	expected := {"a": 1}
	got := object.union(expected, {"b": 2})
	got == expected
}
`

// render writes failures as a person would read them.
func render(failures []explain.Failure, indent string) string {
	var text strings.Builder
	for _, f := range failures {
		fmt.Fprintf(&text, "%s%s:%d:%d %s\n", indent, f.Path, f.Row, f.Col, f.Text)
		for _, b := range f.Bindings {
			fmt.Fprintf(&text, "%s    %s = %s\n", indent, b.Name, b.Value)
		}
		text.WriteString(render(f.Because, indent+"  > "))
	}
	return text.String()
}

func compile(t *testing.T, modules map[string]string) *ast.Compiler {
	t.Helper()
	parsed := map[string]*ast.Module{}
	for path, text := range modules {
		module := must.Get(ast.ParseModuleWithOpts(path, text, ast.ParserOptions{RegoVersion: ast.RegoV1}))(t)
		parsed[path] = module
	}
	compiler := ast.NewCompiler().WithEnablePrintStatements(true)
	if compiler.Compile(parsed); compiler.Failed() {
		t.Fatal(compiler.Errors)
	}
	return compiler
}

func TestFailures(t *testing.T) {
	t.Parallel()
	env := explain.Environment{Compiler: compile(t, map[string]string{"mfa.rego": rules, "mfa_test.rego": tests})}
	want := map[string]string{
		"test_positive": `
mfa_test.rego:9:2 mfa.compliant with input as user with data.parameters as {"least": 3} with data.evidence as {"entra": {"groups": ["x"]}}
    mfa.compliant = false
    user = {"group": "all", "methods": ["a"], "registration": {"isMfaCapable": true}}
  > mfa.rego:7:2 count(input.methods) > data.parameters.least
  >     count(input.methods) = 1
  >     data.parameters.least = 3
  > mfa.rego:10:14 _trusted(input.group)
  >     input.group = "all"
  >   > mfa.rego:12:19 name in data.evidence.entra.groups
  >   >     name = "all"
  >   >     data.evidence.entra.groups = ["x"]
  >   > mfa.rego:14:19 startswith(name, "sec-")
  >   >     name = "all"
`,
		"test_negative": `
mfa_test.rego:13:2 not mfa.compliant with input as _user(true) with data.parameters.least as 0
    mfa.compliant = true
    _user(true) = {"group": "all", "methods": ["a"], "registration": {"isMfaCapable": true}}
`,
		"test_cases": `
mfa_test.rego:18:2 mfa.compliant with input as user with data.parameters as {"least": 0}
    mfa.compliant = false
    user = {"group": "all", "methods": ["a"], "registration": {"isMfaCapable": false}}
  > mfa.rego:6:2 input.registration.isMfaCapable == true
  >     input.registration.isMfaCapable = false
  > mfa.rego:10:14 _trusted(input.group)
  >     input.group = "all"
  >   > mfa.rego:12:27 data.evidence.entra.groups
  >   >     data.evidence.entra.groups = undefined
  >   > mfa.rego:14:19 startswith(name, "sec-")
  >   >     name = "all"
`,
		"test_every": `
mfa_test.rego:22:2 every user in [_user(true), _user(false)] { …
    [_user(true), _user(false)] = [{"group": "all", "methods": ["a"], "registration": {"isMfaCapable": true}}, {"group": "all", "methods": ["a"], "registration": {"isMfaCapable": false}}]
  > mfa_test.rego:23:3 mfa.compliant with input as user with data.parameters as {"least": 0}
  >     mfa.compliant = false
  >     user = {"group": "all", "methods": ["a"], "registration": {"isMfaCapable": false}}
  >   > mfa.rego:6:2 input.registration.isMfaCapable == true
  >   >     input.registration.isMfaCapable = false
  >   > mfa.rego:10:14 _trusted(input.group)
  >   >     input.group = "all"
  >   >   > mfa.rego:12:27 data.evidence.entra.groups
  >   >   >     data.evidence.entra.groups = undefined
  >   >   > mfa.rego:14:19 startswith(name, "sec-")
  >   >   >     name = "all"
`,
		"test_equal": `
mfa_test.rego:30:2 got == expected
    got = {"a": 1, "b": 2}
    expected = {"a": 1}
`,
	}
	for name, text := range want {
		t.Run(name, func(t *testing.T) {
			failures := must.Get(env.Failures(t.Context(), "data.policies.mfa_test."+name))(t)
			expect.Equalf(t, strings.TrimPrefix(text, "\n"), render(failures, ""), "failures")
		})
	}
}
