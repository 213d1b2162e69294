package catalog

import (
	"context"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/check"
)

// maxTitle is how long a title may be, in characters, to fit a table.
const maxTitle = 160

// Check returns what a control needs beyond being loadable, so that others can trust and use it:
// its facts, where they come from, how to carry it out, rules that always decide, and tests. It
// returns nil if there are no problems; all of them may be warnings. The error is that of the context.
func Check(ctx context.Context, catalog *Catalog) (*Problems, error) {
	made, err := until(ctx, catalog.compiled)
	if err != nil {
		return nil, err
	}
	found := newCollector()
	found.files = made.files
	whole, problems := check.Compile(ctx, made.modules) // with the tests, which loading leaves out
	found.rego(problems)
	tested := map[string]bool{}
	for _, module := range made.modules {
		tested[module.Package] = true
	}
	seen := map[string]bool{}
	for _, id := range catalog.ids() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c := made.byID[id]
		found.checkFacts(c)
		if c.Package == "" || seen[c.Package] {
			continue
		}
		seen[c.Package] = true
		pkg := c.RulePackage()
		if !tested[pkg+"_test"] {
			found.errorf(c.where, "No tests", "Write tests of the rule in %s_test.rego beside it: one that passes, one that fails, and one with evidence missing.",
				pkg[strings.LastIndex(pkg, ".")+1:])
		} else if decision := c.decision(); len(problems) == 0 && !slices.Contains(whole.Asked(pkg), decision) {
			found.errorf(c.where, "No test of the decision", "No test of the rule asks for %s, so nothing holds what earns points. Write tests of it: one that passes, one that fails, and one with evidence missing.", decision)
		}
		found.checkTotal(made.rules, c)
		found.checkApplicable(made.rules, c)
	}
	found.checkFields(ctx, made, catalog)
	found.checkPlans(catalog, made.byID)
	found.checkPlaceholders()
	found.checkReasons()
	found.checkHidden()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return found.problems(), nil
}

// until returns the value of a function that can't be interrupted, unless the context ends before: the
// function goes on then.
func until[T any](ctx context.Context, f func() T) (value T, err error) {
	made := make(chan T, 1)
	go func() { made <- f() }()
	select {
	case value = <-made:
		return value, nil
	case <-ctx.Done():
		return value, ctx.Err()
	}
}

// decision is the rule that says what a control earns.
func (c *Control) decision() string {
	if c.Kind == KindGraded {
		return RuleFraction
	}
	return RuleCompliant
}

func (c *collector) checkFacts(control *Control) {
	if utf8.RuneCountInString(control.Title) > maxTitle || strings.HasSuffix(control.Title, ".") || strings.ContainsFunc(control.Title, unicode.IsControl) {
		c.errorf(control.written.at("title"), "Unfit title", "Write the title as one line of at most %d characters, without a full stop.", maxTitle)
	}
	if strings.TrimSpace(control.Source) == "" {
		c.errorf(control.written.at("source"), "No source", "Say in source where the facts of this control were taken from, so that others can check them.")
	}
	if control.Threats == nil {
		c.errorf(control.where, "No threats", "Name the threats that this action counters: %s. Write threats = [] if none is known.", strings.Join(Threats(), ", "))
	}
	c.checkFrameworks(control)
	if control.Stage == StageDeprecated && control.ReplacedBy == "" && strings.TrimSpace(control.Reason) == "" {
		c.errorf(control.written.at("stage"), "No reason", "Say by replaced_by or reason what became of the control.")
	}
	if control.Stage != StageDeprecated && len(control.Implementation.Steps) == 0 || slices.Contains(control.Implementation.Steps, "") {
		c.errorf(control.written.at("implementation", "steps"), "No implementation", "Say how to carry out the action: implementation { steps = [\"...\"] }.")
	}
}

// checkFrameworks keeps misspelt entries of well-known frameworks from being looked for in vain.
func (c *collector) checkFrameworks(control *Control) {
	forms := entryForms()
	for _, name := range slices.Sorted(maps.Keys(control.Frameworks)) {
		known, ok := forms[name]
		if !ok {
			continue
		}
		for _, entry := range control.Frameworks[name] {
			if !known.form.MatchString(entry) {
				c.errorf(control.written.at("frameworks"), "Unknown entry of a framework", "Entries of %s look like %s: %q does not.", name, known.example, clip(entry))
			}
		}
	}
}

// checkTotal wants a default for every decision: an undefined rule is an error at run time, never
// an answer. Where nothing is known, nothing is earned.
func (c *collector) checkTotal(rules *check.Set, control *Control) {
	for _, name := range []string{RuleApplicable, RuleCompliant, RuleFraction, RuleInScope} {
		at, ok := rules.Location(control.Package, name)
		if !ok {
			continue
		}
		switch value := rules.Default(control.Package, name); {
		case value == nil:
			c.errorf(c.span(at.File, at.Row, at.Col, at.Row, at.Col+len(name)), "Decision without a default", "Where no body of %s holds it is undefined, which is an error. Write: %s.", name, beginning(name))
		case !safe(name, value.Value):
			at := value.Location
			c.errorf(c.span(at.File, at.Row, at.Col, at.Row, at.Col+len(at.Text)), "Unfit default", "Where no body of %s holds, nothing is known, and a score is never higher than the evidence shows. Write: %s.", name, beginning(name))
		}
	}
}

// checkApplicable wants a reason where a control does not apply: its points leave the total.
func (c *collector) checkApplicable(rules *check.Set, control *Control) {
	at, ok := rules.Location(control.Package, RuleApplicable)
	if _, told := rules.Location(control.Package, RuleNotApplicable); !ok || told {
		return
	}
	c.errorf(c.span(at.File, at.Row, at.Col, at.Row, at.Col+len(RuleApplicable)), "No reason why it does not apply",
		"Say why the control does not apply where %s is false: %s contains \"...\" if { ... }.", RuleApplicable, RuleNotApplicable)
}

// safe reports whether a decision may have the default: one that earns no points. Scope may default
// to either value.
func safe(rule string, value ast.Value) bool {
	no := ast.Boolean(false)
	switch rule {
	case RuleFraction:
		return ast.Compare(value, ast.Number("0")) == 0
	case RuleCompliant:
		return ast.Compare(value, no) == 0
	}
	return ast.Compare(value, no) == 0 || ast.Compare(value, ast.Boolean(true)) == 0
}
