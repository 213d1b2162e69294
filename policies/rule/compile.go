package rule

import (
	"bytes"
	"fmt"
	"math"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// parsedModule is a module with its syntax tree.
type parsedModule struct {
	Module
	ast *ast.Module
}

// Compile checks and compiles the modules of a catalog. It returns all problems, sorted by path, row and column, and the
// modules that have none, compiled. The set is never nil.
func Compile(modules []Module) (set *Set, problems []Problem) {
	defer func() {
		if r := recover(); r != nil {
			set = newSet(newCompiler(nil))
			problems = append(problems, Problem{
				Row: 1, Col: 1, EndRow: 1, EndCol: 1, Summary: "Rego compiler failed",
				Detail: fmt.Sprintf("The Rego compiler gave up on these modules: %v.", r),
			})
		}
	}()
	parsed, problems := parse(modules)
	compiler := newCompiler(nil)
	in := map[string]*ast.Module{}
	for _, m := range parsed {
		in[m.Path] = m.ast
	}
	if compiler.Compile(in); compiler.Failed() {
		problems = append(problems, translate(compiler.Errors, nil)...)
	}
	return newSet(compiler), sortProblems(problems)
}

// newCompiler returns a compiler under seal.
func newCompiler(schemas *ast.SchemaSet) *ast.Compiler {
	return ast.NewCompiler().
		WithCapabilities(Capabilities()).
		WithDefaultRegoVersion(ast.RegoV1).
		WithStrict(true).
		WithSchemas(schemas).
		WithUseTypeCheckAnnotations(true).
		SetErrorLimit(math.MaxInt32)
}

// parse returns the modules that are well-formed, and the problems of the others.
func parse(modules []Module) (parsed []parsedModule, problems []Problem) {
	options := ast.ParserOptions{RegoVersion: ast.RegoV1, Capabilities: Capabilities(), ProcessAnnotation: true}
	paths := map[string]bool{}
	for _, m := range modules {
		if paths[m.Path] {
			problems = append(problems, Problem{
				Path: m.Path, Row: 1, Col: 1, EndRow: 1, EndCol: 1, Summary: "File given twice",
				Detail: "Each Rego file may be part of a catalog once.",
			})
			continue
		}
		paths[m.Path] = true
		tree, err := ast.ParseModuleWithOpts(m.Path, string(m.Source), options)
		switch {
		case err != nil:
			problems = append(problems, translate(err, nil)...)
		case tree == nil || len(bytes.TrimSpace(m.Source)) == 0:
			problems = append(problems, Problem{
				Path: m.Path, Row: 1, Col: 1, EndRow: 1, EndCol: 1, Summary: "Empty file",
				Detail: fmt.Sprintf("A Rego file begins with its package: package %s.", m.Package),
			})
		default:
			parsed = append(parsed, parsedModule{Module: m, ast: tree})
		}
	}
	return parsed, problems
}

// isTest tells if a package holds tests.
func isTest(pkg string) bool { return strings.HasSuffix(pkg, "_test") }
