package load

import (
	"context"
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/rego/eval"
	"github.com/posture-score/posture/internal/jsonscan"
)

// Rules are the compiled rules of a catalog. They are immutable and safe for concurrent use.
type Rules struct {
	Catalog  *catalog.Catalog
	Limits   eval.Limits
	rules    map[string]*eval.Rule // by Rego package
	everyone map[string]*eval.Rule // by Rego package; only rules that may decide for every record at once
}

// Compile compiles the rules of a catalog; interpreted rules run on OPA's topdown, the reference.
func Compile(ctx context.Context, cat *catalog.Catalog, limits eval.Limits, interpreted bool) (*Rules, error) {
	r := &Rules{Catalog: cat, Limits: limits, rules: map[string]*eval.Rule{}, everyone: map[string]*eval.Rule{}}
	policy := eval.Policy{Compiler: func(pkg string) *ast.Compiler { return cat.Rego(pkg).Compiler() }, Cache: cat.Ready()}
	rules, err := eval.Compile(ctx, policy, questions(cat), limits)
	if err != nil {
		return nil, fmt.Errorf("compiling the catalog: %w", err)
	}
	for question, rule := range rules {
		if interpreted {
			rule = rule.WithInterpreter()
		}
		if question.Entrypoints == everyoneDecisions() {
			r.everyone[question.Package] = rule
		} else {
			r.rules[question.Package] = rule
		}
	}
	return r, nil
}

// Precompile returns the compiled rules of a catalog in serialized form.
func Precompile(ctx context.Context, cat *catalog.Catalog) ([]byte, error) {
	text, err := eval.MarshalPlan(ctx, cat.Rego("").Compiler(), questions(cat))
	if err != nil {
		return nil, fmt.Errorf("compiling the catalog: %w", err)
	}
	return text, nil
}

// questions returns the decisions of all packages of a catalog.
func questions(cat *catalog.Catalog) []eval.Query {
	var all []eval.Query
	seen := map[string]bool{"": true}
	for _, control := range cat.InForce() {
		if seen[control.Package] {
			continue
		}
		seen[control.Package] = true
		all = append(all, eval.Query{Package: control.Package, Entrypoints: decisions(cat, control)})
		if cat.HasRule(control, catalog.RuleEveryone) {
			all = append(all, eval.Query{Package: control.Package, Entrypoints: everyoneDecisions()})
		}
	}
	return all
}

// decisions returns the entry points of a control's package.
func decisions(cat *catalog.Catalog, control *catalog.Control) eval.Entrypoints {
	d := eval.Entrypoints{
		Guard: catalog.RuleApplicable, Decision: catalog.RuleCompliant, Reasons: eval.AlwaysReasons, GuardReasons: catalog.RuleNotApplicable,
	}
	switch control.Kind {
	case catalog.KindCoverage:
		d.Guard, d.Reasons, d.GuardReasons = catalog.RuleInScope, eval.FailingReasons, ""
	case catalog.KindGraded:
		d.Decision = catalog.RuleFraction
	}
	if !cat.HasRule(control, d.Guard) {
		d.Guard = ""
	}
	if d.Guard == "" || !cat.HasRule(control, d.GuardReasons) {
		d.GuardReasons = ""
	}
	if !cat.HasRule(control, catalog.RuleReasons) {
		d.Reasons = eval.NoReasons
	}
	return d
}

// everyoneDecisions returns the entry point of a rule that may decide for every record at once.
func everyoneDecisions() eval.Entrypoints {
	return eval.Entrypoints{Decision: catalog.RuleEveryone, Optional: true, Reasons: eval.NoReasons}
}

// Only returns the rules as of a catalog that has one control, so that nothing is read for the others.
func (r *Rules) Only(control *catalog.Control) *Rules {
	only := *r
	only.Catalog = r.Catalog.Select(func(other *catalog.Control) bool { return other.ID == control.ID })
	return &only
}

// Of returns the rule of a control; nil if it has none.
func (r *Rules) Of(control *catalog.Control) *eval.Rule { return r.rules[control.Package] }

// Everyone returns the rule that may decide a control for every record at once; nil if it has none.
func (r *Rules) Everyone(control *catalog.Control) *eval.Rule { return r.everyone[control.Package] }

// Extent returns what a rule reads of its input and of data.
type Extent func(*eval.Rule) eval.AccessPaths

// Needed is the extent of what a rule must be given: everything if it is interpreted.
func Needed(r *eval.Rule) eval.AccessPaths { return r.AccessPaths() }

// Relevant is the extent of what can change the decisions of a rule.
func Relevant(r *eval.Rule) eval.AccessPaths { return r.StaticAccessPaths() }

// DocumentMask returns what a control's rule reads of a dataset in its context: at data.evidence and,
// if the control has no population, in its input.
func (r *Rules) DocumentMask(control *catalog.Control, dataset string, extent Extent) *jsonscan.FieldMask {
	rule := r.Of(control)
	if rule == nil {
		return &jsonscan.FieldMask{Whole: true} // package outcome reads claims itself
	}
	read := extent(rule)
	mask := &jsonscan.FieldMask{}
	// Rules find the dataset "entra.users" at entra and users.
	area, name, _ := strings.Cut(dataset, ".")
	mask.Add(below(read.Data, "evidence", area, name))
	if everyone := r.Everyone(control); everyone != nil {
		mask.Add(below(extent(everyone).Data, "evidence", area, name))
	}
	if control.Kind != catalog.KindCoverage {
		mask.Add(below(read.Input, area, name))
	}
	return mask
}

// below returns the part of a mask at a path; nil if it is empty.
func below(mask *jsonscan.FieldMask, path ...string) *jsonscan.FieldMask {
	if len(path) == 0 || mask == nil || mask.Whole {
		return mask
	}
	var found *jsonscan.FieldMask
	for _, child := range []*jsonscan.FieldMask{mask.Each, mask.Fields[path[0]]} {
		if child = below(child, path[1:]...); child != nil {
			if found == nil {
				found = &jsonscan.FieldMask{}
			}
			found.Add(child)
		}
	}
	return found
}

// JoinKey identifies an index of a joined dataset.
type JoinKey struct {
	Dataset, On string
	Many        bool
}

// KeyOf returns the index that a join uses.
func KeyOf(j catalog.Join) JoinKey { return JoinKey{j.Dataset, j.On, j.Many} }

// JoinMask returns what the rules of all controls read of each record of an index.
func (r *Rules) JoinMask(key JoinKey, extent Extent) *jsonscan.FieldMask {
	mask := &jsonscan.FieldMask{}
	for _, control := range r.Catalog.InForce() {
		if control.Coverage == nil {
			continue
		}
		for _, j := range control.Coverage.Joins {
			if KeyOf(j) != key {
				continue
			}
			read := extent(r.Of(control)).Input
			if read.Whole || read.Each != nil {
				return &jsonscan.FieldMask{Whole: true}
			}
			mask.Add(JoinedMask(read.Fields[j.Name], j.Many))
		}
	}
	return mask
}

// JoinedMask returns what is read of each joined record, given what is read of the field that holds
// the joined record or, if there may be many, the list of them.
func JoinedMask(field *jsonscan.FieldMask, many bool) *jsonscan.FieldMask {
	if many && field != nil && !field.Whole {
		return field.Each
	}
	return field
}
