package scan

import (
	"context"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/load"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/internal/unique"
)

// Invariant: Floor reads and validates what Populations does, takes the same fields out of the same
// records, and builds and looks up the same joins. It evaluates no rule.

// Taken is what Floor took out of records.
type Taken struct{ Records, Bytes int64 }

// Floor does what Populations can't do without, and evaluates nothing.
func Floor(ctx context.Context, e *load.Evidence) (Taken, error) {
	x := &indexes{evidence: e, built: map[load.JoinKey]*index{}}
	f := &floor{planner: planner{e, &Options{DisableMemo: true}, x}}
	err := x.scan(ctx, f.population)
	return f.taken, err
}

// floor reads one population after another.
type floor struct {
	planner
	taken Taken
}

func (f *floor) population(ctx context.Context, d *load.Dataset, controls []*catalog.Control) error {
	return d.Read(ctx, func(pass *load.Pass) error {
		p, err := f.plan(ctx, d, pass, controls, nil)
		if err != nil {
			return err
		}
		start := func() records.Visitor[floorPart] {
			return &floorWorker{plan: p, checker: d.Checker(""), keyer: pass.Keyer(p.unique), columns: newColumns(p)}
		}
		return load.Scan(ctx, pass, p.fields, start, func(part floorPart, first int64) error {
			d.AddViolations(part.violations, first)
			pass.AddKeys(part.keys)
			f.taken.Records += part.taken.Records
			f.taken.Bytes += part.taken.Bytes
			return nil
		})
	})
}

// floorPart is the result of a part of a population.
type floorPart struct {
	taken      Taken
	violations load.Violations
	keys       []unique.Key
}

// floorWorker is a worker without controls.
type floorWorker struct {
	plan    *scanPlan
	checker load.Checker
	keyer   load.Keyer
	columns *columns
	taken   Taken
}

// Begin implements [records.Visitor].
func (w *floorWorker) Begin(first int64) {
	w.checker.Begin(first)
	w.keyer.Begin(first, nil)
	w.taken = Taken{}
}

// Record implements [records.Visitor].
func (w *floorWorker) Record(record *records.View) error {
	w.columns.next(record)
	w.checker.Check(record.JSON())
	w.keyer.Next(record)
	w.taken.Records++
	for i := range w.plan.fields {
		w.taken.Bytes += int64(len(record.Slot(i)))
	}
	for i := range w.plan.joins {
		w.taken.Records += int64(len(w.columns.joined(i).rows))
	}
	return nil
}

// End implements [records.Visitor].
func (w *floorWorker) End() floorPart { return floorPart{w.taken, w.checker.Found, w.keyer.Keys} }
