package policies

import (
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/posture-score/posture/policies/rule"
)

// compile joins each policy file's controls with its rule: it works out the shape that the rule sees, and hands all Rego to
// the compiler at once.
func (l *loader) compile() {
	for _, u := range l.units {
		l.bind(u)
	}
	// Tests are left to [Check] and to the runner of tests: an assessment needs none.
	set, problems := rule.Compile(slices.DeleteFunc(slices.Clone(l.catalog.modules), isTest))
	l.rego(problems)
	l.catalog.rules = set
	for _, u := range l.units {
		l.checkDecisions(u)
	}
}

func isTest(m rule.Module) bool { return strings.HasSuffix(m.Path, "_test.rego") }

// bind checks that the unit has the Rego that its controls need, and adds it with its shape.
func (l *loader) bind(u *unit) {
	for _, c := range u.controls {
		l.checkControl(u, c)
	}
	switch {
	case u.unclear:
		// What the rule sees is not known: its Rego is checked as far as that goes.
		if u.regoPath != "" {
			l.addModule(regoPathIn(u), rule.Module{Path: u.regoPath, Source: u.source, Shape: l.unknownShape()})
		}
		return
	case len(u.controls) == 0:
		if u.regoPath != "" {
			l.errorf(start(u.regoPath), "Rule without a control", "%s beside it declares no control. Declare the one that this rule decides there, or move shared rules to %s/.",
				path.Base(u.hclPath), libFolder)
		}
		return
	}
	first := u.controls[0]
	switch {
	case u.regoPath == "" && first.Kind != KindAttested:
		l.errorf(u.where, "Control without a rule", "No Rego file of the same name stands beside it. Write the rule in %s, as package %s.",
			strings.TrimSuffix(path.Base(u.hclPath), ".hcl")+".rego", u.pkg)
	case u.regoPath != "" && first.Kind == KindAttested:
		l.errorf(u.where, "Rule of an attested control", "Claims decide an attested control: remove %s.", u.regoPath)
	case first.Kind != KindAttested:
		for _, c := range u.controls {
			c.Package = u.pkg
		}
		l.addModule(regoPathIn(u), rule.Module{Path: u.regoPath, Source: u.source, Shape: l.shape(first)})
	}
}

// checkControl checks what a control reads, alone and beside the first one of its file.
func (l *loader) checkControl(u *unit, c *Control) {
	first := u.controls[0]
	switch known := l.checkDatasets(c); {
	case !known || c.Kind == "":
		u.unclear = true
	case first.Kind != "" && !sameShape(first, c):
		l.errorf(c.Range, "Different shape",
			"%s reads other evidence, or has other parameters, than %s, and both share one rule. Give the controls of a file the same kind, coverage, context and parameter types, or move one to a file of its own.",
			c.ID, first.ID)
		u.unclear = true
	}
}

// sameShape says whether one rule can decide both controls.
func sameShape(a, b *Control) bool {
	shape := func(c *Control) any {
		types := map[string]string{}
		for _, p := range c.Parameters {
			types[p.Name] = p.Type.GoString()
		}
		var coverage Coverage
		if c.Coverage != nil {
			coverage.Dataset, coverage.Joins = c.Coverage.Dataset, c.Coverage.Joins
		}
		return []any{c.Kind, coverage, c.Context, types}
	}
	return reflect.DeepEqual(shape(a), shape(b))
}

// checkDecisions says whether the rule gives what its controls' kind needs.
func (l *loader) checkDecisions(u *unit) {
	if len(u.controls) == 0 || u.controls[0].Package == "" {
		return
	}
	kind := u.controls[0].Kind
	if l.catalog.rules.Compiler().Modules[u.regoPath] == nil {
		return // it did not compile, which is reported already
	}
	given := map[string]bool{}
	for _, name := range l.catalog.rules.Rules(u.pkg) {
		given[name] = true
	}
	needed, foreign := decisions(kind)
	for _, name := range needed {
		if !given[name] {
			l.errorf(start(u.regoPath), "Control without a rule", "A %s control is decided by the rule %s, which %s does not have.", kind, name, u.pkg)
		}
	}
	for name, instead := range foreign {
		if given[name] {
			l.errorf(start(u.regoPath), "Rule without effect", "The rule %s means nothing to a %s control: %s.", name, kind, instead)
		}
	}
}

// decisions returns the rules that a kind of control needs, and those that would be taken for decisions but are not.
func decisions(kind Kind) (needed []string, foreign map[string]string) {
	switch kind {
	case KindCoverage:
		return []string{RuleCompliant}, map[string]string{
			RuleApplicable: "say in in_scope which records count", RuleFraction: "the engine counts the records that comply",
		}
	case KindGraded:
		return []string{RuleFraction, RuleReasons}, map[string]string{
			RuleCompliant: "fraction says how far it is done", RuleInScope: "say in applicable whether the control applies",
		}
	default:
		return []string{RuleCompliant}, map[string]string{
			RuleFraction: "compliant decides all or nothing; declare the control as graded", RuleInScope: "say in applicable whether the control applies",
		}
	}
}

// The rules of a control's package that the engine asks for.
const (
	RuleCompliant  = "compliant"  // setting, coverage: boolean
	RuleInScope    = "in_scope"   // coverage: boolean; every record is in scope if the package has no such rule
	RuleApplicable = "applicable" // setting, graded: boolean; true if the package has no such rule
	RuleFraction   = "fraction"   // graded: a number in [0, 1]
	RuleReasons    = "reasons"    // any: a set of short strings
)
