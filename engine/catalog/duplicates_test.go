package catalog_test

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/policies"
)

// TestNoRuleTwice holds that no two files of Rego are the same but for names: of packages, rules,
// variables, datasets and fields, and the texts of reasons. Such files are one shared rule.
func TestNoRuleTwice(t *testing.T) {
	first := map[string]string{}
	must.Do(t, fs.WalkDir(policies.Files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".rego") {
			return err
		}
		text, err := fs.ReadFile(policies.Files, path)
		if err != nil {
			return err
		}
		shape := nameless(t, path, string(text))
		if other, ok := first[shape]; ok {
			t.Errorf("%s is the same as %s but for names: write one rule in policies/rules", path, other)
		}
		first[shape] = path
		return nil
	}))
}

// nameless writes a module without its names.
func nameless(t *testing.T, path, text string) string {
	t.Helper()
	module := must.Get(ast.ParseModule(path, text))(t)
	var b strings.Builder
	ast.NewGenericVisitor(func(x any) bool {
		switch x := x.(type) {
		case ast.Ref:
			if builtin(x) {
				fmt.Fprintf(&b, "%s ", x)
				return true
			}
			fmt.Fprintf(&b, "ref%d ", len(x))
		case ast.Var, ast.String:
			b.WriteString("name ")
		case ast.Number, ast.Boolean, ast.Null:
			fmt.Fprintf(&b, "%v ", x)
		case *ast.Import, *ast.Package, *ast.Comment:
			return true
		case ast.Node:
			fmt.Fprintf(&b, "%T ", x)
		}
		return false
	}).Walk(module)
	return b.String()
}

// builtin reports whether a reference is the name of an operator or a function of OPA.
func builtin(ref ast.Ref) bool { return ast.BuiltinMap[ref.String()] != nil }
