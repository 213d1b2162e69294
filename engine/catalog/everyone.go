package catalog

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// checkEveryone checks the rule that decides for everyone, if there is one: it follows from
// documents alone, says nothing where they are missing, and never that no record complies where
// there may be no records.
func (l *loader) checkEveryone(r *rule) {
	at, ok := l.rules.Location(r.pkg, RuleEveryone)
	if !ok || r.controls[0].Kind != KindCoverage {
		return
	}
	report := func(at *ast.Location, width int, summary, detail string, args ...any) {
		l.errorf(l.span(at.File, at.Row, at.Col, at.Row, at.Col+width), summary, detail, args...)
	}
	if l.rules.Default(r.pkg, RuleEveryone) != nil {
		report(at, len(RuleEveryone), "Default of everyone", "Where nothing is known of everyone, the records have to be counted: remove the default.")
	}
	for _, input := range l.rules.Inputs(r.pkg, RuleEveryone) {
		report(input, len("input"), "Record in everyone", "There is no record where %s is asked: it decides by data.evidence and data.parameters alone.", RuleEveryone)
	}
	if slices.ContainsFunc(r.controls, func(c *Control) bool { return c.Coverage.WhenEmpty == "full" }) {
		for _, no := range l.rules.Gives(r.pkg, RuleEveryone, ast.Boolean(false)) {
			report(no, len(RuleEveryone), "Nobody may be in scope",
				`With when_empty = "full" an empty scope earns full points, so everyone can't be false: leave it undefined there.`)
		}
	}
}
