package report

import (
	"fmt"
	"strings"

	"github.com/posture-score/posture/engine/catalog"
)

// Tests is the page of a run of Rego tests: what failed, a summary, and the coverage if there is one.
type Tests struct {
	Report  catalog.TestReport
	Verbose bool // the text names the tests that pass, too
}

func (page Tests) document() any {
	type test struct {
		State state `json:"state"`
		catalog.TestResult
	}
	document := struct {
		SchemaVersion string                `json:"schema_version"`
		Passed        int                   `json:"passed"`
		Failed        int                   `json:"failed"`
		Skipped       int                   `json:"skipped"`
		Tests         []test                `json:"tests"`
		Coverage      *catalog.TestCoverage `json:"coverage,omitempty"`
	}{SchemaVersion: schemaVersion, Tests: []test{}, Coverage: page.Report.Coverage}
	document.Passed, document.Failed, document.Skipped = page.count()
	for _, t := range page.Report.Tests {
		document.Tests = append(document.Tests, test{stateOf(t), t})
	}
	return document
}

// results returns every test. The message of a failing one has all that is known of why it fails.
func (page Tests) results() []result {
	var list []result
	for _, t := range page.Report.Tests {
		r := result{suite: t.Package, name: t.Name, rule: "Failing test", state: stateOf(t), at: place{file: t.Path, line: t.Row}}
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
