package check

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/internal/textlimit"
)

// parsedModule is a module with its syntax tree.
type parsedModule struct {
	Module
	ast    *ast.Module
	tokens int
}

// key is the name of a module in the compiler: copies of a shared module have its path.
func (m parsedModule) key() string {
	if m.Declares == "" {
		return m.Path
	}
	return m.Path + " as " + m.Package
}

// Compile checks and compiles the modules of a catalog. It returns all problems, sorted by path, row and column, and the
// modules that have none, compiled. The set is never nil. If the context ends, the set is empty, and problems may be missing.
func Compile(ctx context.Context, modules []Module) (set *Set, problems []Diagnostic) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case abandoned:
			set, problems = newSet(newCompiler(nil), nil), sortProblems(append(problems, r...))
		default:
			set = newSet(newCompiler(nil), nil)
			problems = append(problems, Diagnostic{
				Path: modules[0].Path, Row: 1, Col: 1, EndRow: 1, EndCol: 2, Summary: "Rego compiler failed",
				Detail: fmt.Sprintf("OPA's compiler gave up on a module of this catalog: %s.", clip(fmt.Sprint(r))),
			})
		}
	}()
	b := &build{ctx: ctx, typer: &typer{set: ast.NewSchemaSet(), names: map[string]ast.Ref{}}, shapes: map[string]*nodes{}}
	parsed, problems := parse(ctx, modules)
	parsed, unbound := specialize(parsed)
	if b.ctx.Err() != nil {
		panic(abandoned(nil))
	}
	all := parsed
	problems = append(append(problems, unbound...), b.vet(parsed)...)
	// A module with problems stops the compiler before it has seen all of the others. So it is left out, with those that
	// refer to it, and the others are compiled again until they pass.
	for {
		compiler, found := b.compile(parsed)
		problems = append(problems, found...)
		faulty := map[string]bool{}
		for _, p := range problems {
			faulty[p.Path] = true
		}
		rest := without(parsed, faulty)
		if len(rest) == len(parsed) {
			if compiler.Failed() { // in no module: nothing can be left out
				compiler, parsed = newCompiler(nil), nil
			}
			return newSet(compiler, parsed), sortProblems(mergeCopies(problems, all))
		}
		parsed = rest
	}
}

// build is what one call of Compile works with.
type build struct {
	ctx    context.Context // of the call
	typer  *typer
	shapes map[string]*nodes // by key
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

// compile runs the compiler once. The parsed modules are left as they are.
func (b *build) compile(parsed []parsedModule) (*ast.Compiler, []Diagnostic) {
	modules := map[string]*ast.Module{}
	for _, m := range parsed {
		modules[m.key()] = m.ast
	}
	var problems []Diagnostic
	restore := func() {}
	compiler := newCompiler(b.typer.set)
	b.guard(compiler)
	compiler.WithStageAfterID(ast.StageRewriteDynamicTerms, ast.CompilerStageDefinition{
		Name: "CheckShapes", MetricName: "check_shapes", Stage: func(c *ast.Compiler) *ast.Error {
			problems = check(c, b.shapes, parsed)
			restore = nullStage(c.Modules)
			return nil
		},
	})
	compiler.WithStageAfterID(ast.StageCheckTypes, ast.CompilerStageDefinition{
		Name: "RestoreNulls", MetricName: "restore_nulls", Stage: func(*ast.Compiler) *ast.Error {
			restore()
			return nil
		},
	})
	if compiler.Compile(modules); !compiler.Failed() {
		return compiler, problems
	}
	own := problems
	for _, p := range translate(compiler.Errors, parsed) {
		// What OPA says of a place where we found something is a consequence, or the same in other words.
		if !slices.ContainsFunc(own, p.covers) {
			problems = append(problems, p)
		}
	}
	return compiler, problems
}

// parse returns the modules that are well-formed, and the problems of the others.
func parse(ctx context.Context, modules []Module) (parsed []parsedModule, problems []Diagnostic) {
	paths := map[string]bool{}
	var once []Module
	for _, m := range modules {
		key := parsedModule{Module: m}.key()
		if paths[key] {
			problems = append(problems, Diagnostic{
				Path: m.Path, Row: 1, Col: 1, EndRow: 1, EndCol: 2,
				Summary: "File given twice", Detail: "Each Rego file can be a part of a catalog once.",
			})
			continue
		}
		paths[key] = true
		once = append(once, m)
	}
	once, tokens, beyond := bounded(once)
	problems = append(problems, beyond...)
	trees, errs := parseAll(ctx, once)
	for i, m := range once {
		if errs[i] != nil {
			problems = append(problems, syntaxProblems(m, errs[i])...)
			continue
		}
		parsed = append(parsed, parsedModule{Module: m, ast: trees[i], tokens: tokens[i]})
	}
	return parsed, problems
}

// bounded returns the modules that are within the bounds of a text of Rego, with the number of their tokens, and the
// problems of the others. It returns none of them if there are too many tokens in all.
func bounded(modules []Module) (within []Module, tokens []int, problems []Diagnostic) {
	total := 0
	for _, m := range modules {
		n, problem := textlimit.Rego(m.Source)
		if problem != nil {
			problems = append(problems, limitProblem(m, problem))
			continue
		}
		if total += n; total > maxTokens {
			return nil, nil, append(problems, tooMuch(m))
		}
		within, tokens = append(within, m), append(tokens, n)
	}
	return within, tokens, problems
}

// limitProblem says that a module passes a bound.
func limitProblem(m Module, p *textlimit.Problem) Diagnostic {
	return Diagnostic{
		Path: m.Path, Row: p.Start.Line, Col: p.Start.Column, EndRow: p.End.Line, EndCol: p.End.Column, Summary: p.Summary, Detail: p.Detail,
	}
}

// parseAll parses modules side by side. Those that are left when the context ends are errors.
func parseAll(ctx context.Context, modules []Module) ([]*ast.Module, []error) {
	options := ast.ParserOptions{RegoVersion: ast.RegoV1, Capabilities: Capabilities(), ProcessAnnotation: true}
	trees, errs := make([]*ast.Module, len(modules)), make([]error, len(modules))
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(modules)) {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(modules); i = int(next.Add(1)) - 1 {
				if errs[i] = ctx.Err(); errs[i] == nil {
					trees[i], errs[i] = parseModule(modules[i], options)
				}
			}
		})
	}
	group.Wait()
	return trees, errs
}

// parseOne parses a module if it is within the bounds of a text of Rego.
func parseOne(m Module, options ast.ParserOptions) (*ast.Module, error) {
	if _, problem := textlimit.Rego(m.Source); problem != nil {
		return nil, problem
	}
	return parseModule(m, options)
}

func parseModule(m Module, options ast.ParserOptions) (tree *ast.Module, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = ast.Errors{ast.NewError(ast.ParseErr, ast.NewLocation(nil, m.Path, 1, 1), "OPA's parser gave up: %v", r)}
		}
	}()
	return ast.ParseModuleWithOpts(m.Path, string(m.Source), options)
}

// syntaxProblems keeps the first syntax error of each row: the parser stumbles over what follows.
func syntaxProblems(m Module, err error) []Diagnostic {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	problems := translate(err, nil)
	for i := range problems {
		if p := &problems[i]; p.Path == "" { // OPA says of an empty module only that it is
			p.Path, p.Summary = m.Path, "Empty file"
			p.Detail = fmt.Sprintf("A Rego file begins with its package: package %s.", m.Package)
		}
	}
	return slices.CompactFunc(sortProblems(problems), func(a, b Diagnostic) bool { return a.Row == b.Row })
}

// rootHint says that a package would be right in a catalog that begins in another folder, if it would.
func rootHint(placed, declared string) string {
	const root = "policies."
	longer, tail := placed, strings.TrimPrefix(declared, root)
	if len(declared) > len(placed) {
		longer, tail = declared, strings.TrimPrefix(placed, root)
	}
	if !strings.HasPrefix(declared, root) || longer == root+tail || !strings.HasSuffix(longer, "."+tail) {
		return ""
	}
	where := "below"
	if longer == declared {
		where = "above"
	}
	return fmt.Sprintf(" If the catalog begins in a folder %s the one that was named, name that: the one that holds the folders of products.", where)
}

// vet checks each module by itself, before it is compiled, and annotates it with its types.
func (b *build) vet(parsed []parsedModule) (problems []Diagnostic) {
	controls := map[string]string{} // package to path
	for _, m := range parsed {
		pkg := packageName(m.ast.Package.Path)
		if m.Package != "" && pkg != m.Package {
			problems = append(problems, problemAt(m.ast.Package.Location, "Wrong package", fmt.Sprintf(
				"By its place in the catalog this file is package %s, not %s.%s", m.Package, pkg, rootHint(m.Package, pkg))))
		}
		if isTest(pkg) {
			continue
		}
		metadata := vetMetadata(m)
		problems = append(problems, metadata...)
		if len(metadata) > 0 || m.Declares != "" { // those of a copy were looked at where the module itself was
			m.ast.Annotations = nil
		}
		if m.Schema == nil {
			continue
		}
		if other, ok := controls[pkg]; ok {
			problems = append(problems, problemAt(m.ast.Package.Location, "Package declared twice",
				fmt.Sprintf("%s is package %s too: a control's rules stand in one file.", other, pkg)))
			continue
		}
		controls[pkg] = m.Path
		shape, errs := readShape(m.Schema)
		for _, e := range errs {
			problems = append(problems, problemAt(m.ast.Package.Location, "Unusable schema", "What this module sees can't be told: "+e+"."))
		}
		if m.Declares != "" {
			shape.control = m.Schema.Control
		}
		b.shapes[m.key()] = shape
		b.typer.annotate(m.ast, shape)
	}
	return problems
}

// vetMetadata looks for annotations that would say what the catalog says.
func vetMetadata(m parsedModule) (problems []Diagnostic) {
	if m.Declares != "" {
		return nil
	}
	for _, a := range m.ast.Annotations {
		var detail string
		switch {
		case a.Scope == "subpackages", a.Scope == "package" && m.Schema != nil:
			detail = "The facts of a control, and the shape of what its rules see, come from its HCL. Metadata can describe single rules."
		case len(a.Schemas) > 0:
			detail = "The shape of what a rule sees comes from the control's HCL: leave `schemas` out."
		case len(a.Custom) > 0:
			detail = "The facts of a control come from its HCL: leave `custom` out."
		default:
			continue
		}
		at := *a.Location
		at.Text = []byte("# METADATA")
		problems = append(problems, problemAt(&at, "Metadata not allowed", detail))
	}
	return problems
}

// without leaves out the faulty modules, and those that refer to their packages.
func without(parsed []parsedModule, faulty map[string]bool) []parsedModule {
	var rest []parsedModule
	missing := map[string]bool{}
	for _, m := range parsed {
		if faulty[m.Path] {
			missing[m.ast.Package.Path.String()] = true
		} else {
			rest = append(rest, m)
		}
	}
	for {
		before := len(rest)
		rest = slices.DeleteFunc(rest, func(m parsedModule) bool {
			if !refersTo(m.ast, missing) {
				return false
			}
			missing[m.ast.Package.Path.String()] = true
			return true
		})
		if len(rest) == before {
			return rest
		}
	}
}

func refersTo(m *ast.Module, packages map[string]bool) bool {
	if len(packages) == 0 {
		return false
	}
	found := false
	ast.WalkRefs(m, func(ref ast.Ref) bool {
		text := ref.String()
		for pkg := range maps.Keys(packages) {
			found = found || ref.HasPrefix(ast.DefaultRootRef) && (text == pkg || strings.HasPrefix(text, pkg+".") || strings.HasPrefix(text, pkg+"["))
		}
		return found
	})
	return found
}

// testSuffix ends the name of a package that holds the tests of another one.
const testSuffix = "_test"

// isTest reports whether a package holds tests.
func isTest(pkg string) bool { return strings.HasSuffix(pkg, testSuffix) }
