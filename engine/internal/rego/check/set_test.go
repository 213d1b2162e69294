package check

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/posture-score/posture/engine/internal/rego/limit"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// TestGathers checks that the mistakes of one module hide none of another, and that what is left is compiled.
func TestGathers(t *testing.T) {
	shape := testShape(t)
	module := func(name, body string) Module {
		return Module{
			Path: "entra/" + name + ".rego", Package: "policies.entra." + name, Schema: shape,
			Source: []byte("package policies.entra." + name + "\n\n" + body),
		}
	}
	shared := func(name, body string) Module {
		return Module{Path: "lib/" + name + ".rego", Package: "policies.lib." + name, Source: []byte("package policies.lib." + name + "\n\n" + body)}
	}
	set, problems := Compile(t.Context(), []Module{
		module("good", "import data.policies.lib.good\n\ndefault compliant := false\n\ncompliant if good.f(input.id)\n"),
		module("syntax_b", "compliant if {\n"),
		module("syntax_a", "compliant iff true\n"),
		module("strict", "compliant if {\n\tx := 1\n\tinput.acountEnabled\n}\n"),
		module("types", "compliant if input.acountEnabled == true\n"),
		module("user", "import data.policies.lib.bad\n\ncompliant if bad.f(input.id)\n"),
		{Path: "entra/user_test.rego", Package: "policies.entra.user_test", Source: []byte("package policies.entra.user_test\n\ntest_x if data.policies.entra.user.compliant\n")},
		shared("good", "f(x) if x == \"a\"\n"),
		shared("bad", "f(x) if x == input.id\n\ng(x) if data.evidence.entra.users[x]\n\nh := data.parameters.x\n\nnow := data.now\n"),
		{Path: "entra/misplaced.rego", Package: "policies.entra.misplaced", Schema: shape, Source: []byte("package policies.entra.other\n")},
		{Path: "entra/twin.rego", Package: "policies.entra.types", Schema: shape, Source: []byte("package policies.entra.types\n\nother := 1\n")},
		{Path: "entra/twin.rego", Package: "policies.entra.twin", Schema: shape, Source: []byte("package policies.entra.twin\n")},
		{Path: "entra/empty.rego", Package: "policies.entra.empty", Schema: shape, Source: []byte("\n")},
		{Path: "entra/comment.rego", Package: "policies.entra.comment", Schema: shape, Source: []byte("# nothing\n")},
		{Path: "entra/broken.rego", Package: "policies.entra.broken", Source: []byte("package policies.entra.broken\n"), Schema: &InputSchema{
			Input: map[string]any{"$ref": "https://example.com/schema.json"},
		}},
	})
	want := []string{
		`entra/broken.rego:1:1: Unusable schema: What this module sees can't be told: input: the reference "https://example.com/schema.json" leads to no definition of the schema.`,
		`entra/comment.rego:1:1: Empty file: A Rego file begins with its package: package policies.entra.comment.`,
		`entra/empty.rego:1:1: Empty file: A Rego file begins with its package: package policies.entra.empty.`,
		`entra/misplaced.rego:1:1: Wrong package: By its place in the catalog this file is package policies.entra.misplaced, not policies.entra.other.`,
		`entra/strict.rego:4:2: Unused variable: Nothing reads x. Leave it out.`,
		`entra/strict.rego:5:8: Unknown field "acountEnabled": input has no field "acountEnabled". Did you mean "accountEnabled"? Its fields are: "accountEnabled", "assignedLicenses", "id", "labels", "manager", "methods", "registration", "roles", "signIns", "userType".`,
		`entra/syntax_a.rego:3:1: Syntax error: Var cannot be used for rule name.`,
		`entra/syntax_b.rego:4:1: Syntax error: Unexpected eof token.`,
		`entra/twin.rego:1:1: File given twice: Each Rego file can be a part of a catalog once.`,
		`entra/twin.rego:1:1: Package declared twice: entra/types.rego is package policies.entra.types too: a control's rules stand in one file.`,
		`entra/types.rego:3:20: Unknown field "acountEnabled": input has no field "acountEnabled". Did you mean "accountEnabled"? Its fields are: "accountEnabled", "assignedLicenses", "id", "labels", "manager", "methods", "registration", "roles", "signIns", "userType".`,
		`lib/bad.rego:5:29: Dataset entra.users not declared: data.evidence.entra.users is not declared in context, so the control would not see it. Add "entra.users" to the control's context. Declared are: "entra.conditional_access_policies", "entra.security_defaults".`,
		`lib/bad.rego:7:22: Unknown field "x": data.parameters has no field "x". Its fields are: "any", "field", "min_methods".`,
	}
	expect.Equalf(t, want, texts(problems), "problems")
	expect.Equalf(t, []string{"policies.entra.good", "policies.lib.good"}, sortedKeys(set.rules), "packages")
}

func TestSet(t *testing.T) {
	set, problems := Compile(t.Context(), []Module{control(t, `
default compliant := false

# Rows and columns are those of the text, whatever the compiler was told about it.
compliant if input.manager == null

reasons contains "no manager" if input.manager == null

_ids[id] := 1 if some id in input.methods

double(x) := x + x

count_all := double(2)
`)})
	if len(problems) > 0 {
		t.Fatal(texts(problems))
	}
	const pkg = "policies.entra.mfa"
	expect.Equalf(t, []string{"_ids", "compliant", "count_all", "double", "reasons"}, set.Rules(pkg), "rules")
	if value := set.Default(pkg, "compliant"); value == nil || value.String() != "false" {
		t.Errorf("the default of compliant is %v", value)
	}
	for rule, pkg := range map[string]string{"reasons": pkg, "compliant": "policies.none"} {
		if value := set.Default(pkg, rule); value != nil {
			t.Errorf("the default of %s.%s is %v", pkg, rule, value)
		}
	}
	if at, ok := set.Location(pkg, "reasons"); !ok || at.Row != 8 || at.Col != 1 || at.File != "entra/mfa.rego" {
		t.Errorf("reasons stands at %v", at)
	}
	if _, ok := set.Location(pkg, "none"); ok {
		t.Error("a rule that isn't there has a place")
	}
	results := must.Get(rego.New(rego.Compiler(set.Compiler()), rego.Query("data.policies.entra.mfa.compliant"),
		rego.Input(map[string]any{"manager": nil})).Eval(context.Background()))(t)
	if !results.Allowed() {
		t.Error("null was not put back: a missing manager is not found")
	}
}

// TestBuiltins shows which functions of this OPA are in and which are out. An upgrade that brings new ones shows here.
func TestBuiltins(t *testing.T) {
	allowed := map[string]bool{}
	for _, name := range allowedBuiltins() {
		if allowed[name] {
			t.Errorf("%s is listed twice", name)
		}
		allowed[name] = true
	}
	var got strings.Builder
	for _, builtin := range ast.CapabilitiesForThisVersion().Builtins {
		mark := "-"
		if allowed[builtin.Name] {
			mark = "+"
		}
		fmt.Fprintln(&got, mark, builtin.Name)
		delete(allowed, builtin.Name)
	}
	if len(allowed) > 0 {
		t.Errorf("builtins that OPA does not have: %v", sortedKeys(allowed))
	}
	const name = "testdata/builtins.txt"
	if *update {
		must.Do(t, os.WriteFile(name, []byte(got.String()), 0o644))
	}
	want := must.Get(os.ReadFile(name))(t)
	expect.Equalf(t, string(want), got.String(), "builtins")
	sealed := Capabilities()
	if sealed.AllowNet == nil || len(sealed.AllowNet) > 0 || len(sealed.WasmABIVersions) > 0 {
		t.Error("the network or wasm is open")
	}
	for _, b := range sealed.Builtins {
		if b.Nondeterministic && b.Name != "time.now_ns" {
			t.Errorf("%s is not deterministic", b.Name)
		}
		if b.IsDeprecated() {
			t.Errorf("%s is deprecated", b.Name)
		}
	}
}

func FuzzCompile(f *testing.F) {
	archive := must.Get(os.ReadFile("testdata/problems.txtar"))(f)
	for _, part := range strings.Split(string(archive), "\n-- ") {
		if _, body, ok := strings.Cut(part, ".rego --\n"); ok {
			f.Add([]byte(body))
		}
	}
	shape := testShape(f)
	f.Fuzz(func(t *testing.T, source []byte) {
		set, problems := Compile(t.Context(), []Module{{Path: "a.rego", Package: "policies.entra.mfa", Source: source, Schema: shape}})
		if set == nil {
			t.Fatal("no set")
		}
		for _, p := range problems {
			if p.Summary == "" || p.Detail == "" || p.Path != "a.rego" || p.Row < 1 || p.Col < 1 || before(p.EndRow, p.EndCol, p.Row, p.Col) {
				t.Errorf("bad problem: %#v", p)
			}
			if p.Summary == "Rego compiler failed" {
				t.Errorf("OPA failed: %s", p)
			}
		}
	})
}

func BenchmarkCompile(b *testing.B) {
	shape := testShape(b)
	modules := []Module{lib("privileged(roles) if count(roles) > 0")}
	for i := range 40 {
		// Shapes are made anew for each control, as a loader does.
		own := &InputSchema{Input: schemaOf(b, userSchema), Evidence: map[string]map[string]any{}, Parameters: shape.Parameters}
		for name := range shape.Evidence {
			own.Evidence[name] = shape.Evidence[name]
		}
		name := fmt.Sprintf("policies.entra.control_%d", i)
		modules = append(modules, Module{Path: name + ".rego", Package: name, Schema: own, Source: []byte("package " + name + `

import data.policies.lib.roles

default compliant := false

compliant if {
	input.accountEnabled == true
	some policy in _enabled
	"All" in policy.conditions.users.includeUsers
	count(input.methods) >= data.parameters.min_methods
}

compliant if roles.privileged(input.roles)

default in_scope := true

in_scope := false if input.userType == "Guest"

_enabled contains policy if {
	some policy in data.evidence.entra.conditional_access_policies
	policy.state == "enabled"
}

reasons contains "no method is registered" if count(input.methods) == 0

reasons contains "the account is not registered" if not input.registration.isMfaRegistered
`)})
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, problems := Compile(b.Context(), modules); len(problems) > 0 {
			b.Fatal(texts(problems))
		}
	}
}

// TestPrices holds that every function that a rule may call has a price of its own: one that OPA adds is not let in without.
func TestPrices(t *testing.T) {
	for _, b := range Capabilities().Builtins {
		if _, ok := limit.Of(b.Name); !ok {
			t.Errorf("%s has no price", b.Name)
		}
	}
}
