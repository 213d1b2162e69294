package outcome

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/load"
	"github.com/posture-score/posture/engine/internal/rego/eval"
)

// Invariant: what is found out holds for every value that the missing evidence might have. Where that
// can't be decided within bounds, nothing is found out.

// Bounds of one exploration.
const (
	maxEvaluations = 200
	maxInstances   = 1_000 // unknowns that are instantiated by all evaluations after the first one
)

// explorer evaluates the rule of a tenant-wide control for all values that the evidence lacks: of those
// unknowns only that the decision depends on, one after another.
type explorer struct {
	evidence    *load.Evidence
	control     *catalog.Control
	rule        *eval.PartialEvaluator
	partial     *partialEvidence
	parameters  ast.Value
	forking     map[int]bool // unknowns whose values can't be listed: the evaluation forks where it depends on one
	evaluations int
}

// withMissing returns the evidence of a tenant-wide control with its missing datasets unknown, unless
// others in AnyOf are enough.
func withMissing(e *load.Evidence, control *catalog.Control) *partialEvidence {
	p := &partialEvidence{datasets: map[string]*partialValue{}, optional: map[string][]string{}}
	enough := slices.ContainsFunc(control.AnyOf, func(name string) bool { return e.Usable(control, name) })
	for _, name := range control.Context {
		switch d := e.Datasets[name]; {
		case e.Usable(control, name):
			p.datasets[name] = known(d.Value)
		case !enough || !slices.Contains(control.AnyOf, name):
			p.addMissing(name, d.Spec)
		}
	}
	return p
}

// withAbsent is withMissing with the absent fields of other datasets unknown, too.
func withAbsent(e *load.Evidence, control *catalog.Control) *partialEvidence {
	p := withMissing(e, control)
	for _, name := range control.Context {
		if e.Usable(control, name) {
			p.addDataset(e.Datasets[name], e.Rules.DocumentMask(control, name, load.Relevant))
		}
	}
	return p
}

// newExplorer returns nil if the rule of the control can't be evaluated with unknowns.
func newExplorer(ctx context.Context, e *load.Evidence, control *catalog.Control, p *partialEvidence) *explorer {
	rule, err := e.Rules.Of(control).NewPartialEvaluator(ctx)
	if err != nil {
		return nil
	}
	return &explorer{evidence: e, control: control, rule: rule, partial: p, parameters: e.Parameters(control), forking: map[int]bool{}}
}

// assumption is a choice for some unknowns and, where the values of one can't be listed, the direction
// of each fork of the evaluation.
type assumption struct {
	chosen map[int]choice
	forks  []bool
}

// unknowns returns those that an assumption is about, sorted.
func (x *explorer) unknowns(a assumption) []int {
	ids := slices.Collect(maps.Keys(a.chosen))
	if len(a.forks) > 0 {
		ids = append(ids, slices.Collect(maps.Keys(x.forking))...)
	}
	slices.Sort(ids)
	return ids
}

// explore visits the grade under an assumption: one grade or, where it depends on more, one for each
// further assumption. It reports whether it visited all; visit ends it by returning false. If it did
// not, open are the unknowns that the last assumption is about.
func (x *explorer) explore(a assumption, visit func(*grade) bool) (all bool, open []int) {
	if x.evaluations == maxEvaluations || x.evaluations*len(x.partial.unknowns) > maxInstances || x.rule.Exhausted() || x.partial.overflow {
		return false, x.unknowns(a)
	}
	x.evaluations++
	environment := x.environment(a.chosen)
	found, err := x.rule.Eval(environment, environment.Evidence(), x.forking, a.forks)
	switch {
	case err != nil:
		return false, x.unknowns(a)
	case found.Fork:
		return x.fork(a, visit)
	case found.Unknown != nil:
		return x.choose(a, found.Unknown.ID, visit)
	}
	g, err := newGrade(x.control, found.Result)
	return err == nil && visit(g), x.unknowns(a)
}

// fork explores both directions of a fork.
func (x *explorer) fork(a assumption, visit func(*grade) bool) (all bool, open []int) {
	for _, yes := range []bool{true, false} {
		next := assumption{a.chosen, append(slices.Clone(a.forks), yes)}
		if all, open = x.explore(next, visit); !all {
			return false, open
		}
	}
	return true, nil
}

// choose explores every choice for an unknown. If they can't be listed the evaluation forks.
func (x *explorer) choose(a assumption, id int, visit func(*grade) bool) (all bool, open []int) {
	if id < 0 || x.forking[id] {
		return false, x.unknowns(assumption{a.chosen, []bool{true}}) // where the evaluation can't fork
	}
	choices, finite := x.partial.choices(id)
	if !finite {
		x.forking[id] = true
		return x.explore(a, visit)
	}
	for _, c := range choices {
		next := assumption{maps.Clone(a.chosen), a.forks}
		next.chosen[id] = c
		if all, open = x.explore(next, visit); !all {
			return false, open
		}
	}
	return true, nil
}

// environment returns what the rule sees, with the choices for unknowns.
func (x *explorer) environment(chosen map[int]choice) *eval.Env {
	documents := map[string]ast.Value{}
	for name, v := range x.partial.datasets {
		if t := x.partial.term(v, chosen); t != nil {
			documents[name] = t.Value
		}
	}
	return eval.NewEnv(x.evidence.Now, documents, x.parameters)
}

// undecided returns the absent fields of which some value would lead to a grade that is not expected.
// If the exploration ends at its bounds, these are the fields that it depended on.
func undecided(ctx context.Context, e *load.Evidence, control *catalog.Control, expected func(*grade) bool) []Absent {
	p := withAbsent(e, control)
	if len(p.unknowns) == 0 {
		return nil
	}
	x := newExplorer(ctx, e, control, p)
	if x == nil {
		return p.fields(nil)
	}
	if all, open := x.explore(assumption{chosen: map[int]choice{}}, expected); !all {
		return p.fields(open)
	}
	return nil
}

// invariable returns the grade that a rule comes to whatever the unknowns are; nil if there is none or it
// can't be found out.
func invariable(ctx context.Context, e *load.Evidence, control *catalog.Control, p *partialEvidence) *grade {
	x := newExplorer(ctx, e, control, p)
	if x == nil {
		return nil
	}
	var first *grade
	all, _ := x.explore(assumption{chosen: map[int]choice{}}, func(g *grade) bool {
		if first == nil {
			first = g
		}
		return first.equal(g)
	})
	if !all || first == nil {
		return nil
	}
	if x.evaluations > 1 {
		first.raw.Reasons = nil // they may refer to assumptions
	}
	return first
}

// lackingFields returns the result of a control that can't be decided without some fields.
func lackingFields(e *load.Evidence, control *catalog.Control, fields []Absent) *Result {
	r := newResult(control, NoEvidence)
	r.Absent = fields
	for _, f := range fields {
		reason := fmt.Sprintf("%s has no field %s", f.Dataset, f.Field)
		if f.Records > 0 {
			reason += fmt.Sprintf(" in %d of %d records", f.Records, e.Datasets[f.Dataset].Records)
		}
		r.Reasons = append(r.Reasons, reason)
	}
	return r
}
