package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/posture-score/posture/engine/catalog"
)

// Tests is the page of a run of Rego tests: what failed, a summary, and the coverage if there is one.
type Tests struct {
	Report  catalog.TestReport
	Verbose bool // the text names the tests that pass, too
}

// testsVersion is the version of the JSON of a run of tests.
const testsVersion = "1"

// testDocument is one test in JSON.
type testDocument struct {
	Package string   `json:"package"`
	Name    string   `json:"name"`
	File    string   `json:"file"`
	Line    int      `json:"line"`
	State   state    `json:"state"`
	Cases   []string `json:"failed_cases,omitempty"` // of a test over a table
	Error   string   `json:"error,omitempty"`        // why it could not be decided
	Output  string   `json:"output,omitempty"`       // what it printed
	// The expressions that did not hold.
	Failures []catalog.TestFailure `json:"failures,omitempty"`
}

// coverageDocument is which lines tests reached, in JSON.
type coverageDocument struct {
	Percent float64                `json:"percent"`
	Files   []fileCoverageDocument `json:"files"`
}

type fileCoverageDocument struct {
	File      string  `json:"file"`
	Percent   float64 `json:"percent"`
	Uncovered []int   `json:"uncovered_lines"`
}

func (page Tests) document() any {
	passed, failed, skipped := page.count()
	document := struct {
		SchemaVersion string            `json:"schema_version"`
		Passed        int               `json:"passed"`
		Failed        int               `json:"failed"`
		Skipped       int               `json:"skipped"`
		Tests         []testDocument    `json:"tests"`
		Coverage      *coverageDocument `json:"coverage,omitempty"`
	}{testsVersion, passed, failed, skipped, []testDocument{}, nil}
	for _, t := range page.Report.Tests {
		document.Tests = append(document.Tests, testDocument{t.Package, t.Name, t.Path, t.Row, stateOf(t), t.Failed, t.Error, t.Output, t.Failures})
	}
	if c := page.Report.Coverage; c != nil {
		document.Coverage = &coverageDocument{Percent: rounded(c.Percent()), Files: []fileCoverageDocument{}}
		for _, f := range c.Files {
			document.Coverage.Files = append(document.Coverage.Files, fileCoverageDocument{f.Path, rounded(f.Percent()), append([]int{}, f.Uncovered...)})
		}
	}
	return document
}

// rounded returns a percentage with two decimals.
func rounded(percent float64) float64 { return math.Round(percent*100) / 100 }

// results has every test. One that failed has what is known of why for a message.
func (page Tests) results() []result {
	var list []result
	for _, t := range page.Report.Tests {
		r := result{suite: t.Package, name: t.Name, rule: "failing-test", state: stateOf(t), at: place{file: t.Path, line: t.Row}}
		if r.state == failed {
			details := []string{t.Name + " fails"}
			for _, name := range t.Failed {
				details = append(details, "case "+name)
			}
			for _, text := range []string{t.Error, t.Output} {
				if text != "" {
					details = append(details, strings.TrimRight(text, "\n"))
				}
			}
			r.message = strings.Join(append(details, failureLines(t.Failures, "")...), "\n")
		}
		list = append(list, r)
	}
	return list
}

func stateOf(t catalog.TestResult) state {
	switch {
	case t.Skip:
		return skipped
	case !t.Pass:
		return failed
	}
	return passed
}

func (page Tests) count() (pass, fail, skip int) {
	for _, t := range page.Report.Tests {
		switch stateOf(t) {
		case passed:
			pass++
		case skipped:
			skip++
		default:
			fail++
		}
	}
	return pass, fail, skip
}

func (page Tests) table(p *printer) {
	for _, test := range page.Report.Tests {
		state := stateOf(test)
		if state == passed && !page.Verbose {
			continue
		}
		p.printf("%s  %s:%d: %s\n", strings.ToUpper(string(state)), clean(test.Path), test.Row, clean(test.Name))
		for _, name := range test.Failed {
			p.printf("      case %s\n", clean(name))
		}
		for _, detail := range []string{test.Error, test.Output} {
			if detail != "" {
				p.printf("%s\n", strings.TrimRight(lines(indent(indent(indent(detail)))), "\n"))
			}
		}
		for _, line := range failureLines(test.Failures, "      ") {
			p.printf("%s\n", clean(line))
		}
	}
	if page.Report.Coverage != nil {
		p.covered(page.Report.Coverage)
	}
	pass, fail, skip := page.count()
	p.printf("%d passed, %d failed, %d skipped\n", pass, fail, skip)
}

// covered prints the files that tests don't reach all of.
func (p *printer) covered(coverage *catalog.TestCoverage) {
	for _, file := range coverage.Files {
		if len(file.Uncovered) > 0 {
			p.printf("%6.2f%%  %s, not reached: lines %s\n", file.Percent(), clean(file.Path), ranges(file.Uncovered))
		}
	}
	p.printf("%6.2f%%  of lines covered in %s\n", coverage.Percent(), plural(len(coverage.Files), "file"))
}

// ranges returns ascending numbers with runs shortened: 1-3, 7.
func ranges(numbers []int) string {
	var parts []string
	for i := 0; i < len(numbers); {
		j := i
		for j+1 < len(numbers) && numbers[j+1] == numbers[j]+1 {
			j++
		}
		if i == j {
			parts = append(parts, fmt.Sprint(numbers[i]))
		} else {
			parts = append(parts, fmt.Sprintf("%d-%d", numbers[i], numbers[j]))
		}
		i = j + 1
	}
	return strings.Join(parts, ", ")
}

// failureLines returns expressions that did not hold, each with the values of what it names and with the expressions that it failed
// because of.
func failureLines(failures []catalog.TestFailure, margin string) []string {
	var lines []string
	for _, f := range failures {
		lines = append(lines, fmt.Sprintf("%s%s:%d:%d: %s", margin, f.Path, f.Row, f.Col, f.Text))
		for _, b := range f.Bindings {
			if b.Name != f.Text {
				lines = append(lines, fmt.Sprintf("%s    %s is %s", margin, b.Name, b.Value))
			} else {
				lines = append(lines, fmt.Sprintf("%s    is %s", margin, b.Value))
			}
		}
		lines = append(lines, failureLines(f.Because, margin+"  ")...)
	}
	return lines
}
