package layers_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const module = "github.com/posture-score/posture"

// pkg is a package of this module, as go list tells of it. Paths of our own packages are shown without the module's.
type pkg struct {
	ImportPath   string
	Name         string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

// rule forbids imports. It is stated as one would say it, with the reason.
type rule struct {
	name    string
	why     string
	tests   bool // holds for tests, too
	among   func(path string) bool
	forbids func(path string) bool
}

// rules are the layers of the blueprint: data moves from left to right only.
//
//	schemas ← evidence ┐
//	   ↑               ├ engine ← internal/... ← cmd
//	   └─── policies ──┘
func rules() []rule {
	return []rule{
		{
			name: "schemas imports nothing of ours", why: "everything else rests on it",
			among: within("schemas"), forbids: both(ours, not(within("schemas"))),
		},
		{
			name: "evidence imports schemas alone of ours", why: "evidence is read the same, whatever policies ask of it",
			among: within("evidence"), forbids: both(ours, not(within("evidence", "schemas"))),
		},
		{
			name: "policies imports schemas alone of ours", why: "a catalog is checked without evidence, and without an engine",
			among: within("policies"), forbids: both(ours, not(within("policies", "schemas"))),
		},
		{
			name: "policies/rule imports schemas alone of ours", why: "it is the Rego half of a catalog, and gets all it needs to know as JSON Schemas",
			among: within("policies/rule"), forbids: both(ours, not(within("policies/rule", "schemas"))),
		},
		{
			name: "engine imports policies, evidence and schemas alone of ours", why: "who embeds the engine gets no reports, registers or portals with it",
			among: within("engine"), forbids: both(ours, not(within("engine", "policies", "evidence", "schemas"))),
		},
		{
			name: "engine/score imports nothing of ours, and no input or output", why: "the arithmetic of scores is pure, so that it can be read, tested and explained by itself",
			among: within("engine/score"), forbids: either(both(ours, not(within("engine/score"))), is("os", "io", "net", "time", "database/sql")),
		},
		{
			name: "nothing imports cmd", why: "commands hold no logic that another package could want", tests: true,
			among: not(within("cmd")), forbids: within("cmd"),
		},
		{
			name: "OPA is used in engine and policies alone", why: "the rest of the house knows outcomes, and can outlive this engine", tests: true,
			among: not(within("engine", "policies", "internal/bench/rules")), forbids: is("github.com/open-policy-agent"),
		},
		{
			name: "internal/bench/rules uses OPA in its tests alone", why: "they let OPA itself say whether two forms of a rule agree; what is measured rests on the engine",
			among: within("internal/bench/rules"), forbids: is("github.com/open-policy-agent"),
		},
		{
			name: "HCL and cty are used in policies, internal/register and cmd alone", why: "their loaders turn text into our own types, and cmd prints their diagnostics", tests: true,
			among: not(within("policies", "internal/register", "cmd")), forbids: is("github.com/hashicorp/hcl", "github.com/zclconf"),
		},
		{
			name: "SQL is used in internal/history alone", why: "how assessments are kept is that room's business", tests: true,
			among: not(within("internal/history")), forbids: is("database/sql", "modernc.org/sqlite", "github.com/mattn/go-sqlite3", "github.com/ncruces/go-sqlite3", "zombiezen.com/go/sqlite"),
		},
		{
			name: "cobra is used in cmd alone", why: "flags end where logic begins", tests: true,
			among: not(within("cmd")), forbids: is("github.com/spf13"),
		},
		{
			name: "test frameworks are used in tests alone", why: "they would be a part of the binary",
			among: ours, forbids: is("testing", "github.com/google/go-cmp", "github.com/rogpeppe/go-internal/testscript", "github.com/stretchr/testify"),
		},
	}
}

func TestLayers(t *testing.T) {
	packages := list(t)
	if len(packages) < 10 {
		t.Fatalf("go list names %d packages", len(packages))
	}
	for _, violation := range violations(packages) {
		t.Error(violation)
	}
}

// TestLayersHold breaks every rule once, so that none is stated in a way that can't fail.
func TestLayersHold(t *testing.T) {
	tests := map[string]pkg{
		"schemas imports nothing of ours":                                   {ImportPath: module + "/schemas", Imports: []string{module + "/evidence"}},
		"evidence imports schemas alone of ours":                            {ImportPath: module + "/evidence/graph", Imports: []string{module + "/policies"}},
		"policies imports schemas alone of ours":                            {ImportPath: module + "/policies", Imports: []string{module + "/evidence"}},
		"policies/rule imports schemas alone of ours":                       {ImportPath: module + "/policies/rule", Imports: []string{module + "/policies"}},
		"engine imports policies, evidence and schemas alone of ours":       {ImportPath: module + "/engine", Imports: []string{module + "/internal/report"}},
		"engine/score imports nothing of ours, and no input or output":      {ImportPath: module + "/engine/score", Imports: []string{"os"}},
		"nothing imports cmd":                                               {ImportPath: module + "/internal/report", XTestImports: []string{module + "/cmd/posture"}},
		"OPA is used in engine and policies alone":                          {ImportPath: module + "/cmd/posture", TestImports: []string{"github.com/open-policy-agent/opa/v1/ast"}},
		"internal/bench/rules uses OPA in its tests alone":                  {ImportPath: module + "/internal/bench/rules", Imports: []string{"github.com/open-policy-agent/opa/v1/rego"}},
		"HCL and cty are used in policies, internal/register and cmd alone": {ImportPath: module + "/internal/report", Imports: []string{"github.com/hashicorp/hcl/v2"}},
		"SQL is used in internal/history alone":                             {ImportPath: module + "/internal/fleet", Imports: []string{"database/sql"}},
		"cobra is used in cmd alone":                                        {ImportPath: module + "/internal/report", Imports: []string{"github.com/spf13/cobra"}},
		"test frameworks are used in tests alone":                           {ImportPath: module + "/internal/tenant", Imports: []string{"testing"}},
		"package names": {ImportPath: module + "/internal/util", Name: "util"},
	}
	for _, r := range rules() {
		if _, ok := tests[r.name]; !ok {
			t.Errorf("no test breaks the rule %q", r.name)
		}
	}
	for name, broken := range tests {
		t.Run(name, func(t *testing.T) {
			found := violations([]pkg{broken})
			if len(found) != 1 || !strings.Contains(found[0], name) {
				t.Errorf("violations are %q", found)
			}
		})
	}
	fine := pkg{
		ImportPath: module + "/engine", Name: "engine",
		Imports: []string{"os", module + "/policies", module + "/engine/score"}, XTestImports: []string{"testing", module + "/internal/tenant"},
	}
	if diff := cmp.Diff([]string(nil), violations([]pkg{fine})); diff != "" {
		t.Error(diff)
	}
}

// violations returns one line for each import, and each name, that is against a rule.
func violations(packages []pkg) []string {
	var found []string
	for _, p := range packages {
		path := shown(p.ImportPath)
		for _, r := range rules() {
			imports := slices.Clone(p.Imports)
			if r.tests {
				imports = slices.Concat(imports, p.TestImports, p.XTestImports)
			}
			slices.Sort(imports)
			for _, imported := range slices.Compact(imports) {
				if r.among(p.ImportPath) && r.forbids(imported) {
					found = append(found, fmt.Sprintf("%s imports %s, but %s: %s", path, shown(imported), r.name, r.why))
				}
			}
		}
		if slices.Contains([]string{"base", "common", "helper", "helpers", "misc", "shared", "util", "utils"}, p.Name) {
			found = append(found, fmt.Sprintf("%s is called %s, which is against our package names: a package is named after what it does", path, p.Name))
		}
	}
	return found
}

// list asks the go command for the packages of the module.
func list(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-e", "-json=ImportPath,Name,Imports,TestImports,XTestImports", module+"/...")
	cmd.Dir = "../.."
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &stderr)
	}
	var packages []pkg
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return packages
		}
		if err != nil {
			t.Fatalf("go list: %v", err)
		}
		packages = append(packages, p)
	}
}

// within holds for our packages in these folders.
func within(folders ...string) func(string) bool {
	paths := make([]string, len(folders))
	for i, folder := range folders {
		paths[i] = module + "/" + folder
	}
	return is(paths...)
}

// is holds for these packages and those below them.
func is(paths ...string) func(string) bool {
	return func(path string) bool {
		return slices.ContainsFunc(paths, func(p string) bool { return path == p || strings.HasPrefix(path, p+"/") })
	}
}

func ours(path string) bool { return is(module)(path) }

func not(f func(string) bool) func(string) bool { return func(path string) bool { return !f(path) } }

func both(f, g func(string) bool) func(string) bool {
	return func(path string) bool { return f(path) && g(path) }
}

func either(f, g func(string) bool) func(string) bool {
	return func(path string) bool { return f(path) || g(path) }
}

func shown(path string) string { return strings.TrimPrefix(path, module+"/") }
