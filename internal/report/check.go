package report

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/diag"
)

// Check is the page of what a check of a catalog found. The text does not have the problems, which [Problems] writes elsewhere.
type Check struct {
	Controls  []*catalog.Control // nil if the catalog can't be loaded
	Own       int                // how many of them are not built in; 0 if that is not known
	Problems  *catalog.Problems  // nil if there are none
	Compiled  bool               // also which rules can't be compiled
	Fallbacks []engine.Fallback  // of the rules that can't be compiled
}

func (page Check) document() any {
	document := struct {
		SchemaVersion string            `json:"schema_version"`
		Controls      int               `json:"controls"`
		Errors        int               `json:"errors"`
		Warnings      int               `json:"warnings"`
		Problems      []diag.Problem    `json:"problems"`
		Fallbacks     []engine.Fallback `json:"fallbacks,omitempty"` // rules that can't be compiled, if that was asked for
	}{SchemaVersion: schemaVersion, Controls: len(page.Controls), Problems: page.Problems.List(), Fallbacks: page.Fallbacks}
	document.Errors, document.Warnings = severities(document.Problems)
	return document
}

// severities counts errors and warnings.
func severities(problems []diag.Problem) (errors, warnings int) {
	for _, problem := range problems {
		if problem.Severity == diag.Warning {
			warnings++
		} else {
			errors++
		}
	}
	return errors, warnings
}

// results returns every problem, and then every file with controls and without problems.
func (page Check) results() []result {
	clean := map[string]bool{}
	for _, control := range page.Controls {
		clean[control.Position().File] = true
	}
	return checked("policy check", "catalog", page.Problems, clean)
}

// checked returns the results of a check: every problem, and then every file without one. A problem that is in no file has a name of its own.
func checked(suite, nowhere string, problems *diag.Problems, files map[string]bool) []result {
	var list []result
	for _, problem := range problems.List() {
		delete(files, problem.File)
		r := result{suite: suite, name: cmp.Or(problem.File, nowhere), rule: problem.Summary, state: failed, message: problem.Summary + ": " + problem.Detail}
		if problem.Severity == diag.Warning {
			r.state = warned
		}
		r.at = place{problem.File, problem.Line, problem.Column, problem.EndLine, problem.EndColumn}
		list = append(list, r)
	}
	for _, file := range sortedKeys(files) {
		list = append(list, result{suite: suite, name: file, state: passed, at: place{file: file}})
	}
	return list
}

func (page Check) table(p *printer) {
	found := "no problems"
	if page.Problems != nil {
		found = plural(len(page.Problems.Diagnostics), "warning")
	}
	controls := plural(len(page.Controls), "control")
	if builtin := len(page.Controls) - page.Own; page.Own > 0 && builtin > 0 {
		controls = fmt.Sprintf("%s of yours and %d built in", plural(page.Own, "control"), builtin)
	}
	p.printf("%s, %s\n", controls, found)
	if page.Compiled {
		p.compiled(page.Controls, page.Fallbacks)
	}
}

// slow explains what happens to a rule that can't be compiled.
const slow = "What can't be compiled runs on OPA's topdown: with the same results, but many times slower."

// compiled prints which rules of the controls can't be compiled, and why.
func (p *printer) compiled(controls []*catalog.Control, fallbacks []engine.Fallback) {
	packages, rules := map[string]string{}, map[string]bool{}
	for _, control := range controls {
		if control.Package != "" {
			packages[control.ID] = control.Package
			rules[control.Package] = true
		}
	}
	left := map[string]bool{}
	for _, f := range fallbacks {
		left[packages[f.Control]] = true
	}
	switch {
	case len(rules) == 0:
		p.printf("no rules to compile\n")
	case len(left) == 0:
		p.printf("%s, all compiled\n", plural(len(rules), "rule"))
	default:
		p.printf("%s, %d not compiled\n\n", plural(len(rules), "rule"), len(left))
		p.causes(fallbacks)
	}
}

// fallbacks lists the controls of an assessment whose rules could not be compiled.
func (p *printer) fallbacks(list []engine.Fallback) {
	if len(list) == 0 {
		return
	}
	p.title("Slow rules: " + plural(len(list), "control"))
	p.causes(list)
}

// causes prints why rules can't be compiled, grouping controls with the same cause.
func (p *printer) causes(list []engine.Fallback) {
	p.hang("  ", slow, p.faint)
	var causes []string
	ids := map[string][]string{}
	for _, f := range list {
		cause := clip(clean(f.Reason), maxText)
		if ids[cause] == nil {
			causes = append(causes, cause)
		}
		ids[cause] = append(ids[cause], clip(clean(f.Control), maxName))
	}
	for _, cause := range causes {
		p.hang("  - ", cause, plain)
		p.hang("    ", strings.Join(ids[cause], ", "), p.faint)
	}
}
