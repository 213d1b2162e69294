package engine

import (
	"cmp"
	"fmt"
	"maps"
	"math/big"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/rego/eval"
)

// Invariant: what is found out holds for every value that the missing evidence might have had. Where that can't be told within bounds,
// nothing is.

// Bounds of what it may take to find something out about one drawing.
const (
	maxAsked = 200   // how often a rule is asked
	maxDrawn = 1_000 // blanks that are drawn for that, after the first time
)

// explorer asks the rule of a tenant what would come of values that the evidence lacks: of those alone that the answer depends on, one
// after another.
type explorer struct {
	run     *run
	control *catalog.Control
	wary    *eval.PartialEvaluator
	drawing *drawing
	forking map[int]bool // blanks of which nobody can list what may stand there
	asked   int

	parameters ast.Value
}

// draw draws the evidence of a tenant-wide control. What it can do without, since there is something else, is not missed.
func (r *run) draw(control *catalog.Control) *drawing {
	d := r.drawMissing(control)
	for _, name := range control.Context {
		if r.usable(control, name) {
			d.dataset(name, r.sources[name], r.engine.documentPaths(control, name, reach))
		}
	}
	return d
}

// drawMissing does not draw the fields that are absent of what is there.
func (r *run) drawMissing(control *catalog.Control) *drawing {
	d := newDrawing()
	enough := slices.ContainsFunc(control.AnyOf, func(name string) bool { return r.usable(control, name) })
	for _, name := range control.Context {
		switch s := r.sources[name]; {
		case r.usable(control, name):
			d.datasets[name] = known(s.value)
		case !enough || !slices.Contains(control.AnyOf, name):
			d.missing(name, s.spec)
		}
	}
	return d
}

// explorer returns nil if the rule of the control can't be asked about what is missing.
func (r *run) explorer(control *catalog.Control, d *drawing, watch *eval.Deadline) *explorer {
	wary, err := r.engine.rules[control.Package].NewPartialEvaluator(watch)
	if err != nil {
		return nil
	}
	parameters := ast.MustInterfaceToValue(r.parameters(control))
	return &explorer{run: r, control: control, wary: wary, drawing: d, forking: map[int]bool{}, parameters: parameters}
}

// tenantVerdict is what a tenant-wide rule says: nothing of a control that does not apply.
type tenantVerdict struct {
	open     bool
	fraction *big.Rat
	answer   eval.Result
}

// newVerdict reads the answer of the rule of a control.
func newVerdict(control *catalog.Control, answer eval.Result) (v *tenantVerdict, err error) {
	v = &tenantVerdict{open: answer.Guard, answer: answer}
	if v.open {
		v.fraction, err = grade(control.Kind, answer.Decision)
	}
	return v, err
}

// same says whether two verdicts earn the same.
func (v *tenantVerdict) same(other *tenantVerdict) bool {
	return v.open == other.open && (!v.open || v.fraction.Cmp(other.fraction) == 0)
}

// way is what is taken for given: what stands in some blanks and, where nobody can list what may stand in one, which way the evaluation
// goes where it depends on it.
type way struct {
	assigned map[int]choice
	forks    []bool
}

// blanks are those that the way depends on, sorted.
func (x *explorer) blanks(w way) []int {
	ids := slices.Collect(maps.Keys(w.assigned))
	if len(w.forks) > 0 {
		ids = append(ids, slices.Collect(maps.Keys(x.forking))...)
	}
	slices.Sort(ids)
	return ids
}

// walk goes every way on which the answer depends, and shows what comes of it. It says whether it could go all of them; it ends early if
// visit returns false. If it did not, at are the blanks that the last way depends on.
func (x *explorer) walk(w way, visit func(*tenantVerdict) bool) (all bool, at []int) {
	if x.asked == maxAsked || x.asked*len(x.drawing.blanks) > maxDrawn || x.drawing.overflow {
		return false, x.blanks(w)
	}
	x.asked++
	world := x.world(w.assigned)
	found, err := x.wary.Eval(world, world.Evidence(), x.forking, w.forks)
	switch {
	case err != nil:
		return false, x.blanks(w)
	case found.Fork:
		return x.fork(w, visit)
	case found.Unknown != nil:
		return x.choose(w, found.Unknown.ID, visit)
	}
	v, err := newVerdict(x.control, found.Result)
	return err == nil && visit(v), x.blanks(w)
}

// fork goes both ways.
func (x *explorer) fork(w way, visit func(*tenantVerdict) bool) (all bool, at []int) {
	for _, yes := range []bool{true, false} {
		next := way{w.assigned, append(slices.Clone(w.forks), yes)}
		if all, at = x.walk(next, visit); !all {
			return false, at
		}
	}
	return true, nil
}

// choose puts everything into a blank that may stand there. If nobody can list that the evaluation forks.
func (x *explorer) choose(w way, id int, visit func(*tenantVerdict) bool) (all bool, at []int) {
	if id < 0 || x.forking[id] {
		return false, x.blanks(way{w.assigned, []bool{true}}) // where the evaluation can't fork
	}
	choices, finite := x.drawing.choices(id)
	if !finite {
		x.forking[id] = true
		return x.walk(w, visit)
	}
	for _, c := range choices {
		next := way{maps.Clone(w.assigned), w.forks}
		next.assigned[id] = c
		if all, at = x.walk(next, visit); !all {
			return false, at
		}
	}
	return true, nil
}

// world is the evidence with what is assigned to its blanks.
func (x *explorer) world(assigned map[int]choice) *eval.Env {
	seen := map[string]ast.Value{}
	for name, s := range x.drawing.datasets {
		if t := x.drawing.draw(s, assigned); t != nil {
			seen[name] = t.Value
		}
	}
	return eval.NewEnv(x.run.settings.Now, seen, x.parameters)
}

// Absent is a field that decides an action and that the evidence lacks.
type Absent struct {
	Dataset string `json:"dataset"`
	Field   string `json:"field"`             // dotted, without the places in lists
	Records int64  `json:"records,omitempty"` // how many of a list lack it
}

// absent returns the fields without which nobody can tell whether the verdict on a tenant-wide control is what the evidence shows, or no
// better than that: none, if each verdict is expected that any values of them would bring.
func (r *run) absent(control *catalog.Control, expected func(*tenantVerdict) bool, watch *eval.Deadline) []Absent {
	d := r.draw(control)
	if len(d.blanks) == 0 {
		return nil
	}
	x := r.explorer(control, d, watch)
	if x == nil {
		return d.fields(nil)
	}
	all, at := x.walk(way{assigned: map[int]choice{}}, expected)
	if all {
		return nil
	}
	return d.fields(at)
}

// lackFields makes an action one that lacks evidence: fields of what is there.
func (r *run) lackFields(control *catalog.Control, fields []Absent) Action {
	action := newAction(control, NoEvidence)
	action.Absent = fields
	for _, f := range fields {
		reason := fmt.Sprintf("%s has no field %s", f.Dataset, f.Field)
		if f.Records > 0 {
			reason += fmt.Sprintf(" in %d of %d records", f.Records, r.sources[f.Dataset].records)
		}
		action.Reasons = append(action.Reasons, reason)
	}
	return action
}

// withoutDocuments decides a tenant-wide control that lacks evidence, if its rule comes to the same whatever is missing. Absent fields of
// what is there matter as they do otherwise: only where the rule gives less than all.
func (r *run) withoutDocuments(control *catalog.Control, otherwise Action, watch *eval.Deadline) Action {
	if !r.hasDocument(control) {
		return otherwise // nothing is there that could decide it
	}
	missing := r.drawMissing(control)
	blanks := len(missing.blanks)
	v := r.same(control, missing, watch)
	if v == nil || v.open && v.fraction.Cmp(big.NewRat(1, 1)) < 0 {
		if d := r.draw(control); len(d.blanks) > blanks {
			v = r.same(control, d, watch)
		}
	}
	if v == nil {
		return otherwise
	}
	action := tenantAction(control, v)
	if action.Outcome != NotApplicable {
		action.Reasons = append(action.Reasons, otherwise.Reasons...)
		action.Missing = otherwise.Missing
	}
	return action
}

// same returns what the rule of a control comes to whatever stands in the blanks; nil if that can't be told.
func (r *run) same(control *catalog.Control, d *drawing, watch *eval.Deadline) *tenantVerdict {
	x := r.explorer(control, d, watch)
	if x == nil {
		return nil
	}
	var first *tenantVerdict
	all, _ := x.walk(way{assigned: map[int]choice{}}, func(v *tenantVerdict) bool {
		if first == nil {
			first = v
		}
		return first.same(v)
	})
	if !all || first == nil {
		return nil
	}
	if x.asked > 1 {
		first.answer.Reasons = nil // they may tell of what was assumed
	}
	return first
}

// fields names the fields in some blanks, sorted; in all of them if none are given.
func (d *drawing) fields(ids []int) []Absent {
	type place struct{ dataset, path string }
	named := map[place]bool{}
	for _, id := range ids {
		root := d.blanks[d.blanks[id].root]
		named[place{root.dataset, root.path}] = true
	}
	records := map[place]map[int]bool{}
	for id, b := range d.blanks {
		at := place{b.dataset, b.path}
		if b.root != id || len(ids) > 0 && !named[at] {
			continue
		}
		if records[at] == nil {
			records[at] = map[int]bool{}
		}
		if b.record >= 0 {
			records[at][b.record] = true
		}
	}
	list := []Absent{}
	for at, lacking := range records {
		list = append(list, Absent{Dataset: at.dataset, Field: at.path, Records: int64(len(lacking))})
	}
	slices.SortFunc(list, func(a, b Absent) int {
		return cmp.Or(cmp.Compare(a.Dataset, b.Dataset), cmp.Compare(a.Field, b.Field))
	})
	return list
}
