package check

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/tester"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/posture-score/posture/engine/internal/rego/limit"
)

// Invariant: a test gives what OPA's own runner gives, which can't limit it, or exceeds a limit on every machine.

// testRunner runs tests.
type testRunner struct {
	compiler *ast.Compiler
	store    storage.Store
	limits   limit.Limits
	selected *regexp.Regexp
	cover    *cover.Cover // nil unless asked for
}

// compileTests compiles modules. OPA's runner does, which tells the cases of tests over tables apart; it runs none of them.
func compileTests(ctx context.Context, parsed []parsedModule) (*ast.Compiler, error) {
	modules := map[string]*ast.Module{}
	for _, m := range parsed {
		modules[m.Path] = m.ast
	}
	compiler := newCompiler(nil).WithEnablePrintStatements(true)
	none, err := tester.NewRunner().SetCompiler(compiler).SetModules(modules).SetDefaultRegoVersion(ast.RegoV1).Filter(`\z.`).RunTests(ctx, nil)
	if err != nil {
		return nil, err //nolint:wrapcheck // the caller translates it
	}
	for range none {
	}
	return compiler, ctx.Err() //nolint:wrapcheck // that of the caller
}

func newTestRunner(compiler *ast.Compiler, opt TestOptions) *testRunner {
	limits := limit.Default()
	r := &testRunner{
		compiler: compiler, store: inmem.NewWithOpts(inmem.OptRoundTripOnWrite(false)), selected: regexp.MustCompile(opt.Run),
		limits: limit.Limits{Steps: cmp.Or(opt.MaxSteps, limits.Steps), Bytes: cmp.Or(opt.MaxMemory, limits.Bytes)},
	}
	if opt.Coverage {
		r.cover = cover.New()
	}
	return r
}

// all runs the tests, and returns their results in any order. The only error is that of the context.
func (r *testRunner) all(ctx context.Context) ([]TestResult, error) {
	var rules []*ast.Rule
	for _, path := range sortedKeys(r.compiler.Modules) {
		for _, rule := range r.compiler.Modules[path].Rules {
			if ref := testRef(rule); ref != nil && r.selected.MatchString(rule.Module.Package.Path.Extend(ref).String()) {
				rules = append(rules, rule)
			}
		}
	}
	results, done := make([]TestResult, len(rules)), make(chan struct{})
	go func() {
		defer close(done)
		var next atomic.Int64
		var group sync.WaitGroup
		for range runtime.GOMAXPROCS(0) {
			group.Go(func() {
				for i := next.Add(1) - 1; i < int64(len(rules)) && ctx.Err() == nil; i = next.Add(1) - 1 {
					results[i] = r.test(ctx, rules[i])
				}
			})
		}
		group.Wait()
	}()
	select { // a call of a built-in function can't be interrupted: it is left behind
	case <-done:
		return results, ctx.Err() //nolint:wrapcheck // that of the caller
	case <-ctx.Done():
		return nil, ctx.Err() //nolint:wrapcheck // that of the caller
	}
}

// testRef returns the reference of a test within its package, without the cases of a table; nil for another rule.
func testRef(rule *ast.Rule) ast.Ref {
	prefix := rule.Head.Ref().GroundPrefix()
	for i, term := range prefix {
		name := strings.Trim(term.Value.String(), `"`)
		if strings.HasPrefix(name, tester.TestPrefix) || strings.HasPrefix(name, tester.SkipTestPrefix) {
			return prefix[:i+1]
		}
	}
	return nil
}

// test runs one test.
func (r *testRunner) test(ctx context.Context, rule *ast.Rule) (result TestResult) {
	ref := testRef(rule)
	result = TestResult{Package: packageName(rule.Module.Package.Path), Name: ref.String()}
	if at := rule.Loc(); at != nil {
		result.Path, result.Row = at.File, at.Row
	}
	if last := strings.Trim(ref[len(ref)-1].Value.String(), `"`); strings.HasPrefix(last, tester.SkipTestPrefix) {
		result.Skip = true
		return result
	}
	var printed bytes.Buffer
	defer func() {
		result.Output = printed.String()
		switch bug := recover().(type) {
		case nil:
		case *limit.Error:
			result.Error = bug.At(r.compiler)
		default:
			result.Error = fmt.Sprintf("OPA failed: %v", bug)
		}
	}()
	cases := tester.NewTestQueryTracer()
	value, err := r.eval(ctx, rule, &printed, cases)
	switch {
	case err != nil:
		result.Error = err.Error()
	case rule.Head.DocKind() == ast.PartialObjectDoc:
		result.Pass, result.Failed = outcomes(value, cases.Events())
	default:
		result.Pass = value == true
	}
	return result
}

// eval returns the value of a test; nil if it has none.
func (r *testRunner) eval(ctx context.Context, rule *ast.Rule, printed *bytes.Buffer, cases *tester.TestQueryTracer) (any, error) {
	ctx, done := context.WithCancel(ctx) // also of what waits for the end of an evaluation that exceeds a limit
	defer done()
	txn, err := r.store.NewTransaction(ctx)
	if err != nil {
		return nil, err //nolint:wrapcheck // a result has the message alone
	}
	defer r.store.Abort(ctx, txn)
	var failed []topdown.Error
	query, err := rego.New(
		rego.Store(r.store), rego.Transaction(txn), rego.Compiler(r.compiler), rego.Query(rule.Module.Package.Path.Extend(testRef(rule)).String()),
		rego.PrintHook(topdown.NewPrintHook(printed)), rego.BuiltinErrorList(&failed), // errors of built-in functions fail a test, as in an assessment
	).PrepareForEval(ctx)
	if err != nil {
		return nil, err //nolint:wrapcheck // a result has the message alone
	}
	options := []rego.EvalOption{rego.EvalTransaction(txn), rego.EvalQueryTracer(limit.NewTracer(r.limits))}
	if rule.Head.DocKind() == ast.PartialObjectDoc {
		options = append(options, rego.EvalQueryTracer(cases))
	}
	if r.cover != nil {
		options = append(options, rego.EvalQueryTracer(r.cover))
	}
	set, err := query.Eval(ast.WithCompiler(ctx, r.compiler), options...)
	switch {
	case err != nil:
		return nil, err //nolint:wrapcheck // a result has the message alone
	case len(failed) == 1:
		return nil, &failed[0]
	case len(failed) > 1:
		return nil, fmt.Errorf("%v", failed)
	case len(set) == 0:
		return nil, nil
	}
	return set[0].Expressions[0].Value, nil
}

// outcomes returns whether a test over a table passes, and the names of its failing cases: those that are not true, and those that were
// begun and have no value.
func outcomes(value any, begun []*topdown.Event) (pass bool, failed []string) {
	fails, results := valuesOf(value)
	for _, event := range begun {
		expr, ok := event.Node.(*ast.Expr)
		if !ok {
			continue
		}
		if path, ok := expr.Operand(0).Value.(*ast.Array); ok && results.Update(*path, nil) {
			fails = true
		}
	}
	for name, result := range results.Iter {
		if result.Fail {
			failed = append(failed, strings.Join(name, "/"))
		}
	}
	slices.Sort(failed)
	return !fails, failed
}

// valuesOf returns what the value of a test says of its cases, and whether one of them fails.
func valuesOf(value any) (fails bool, results tester.SubResultMap) {
	results = tester.SubResultMap{}
	table, _ := value.(map[string]any)
	for name, part := range table {
		result := &tester.SubResult{Name: name}
		if _, nested := part.(map[string]any); nested {
			result.Fail, result.SubResults = valuesOf(part)
		} else {
			result.Fail = part != nil && part != true
		}
		results[name] = result
		fails = fails || result.Fail
	}
	return fails || value == nil, results
}
