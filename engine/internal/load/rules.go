package load

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/rego/eval"
	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/internal/records"
)

// Invariant: what is derived from rules follows from the catalog alone. Assessments that run at the same
// time share it, and nothing of it is ever changed.

// Rules are the compiled rules of a catalog. They are immutable and safe for concurrent use.
type Rules struct {
	Catalog  *catalog.Catalog
	Limits   eval.Limits
	rules    map[string]*eval.Rule // by Rego package
	everyone map[string]*eval.Rule // by Rego package; only rules that may decide for every record at once
	derived  *derived
	buffers  *records.Buffers // of the scans of assessments that have ended
}

// derived is what follows from rules, each part made when it is first needed: a program that assesses
// many tenants makes it once.
type derived struct {
	controls  []*catalog.Control // in force
	documents func() map[string]*jsonscan.FieldMask
	masks     table[documentKey, *jsonscan.FieldMask]
	joins     table[joinMaskKey, *jsonscan.FieldMask]
	records   table[*catalog.Control, *jsonscan.FieldMask]
	facts     table[*catalog.Control, *facts]
}

// documentKey is what the mask of a document depends on.
type documentKey struct {
	pkg, dataset string
	kind         catalog.Kind
	extent       Extent
}

// joinMaskKey is what the mask of joined records depends on.
type joinMaskKey struct {
	JoinKey
	extent Extent
}

// facts are what follows from one control alone.
type facts struct {
	datasets   []string // that it reads, sorted
	parameters ast.Value
	exceptions bool // exceptions in the evidence change its parameters
	licenses   []catalog.Prerequisite
}

// withDerived returns the rules, with nothing derived from them so far.
func (r Rules) withDerived() *Rules {
	r.derived = &derived{controls: r.Catalog.InForce()}
	r.derived.documents = sync.OnceValue(r.documentMasks)
	return &r
}

// Compile compiles the rules of a catalog; interpreted rules run on OPA's topdown, the reference.
func Compile(ctx context.Context, cat *catalog.Catalog, limits eval.Limits, interpreted bool) (*Rules, error) {
	r := Rules{Catalog: cat, Limits: limits, buffers: &records.Buffers{}, rules: map[string]*eval.Rule{}, everyone: map[string]*eval.Rule{}}
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
	return r.withDerived(), nil
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
	return only.withDerived()
}

// Controls returns the controls in force, sorted by id. Callers must not change the list.
func (r *Rules) Controls() []*catalog.Control { return r.derived.controls }

// Of returns the rule of a control; nil if it has none.
func (r *Rules) Of(control *catalog.Control) *eval.Rule { return r.rules[control.Package] }

// Everyone returns the rule that may decide a control for every record at once; nil if it has none.
func (r *Rules) Everyone(control *catalog.Control) *eval.Rule { return r.everyone[control.Package] }

// factsOf returns what follows from a control alone.
func (r *Rules) factsOf(control *catalog.Control) *facts {
	return r.derived.facts.get(control, func() *facts {
		f := &facts{datasets: control.Datasets(), parameters: ast.MustInterfaceToValue(control.ParameterValues())}
		f.exceptions = slices.ContainsFunc(control.Parameters, func(p catalog.Parameter) bool { return p.Exceptions })
		for _, p := range control.Prerequisites {
			if len(p.ServicePlans) > 0 {
				f.licenses = append(f.licenses, p)
			}
		}
		return f
	})
}

// LicensePrerequisites returns the prerequisites of a control that are licenses: any one plan of each is
// needed. Callers must not change the list.
func (r *Rules) LicensePrerequisites(control *catalog.Control) []catalog.Prerequisite {
	return r.factsOf(control).licenses
}

// Extent says which part of what a rule reads is meant.
type Extent int

// The extents.
const (
	Needed   Extent = iota // what a rule must be given: everything if it is interpreted
	Relevant               // what can change the decisions of a rule
)

// of returns what a rule reads of its input and of data.
func (x Extent) of(r *eval.Rule) eval.AccessPaths {
	if x == Relevant {
		return r.StaticAccessPaths()
	}
	return r.AccessPaths()
}

// DocumentMask returns what a control's rule reads of a dataset in its context: at data.evidence and,
// if the control has no population, in its input. Callers must not change it.
func (r *Rules) DocumentMask(control *catalog.Control, dataset string, extent Extent) *jsonscan.FieldMask {
	key := documentKey{control.Package, dataset, control.Kind, extent}
	return r.derived.masks.get(key, func() *jsonscan.FieldMask { return r.documentMask(control, dataset, extent) })
}

func (r *Rules) documentMask(control *catalog.Control, dataset string, extent Extent) *jsonscan.FieldMask {
	rule := r.Of(control)
	if rule == nil {
		return &jsonscan.FieldMask{Whole: true} // package outcome reads claims itself
	}
	read := extent.of(rule)
	mask := &jsonscan.FieldMask{}
	// Rules find the dataset "entra.users" at entra and users.
	area, name, _ := strings.Cut(dataset, ".")
	mask.Add(below(read.Data, "evidence", area, name))
	if everyone := r.Everyone(control); everyone != nil {
		mask.Add(below(extent.of(everyone).Data, "evidence", area, name))
	}
	if control.Kind != catalog.KindCoverage {
		mask.Add(below(read.Input, area, name))
	}
	return mask
}

// documentMasks returns what has to be read of each dataset that controls read as a document, or as a
// list, by name.
func (r *Rules) documentMasks() map[string]*jsonscan.FieldMask {
	masks := map[string]*jsonscan.FieldMask{}
	for _, control := range r.Controls() {
		documents := control.Context
		if control.Kind == catalog.KindAttested {
			documents = []string{catalog.AttestationDataset}
		}
		for _, name := range documents {
			if masks[name] == nil {
				masks[name] = &jsonscan.FieldMask{}
			}
			masks[name].Add(r.DocumentMask(control, name, Needed))
		}
	}
	return masks
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

// JoinMask returns what the rules of all controls read of each record of an index. Callers must not
// change it.
func (r *Rules) JoinMask(key JoinKey, extent Extent) *jsonscan.FieldMask {
	return r.derived.joins.get(joinMaskKey{key, extent}, func() *jsonscan.FieldMask { return r.joinMask(key, extent) })
}

func (r *Rules) joinMask(key JoinKey, extent Extent) *jsonscan.FieldMask {
	mask := &jsonscan.FieldMask{}
	for _, control := range r.Controls() {
		if control.Coverage == nil {
			continue
		}
		for _, j := range control.Coverage.Joins {
			if KeyOf(j) != key {
				continue
			}
			read := extent.of(r.Of(control)).Input
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

// RecordMask returns what is read of each record of a coverage control's population: by its rule, or by
// the engine to identify, match and date the record. Callers must not change it.
func (r *Rules) RecordMask(control *catalog.Control) *jsonscan.FieldMask {
	return r.derived.records.get(control, func() *jsonscan.FieldMask { return r.recordMask(control) })
}

func (r *Rules) recordMask(control *catalog.Control) *jsonscan.FieldMask {
	mask := Relevant.of(r.Of(control)).Input.Clone()
	coverage := control.Coverage
	if spec, ok := r.Catalog.Datasets().Dataset(coverage.Dataset); ok {
		for _, name := range append([]string{spec.Key}, spec.Unique...) {
			mask.Field(name)
		}
	}
	for _, match := range coverage.Match {
		mask.Field(match.Field)
	}
	if coverage.Fresh != nil {
		mask.Field(coverage.Fresh.Field)
	}
	return mask
}
