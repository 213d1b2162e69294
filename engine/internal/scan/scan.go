package scan

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/load"
	"github.com/posture-score/posture/engine/internal/rego/eval"
	"github.com/posture-score/posture/internal/records"
)

// Invariant: failures are reported in the order of the evidence and, for one record, of the controls'
// ids; unmatched keys come last.

// Populations scans every population that is measured, and returns counts by control id: of those
// coverage controls that apply and whose evidence is sufficient. Datasets that nothing reads are read,
// too.
func Populations(ctx context.Context, e *load.Evidence, options Options) (map[string]*Counts, error) {
	x := &indexes{evidence: e, built: map[load.JoinKey]*index{}}
	s := &scanner{planner{e, &options, x}, map[string]*Counts{}}
	if err := x.scan(ctx, s.population); err != nil {
		return nil, err
	}
	return s.counts, nil
}

// scan scans each population by its controls, and reads every other dataset.
func (x *indexes) scan(ctx context.Context, population func(context.Context, *load.Dataset, []*catalog.Control) error) error {
	e := x.evidence
	populations := map[string][]*catalog.Control{}
	for _, c := range e.Rules.Controls() {
		if c.Kind == catalog.KindCoverage && e.Inapplicable(c) == "" && e.Sufficient(c) {
			populations[c.Coverage.Dataset] = append(populations[c.Coverage.Dataset], c)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(populations)) {
		if err := population(ctx, e.Datasets[name], populations[name]); err != nil {
			return err
		}
		delete(populations, name)
		x.release(populations)
	}
	for _, d := range e.Sorted() {
		if err := d.ReadUnread(ctx); err != nil {
			return err
		}
	}
	return nil
}

// scanner scans one population after another.
type scanner struct {
	planner
	counts map[string]*Counts
}

// population scans a population; twice, if records turn out to repeat others.
func (s *scanner) population(ctx context.Context, d *load.Dataset, controls []*catalog.Control) error {
	if s.options.Failures != nil || s.options.Observe != nil {
		// What was reported can't be taken back.
		if err := d.FindRepeats(ctx); err != nil {
			return err
		}
	}
	var last *scanPlan
	err := d.Read(ctx, func(pass *load.Pass) (err error) {
		last, err = s.pass(ctx, d, controls, pass)
		return err
	})
	if err == nil && last.marked != nil {
		s.options.Marked(last.marked.population(d.Name, last.controls))
	}
	return err
}

// pass scans a population once, and returns the plan with what was found.
func (s *scanner) pass(ctx context.Context, d *load.Dataset, controls []*catalog.Control, pass *load.Pass) (*scanPlan, error) {
	made := &evaluators{ctx: ctx}
	p, err := s.plan(ctx, d, pass, controls, made.add)
	if err != nil {
		return nil, err
	}
	defer made.release() // all workers have ended then
	start := func() records.Visitor[*part] { return newWorker(p) }
	if err := load.Scan(ctx, pass, p.fields, start, p.merge); err != nil {
		return nil, err
	}
	if err := scanUnmatched(ctx, p, p.merge); err != nil {
		return nil, err
	}
	for _, c := range p.controls {
		s.counts[c.control.ID] = c.counts()
	}
	return p, nil
}

// evaluators are those of all workers of a pass.
type evaluators struct {
	ctx   context.Context //nolint:containedctx // of the pass
	mutex sync.Mutex
	list  []*eval.Evaluator
}

// add returns another one.
func (e *evaluators) add(rule *eval.Rule, env *eval.Env) *eval.Evaluator {
	made := rule.NewEvaluator(e.ctx, env)
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.list = append(e.list, made)
	return made
}

// release ends the use of all of them.
func (e *evaluators) release() {
	for _, made := range e.list {
		made.Release()
	}
}

// merge adds a part whose first record has that index.
func (p *scanPlan) merge(part *part, first int64) error {
	p.dataset.AddViolations(part.violations, first)
	p.pass.AddKeys(part.keys)
	for i, keys := range part.met {
		p.watched[i].met.add(keys)
	}
	for _, f := range part.failures {
		if f.control.err != "" {
			continue // the worker was ahead of the error
		}
		reported := Failure{Control: f.control.control.ID, Dataset: p.dataset.Name, Key: f.record.in(first), Label: f.record.label, Reasons: f.reasons}
		if reported.Reasons == nil {
			reported.Reasons = []string{}
		}
		if err := p.options.Failures(reported); err != nil {
			return err
		}
	}
	for i, c := range p.controls {
		c.add(&part.counters[i], first)
	}
	if p.marked != nil {
		p.marked.add(part.marks)
	}
	p.recycle(part)
	return nil
}
