package catalog

import (
	"context"
	"encoding/json"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/posture-score/posture/engine/internal/rego/check"
	"github.com/posture-score/posture/internal/suggest"
)

// compile compiles modules at once, and checks what the rules of controls decide.
func (l *loader) compile(ctx context.Context, modules []check.Module) {
	// Tests are left to [Check] and to the runner of tests: an assessment needs none.
	set, problems := check.Compile(ctx, slices.DeleteFunc(modules, isTest))
	l.rego(problems)
	l.rules = set
	for _, r := range l.compiled {
		l.checkDecisions(r)
	}
}

// modules returns all Rego, with what each rule sees.
func (l *loader) modules() []check.Module { return slices.Concat(l.catalog.modules, l.copies) }

func isTest(m check.Module) bool { return strings.HasSuffix(m.Path, "_test.rego") }

// bind assigns rules to the controls of a file: shared ones, or the one beside it.
func (l *loader) bind(f *ruleFile) {
	var own []*Control // decided by the rule beside them
	for _, c := range f.controls {
		if known := l.checkDatasets(c); !known {
			c.unclear = true
		}
		if c.Rule == "" {
			own = append(own, c)
		} else {
			l.bindShared(c)
		}
	}
	for _, c := range own {
		l.checkAlike(f, own[0], c)
	}
	switch {
	case f.unclear:
		// What the rule sees is not known: its Rego is checked as far as that goes.
		if f.regoPath != "" {
			l.addModule(regoPathIn(f), check.Module{Path: f.regoPath, Source: f.source, Schema: l.unknownSchema()})
		}
	case len(own) > 0:
		l.bindOwn(f, own)
	case f.regoPath != "":
		l.errorf(start(f.regoPath), "Rule without a control", "%s beside it declares no control that it decides. Declare one there, or move shared Rego: to %s/ what rules import, to %s/ a rule that controls name.",
			path.Base(f.hclPath), libFolder, rulesFolder)
	}
}

// bindOwn assigns the rule beside their file to controls.
func (l *loader) bindOwn(f *ruleFile, controls []*Control) {
	first := controls[0]
	switch {
	case f.regoPath == "" && first.Kind.ruled():
		l.errorf(f.where, "Control without a rule", "No Rego file of the same name stands beside it. Write the rule in %s, as package %s, or name a shared one: rule = \"...\".",
			strings.TrimSuffix(path.Base(f.hclPath), ".hcl")+".rego", f.pkg)
	case f.regoPath != "" && first.Kind == "":
		l.errorf(f.where, "Rule of a deprecated control", "The control doesn't say how its points were earned: remove %s.", f.regoPath)
	case f.regoPath != "" && !first.Kind.ruled():
		l.errorf(f.where, "Rule of an attested control", "Claims decide an attested control: remove %s.", f.regoPath)
	case first.Kind.ruled():
		for _, c := range controls {
			c.Package = f.pkg
		}
		l.compiled = append(l.compiled, &rule{pkg: f.pkg, path: f.regoPath, controls: controls})
		l.addModule(regoPathIn(f), check.Module{Path: f.regoPath, Source: f.source, Schema: l.inputSchema(first)})
	}
}

// bindShared assigns the shared rule that a control names. Controls whose rule reads the same share
// its compiled form.
func (l *loader) bindShared(c *Control) {
	module, ok := l.shared[c.Rule]
	switch {
	case !ok:
		l.errorf(c.written.at("rule"), "Unknown rule", "No file %s/%s.rego holds this rule.%s", rulesFolder, clip(c.Rule), suggest.Hint(c.Rule, sortedKeys(l.shared)))
		return
	case c.unclear:
		return // the rule itself is checked as far as that goes without a control
	case !c.Kind.ruled():
		l.errorf(c.written.at("rule"), "Rule without effect", "Claims decide an attested control, and nothing a deprecated one that doesn't say how its points were earned: remove rule.")
		return
	}
	seen, _ := json.Marshal(sees(c)) // it is plain data
	r := l.instances[c.Rule+string(seen)]
	if r == nil {
		r = &rule{pkg: module.Package + ".s" + strings.TrimPrefix(digest(seen), "sha256:")[:8], path: module.Path}
		l.instances[c.Rule+string(seen)] = r
		l.compiled = append(l.compiled, r)
		l.copies = append(l.copies, check.Module{Path: module.Path, Source: module.Source, Package: r.pkg, Declares: module.Package, Schema: l.inputSchema(c)})
	}
	r.controls = append(r.controls, c)
	c.Package = r.pkg
}

// checkAlike wants a control that sees what the first one of its file sees: one rule decides both.
func (l *loader) checkAlike(f *ruleFile, first, c *Control) {
	if c.unclear || first.unclear {
		f.unclear = true
		return
	}
	if at, part := difference(first, c); part != "" {
		l.errorf(at, "Different shape",
			"%s differs from %s in its %s, and one rule decides both. Give all controls of a file the same kind, coverage, context and types of parameters, or move this one to a file of its own.",
			c.ID, first.ID, part)
		f.unclear = true
	}
}

// view is what decides how a rule is compiled for a control.
type view struct {
	Kind       Kind
	Coverage   Coverage // its dataset and joins
	Context    []string
	AnyOf      []string
	Names      []ContextName
	Constants  map[string]any
	Parameters map[string]string // types by name
}

func sees(c *Control) view {
	v := view{Kind: c.Kind, Context: c.Context, AnyOf: c.AnyOf, Names: c.Names, Constants: c.Constants, Parameters: map[string]string{}}
	if c.Coverage != nil {
		v.Coverage.Dataset, v.Coverage.Joins = c.Coverage.Dataset, c.Coverage.Joins
	}
	for _, p := range c.Parameters {
		v.Parameters[p.Name] = p.Type + " " + p.Format
	}
	return v
}

// difference returns which part of b differs from a so that one rule can't decide both, and its
// position; or "".
func difference(first, other *Control) (at hcl.Range, part string) {
	a, b := sees(first), sees(other)
	switch {
	case a.Kind != b.Kind:
		return other.written.at(string(b.Kind)), "kind"
	case !reflect.DeepEqual(a.Coverage, b.Coverage):
		return other.written.at("coverage"), "coverage"
	case !slices.Equal(a.Context, b.Context), !slices.Equal(a.AnyOf, b.AnyOf), !slices.Equal(a.Names, b.Names):
		return other.written.at("context"), "context"
	case !maps.Equal(a.Parameters, b.Parameters):
		return other.written.at("parameter"), "parameters"
	case !reflect.DeepEqual(a.Constants, b.Constants):
		return other.written.at("constants"), "constants"
	default:
		return other.where, ""
	}
}

// checkDecisions checks that the package of a rule has the rules that the kind of its controls needs.
func (l *loader) checkDecisions(r *rule) {
	kind := r.controls[0].Kind
	declared, ok := l.rules.Declared(r.pkg)
	if !ok {
		return // it did not compile, which is reported already
	}
	given := map[string]bool{}
	for _, name := range l.rules.Rules(r.pkg) {
		given[name] = true
	}
	needed, foreign := decisions(kind)
	for _, name := range needed {
		if !given[name] {
			l.errorf(start(r.path), "Control without a rule", "A %s control is decided by the rule %s, which %s does not have. Write it: %s.%s", kind, name, declared, beginning(name), suggest.Hint(name, l.rules.Rules(r.pkg)))
		}
	}
	for name, instead := range foreign {
		if given[name] {
			at, _ := l.rules.Location(r.pkg, name)
			l.errorf(l.span(at.File, at.Row, at.Col, at.Row, at.Col+len(name)), "Rule without effect", "The rule %s means nothing to a %s control: %s.", name, kind, instead)
		}
	}
	l.checkEveryone(r)
}

// decisions returns the rules that a kind of control needs, and those that look like decisions but
// are not.
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
	case RuleInScope, RuleApplicable: // leaving a record out requires evidence
		return "default " + rule + " := true"
	default:
		return "default " + rule + " := false"
	}
}

// deciding are the rules that decide an outcome: all but those that give reasons.
func deciding() []string {
	return []string{RuleCompliant, RuleInScope, RuleApplicable, RuleFraction, RuleEveryone}
}

// The rules of a control's package that the engine evaluates.
const (
	RuleCompliant     = "compliant"      // setting, coverage: boolean
	RuleInScope       = "in_scope"       // coverage: boolean; every record is in scope if the package has no such rule
	RuleApplicable    = "applicable"     // setting, graded: boolean; true if the package has no such rule
	RuleNotApplicable = "not_applicable" // setting, graded: a set of short strings, why it does not apply where applicable is false
	RuleFraction      = "fraction"       // graded: a number in [0, 1]
	RuleReasons       = "reasons"        // any: a set of short strings
	RuleEveryone      = "everyone"       // coverage: boolean, the verdict on every record in scope, whatever it holds; undefined if documents alone don't decide it
)
