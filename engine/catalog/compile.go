package catalog

import (
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/posture-score/posture/engine/internal/rego/check"
)

// compile joins each policy file's controls with its rule: it works out the shape that the rule sees, and hands all Rego to
// the compiler at once.
func (l *loader) compile() {
	for _, u := range l.units {
		l.bind(u)
	}
	// Tests are left to [Check] and to the runner of tests: an assessment needs none.
	set, problems := check.Compile(slices.DeleteFunc(slices.Clone(l.catalog.modules), isTest))
	l.rego(problems)
	l.rules = set
	for _, u := range l.units {
		l.checkDecisions(u)
	}
}

func isTest(m check.Module) bool { return strings.HasSuffix(m.Path, "_test.rego") }

// bind checks that the unit has the Rego that its controls need, and adds it with its shape.
func (l *loader) bind(u *ruleFile) {
	for _, c := range u.controls {
		l.checkControl(u, c)
	}
	switch {
	case u.unclear:
		// What the rule sees is not known: its Rego is checked as far as that goes.
		if u.regoPath != "" {
			l.addModule(regoPathIn(u), check.Module{Path: u.regoPath, Source: u.source, Schema: l.unknownShape()})
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
	case u.regoPath == "" && first.Kind.ruled():
		l.errorf(u.where, "Control without a rule", "No Rego file of the same name stands beside it. Write the rule in %s, as package %s.",
			strings.TrimSuffix(path.Base(u.hclPath), ".hcl")+".rego", u.pkg)
	case u.regoPath != "" && first.Kind == "":
		l.errorf(u.where, "Rule of a deprecated control", "The control doesn't say how its points were earned: remove %s.", u.regoPath)
	case u.regoPath != "" && !first.Kind.ruled():
		l.errorf(u.where, "Rule of an attested control", "Claims decide an attested control: remove %s.", u.regoPath)
	case first.Kind.ruled():
		for _, c := range u.controls {
			c.Package = u.pkg
		}
		l.addModule(regoPathIn(u), check.Module{Path: u.regoPath, Source: u.source, Schema: l.shape(first)})
	}
}

// checkControl checks what a control reads, alone and beside the first one of its file.
func (l *loader) checkControl(u *ruleFile, c *Control) {
	first := u.controls[0]
	known := l.checkDatasets(c)
	if !known || c.unclear || first.unclear {
		u.unclear = true
		return
	}
	if at, part := difference(first, c); part != "" {
		l.errorf(at, "Different shape",
			"%s differs from %s in its %s, and one rule decides both. Give all controls of a file the same kind, coverage, context and types of parameters, or move this one to a file of its own.",
			c.ID, first.ID, part)
		u.unclear = true
	}
}

// difference returns what of b differs from a so that one rule can't decide both, and where it stands, or "".
func difference(a, b *Control) (at hcl.Range, part string) {
	types := func(c *Control) map[string]string {
		types := map[string]string{}
		for _, p := range c.Parameters {
			types[p.Name] = p.Type.GoString()
		}
		return types
	}
	measured := func(c *Control) (read Coverage) {
		if c.Coverage != nil {
			read.Dataset, read.Joins = c.Coverage.Dataset, c.Coverage.Joins
		}
		return read
	}
	switch {
	case a.Kind != b.Kind:
		return b.written.at(string(b.Kind)), "kind"
	case !reflect.DeepEqual(measured(a), measured(b)):
		return b.written.at("coverage"), "coverage"
	case !slices.Equal(a.Context, b.Context), !slices.Equal(a.AnyOf, b.AnyOf):
		return b.written.at("context"), "context"
	case !maps.Equal(types(a), types(b)):
		return b.written.at("parameter"), "parameters"
	default:
		return b.Range, ""
	}
}

// checkDecisions says whether the rule gives what its controls' kind needs.
func (l *loader) checkDecisions(u *ruleFile) {
	if len(u.controls) == 0 || u.controls[0].Package == "" {
		return
	}
	kind := u.controls[0].Kind
	if l.rules.Compiler().Modules[u.regoPath] == nil {
		return // it did not compile, which is reported already
	}
	given := map[string]bool{}
	for _, name := range l.rules.Rules(u.pkg) {
		given[name] = true
	}
	needed, foreign := decisions(kind)
	for _, name := range needed {
		if !given[name] {
			l.errorf(start(u.regoPath), "Control without a rule", "A %s control is decided by the rule %s, which %s does not have. Write it: %s.", kind, name, u.pkg, beginning(name))
		}
	}
	for name, instead := range foreign {
		if given[name] {
			at, _ := l.rules.Location(u.pkg, name)
			l.errorf(l.span(at.File, at.Row, at.Col, at.Row, at.Col+len(name)), "Rule without effect", "The rule %s means nothing to a %s control: %s.", name, kind, instead)
		}
	}
	l.checkEveryone(u)
}

// decisions returns the rules that a kind of control needs, and those that would be taken for decisions but are not.
func decisions(kind Kind) (needed []string, foreign map[string]string) {
	switch kind {
	case KindCoverage:
		return []string{RuleCompliant}, map[string]string{
			RuleApplicable: "say in in_scope which records count", RuleNotApplicable: "say in in_scope which records count", RuleFraction: "the engine counts the records that comply",
		}
	case KindGraded:
		return []string{RuleFraction, RuleReasons}, map[string]string{
			RuleCompliant: "fraction says how far it is done", RuleInScope: "say in applicable whether the control applies",
			RuleEveryone: "it counts no records",
		}
	default:
		return []string{RuleCompliant}, map[string]string{
			RuleFraction: "compliant decides all or nothing; declare the control as graded", RuleInScope: "say in applicable whether the control applies",
			RuleEveryone: "it counts no records",
		}
	}
}

// beginning is how a decision is begun: with what holds where nothing else does.
func beginning(rule string) string {
	switch rule {
	case RuleReasons:
		return `reasons contains "..." if { ... }`
	case RuleFraction:
		return "default fraction := 0"
	case RuleInScope, RuleApplicable: // to be left out takes knowledge
		return "default " + rule + " := true"
	default:
		return "default " + rule + " := false"
	}
}

// The rules of a control's package that the engine asks for.
const (
	RuleCompliant     = "compliant"      // setting, coverage: boolean
	RuleInScope       = "in_scope"       // coverage: boolean; every record is in scope if the package has no such rule
	RuleApplicable    = "applicable"     // setting, graded: boolean; true if the package has no such rule
	RuleNotApplicable = "not_applicable" // setting, graded: a set of short strings, why it does not apply where applicable is false
	RuleFraction      = "fraction"       // graded: a number in [0, 1]
	RuleReasons       = "reasons"        // any: a set of short strings
	RuleEveryone      = "everyone"       // coverage: boolean, the verdict on every record in scope, whoever they are; undefined if that can't be told
)
