package check

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/tester"

	"github.com/posture-score/posture/engine/internal/rego/explain"
)

// maxExplained is how many failing tests are explained.
const maxExplained = 20

// TestOptions says which tests run, and how.
type TestOptions struct {
	Run      string                 // regular expression over data.<package>.<name>; empty runs all
	Coverage bool                   // also report which lines of the modules under test were reached
	Covered  func(path string) bool // which modules to report the coverage of; nil for all
	// Limits of each test; those of a rule where they are zero.
	MaxSteps, MaxMemory int64
}

// Report is the result of a run of tests. The same modules give the same report: it holds no durations.
type Report struct {
	Tests    []TestResult // sorted by path, row, name
	Coverage *Coverage    // nil unless asked for
}

// Passed reports whether no test failed. Skipped tests are not failures.
func (r Report) Passed() bool {
	return !slices.ContainsFunc(r.Tests, func(t TestResult) bool { return !t.Pass && !t.Skip })
}

// TestResult is the result of one test.
type TestResult struct {
	Package string   `json:"package"` // policies.entra.admin_mfa_test
	Name    string   `json:"name"`    // test_compliant
	Path    string   `json:"file"`
	Row     int      `json:"line"`
	Pass    bool     `json:"-"`
	Skip    bool     `json:"-"`                      // its name begins with todo_
	Error   string   `json:"error,omitempty"`        // why it could not be decided; empty for a test that merely failed
	Output  string   `json:"output,omitempty"`       // what it printed
	Failed  []string `json:"failed_cases,omitempty"` // the failing cases of a test over a table, sorted
	// Failures are the expressions that did not hold, in the order of evaluation: of the first 20 tests that failed without an error.
	Failures []Failure `json:"failures,omitempty"`
}

// Failure is an expression that did not hold, with the values of what it names.
type Failure = explain.Failure

// Coverage is which lines the tests reached, over modules that are not tests themselves, and how many.
type Coverage struct {
	Files     []FileCoverage `json:"files"` // sorted by path
	Covered   int            `json:"covered"`
	Uncovered int            `json:"uncovered"`
}

// Percent is the share of lines reached, 100 if there are none.
func (c *Coverage) Percent() float64 { return percent(c.Covered, c.Uncovered) }

// FileCoverage is the coverage of one file. Lines are ascending.
type FileCoverage struct {
	Path      string `json:"file"`
	Covered   []int  `json:"-"`
	Uncovered []int  `json:"uncovered_lines,omitempty"`
}

// Percent is the share of lines reached, 100 if there are none.
func (f FileCoverage) Percent() float64 { return percent(len(f.Covered), len(f.Uncovered)) }

func percent(covered, uncovered int) float64 {
	if covered+uncovered == 0 {
		return 100
	}
	return 100 * float64(covered) / float64(covered+uncovered)
}

// Test runs the tests among the modules with the builtins that the modules are compiled with. It does not check what they read: use
// [Compile] for that. Modules that don't compile are an [*Error].
func Test(ctx context.Context, modules []Module, opt TestOptions) (report Report, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("running tests: OPA failed: %v", r)
		}
	}()
	if _, err := regexp.Compile(opt.Run); err != nil {
		return Report{}, fmt.Errorf("selecting tests: %w", err)
	}
	parsed, problems := parse(ctx, modules)
	if len(problems) > 0 {
		return Report{}, &Error{Diagnostics: sortProblems(problems)}
	}
	compiler, err := compileTests(ctx, parsed)
	if err != nil {
		if problems := translate(err, parsed); len(problems) > 0 {
			return Report{}, &Error{Diagnostics: sortProblems(problems)}
		}
		return Report{}, fmt.Errorf("running tests: %w", err)
	}
	runner := newTestRunner(compiler, opt)
	if report.Tests, err = runner.all(ctx); err != nil {
		return Report{}, fmt.Errorf("running tests: %w", err)
	}
	slices.SortFunc(report.Tests, func(a, b TestResult) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Row, b.Row), cmp.Compare(a.Name, b.Name))
	})
	if err := report.explain(ctx, compiler); err != nil {
		return Report{}, fmt.Errorf("explaining tests: %w", err)
	}
	if runner.cover != nil {
		report.Coverage = newCoverage(runner.cover, slices.DeleteFunc(parsed, func(m parsedModule) bool {
			return opt.Covered != nil && !opt.Covered(m.Path)
		}))
	}
	return report, nil
}

// explain evaluates the tests that failed once more, to find the expressions that did not hold. Only the end of the context is an error.
func (r *Report) explain(ctx context.Context, compiler *ast.Compiler) error {
	explained := 0
	for i := range r.Tests {
		t := &r.Tests[i]
		if t.Pass || t.Skip || t.Error != "" || explained == maxExplained {
			continue
		}
		explained++
		env := explain.Environment{Compiler: compiler}
		t.Failures, _ = env.Failures(ctx, "data."+t.Package+"."+t.Name) // what is found before an error is worth showing
	}
	return ctx.Err()
}

// Tests returns the number of tests in a module, those to be skipped among them, without running them. A module that can't be parsed
// has none.
func Tests(m Module) int {
	parsed, _ := parse(context.Background(), []Module{m})
	count := 0
	for _, p := range parsed {
		for _, r := range p.ast.Rules {
			if name := ruleName(r); strings.HasPrefix(name, tester.TestPrefix) || strings.HasPrefix(name, tester.SkipTestPrefix) {
				count++
			}
		}
	}
	return count
}

func newCoverage(tracer *cover.Cover, parsed []parsedModule) *Coverage {
	modules := map[string]*ast.Module{}
	for _, m := range parsed {
		if !isTest(m.Package) {
			modules[m.Path] = m.ast
		}
	}
	coverage := &Coverage{}
	files := tracer.Report(modules).Files
	for _, path := range sortedKeys(modules) {
		file := FileCoverage{Path: path, Covered: lines(files[path].Covered), Uncovered: lines(files[path].NotCovered)}
		file.Uncovered = slices.DeleteFunc(file.Uncovered, func(line int) bool { return slices.Contains(file.Covered, line) })
		coverage.Files = append(coverage.Files, file)
		coverage.Covered += len(file.Covered)
		coverage.Uncovered += len(file.Uncovered)
	}
	return coverage
}

func lines(ranges []cover.Range) []int {
	var rows []int
	for _, r := range ranges {
		for row := r.Start.Row; row <= r.End.Row; row++ {
			rows = append(rows, row)
		}
	}
	slices.Sort(rows)
	return slices.Compact(rows)
}
