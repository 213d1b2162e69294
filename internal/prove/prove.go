package prove

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/leftover"
	"github.com/posture-score/posture/internal/score"
	"github.com/posture-score/posture/schemas"
)

// Finding is a control that earns more over damaged evidence.
type Finding struct {
	Control  string       `json:"control"`
	Rule     string       `json:"rule"`   // where the decision is, as "file:line"
	Sample   string       `json:"sample"` // what was damaged: a tenant, or the place of a test
	Dataset  string       `json:"dataset"`
	Field    string       `json:"field,omitempty"` // "conditions.users.includeUsers"; absent if the whole record, or the dataset, was damaged
	Mutation Mutation     `json:"mutation"`
	Record   string       `json:"record,omitempty"` // the first one that fails no more, by its key
	Before   score.Points `json:"before"`
	After    score.Points `json:"after"` // the points that it is worth if it does not apply any more
}

// Report is what was tried, and what was found.
type Report struct {
	Controls  int       `json:"controls"`
	Samples   int       `json:"samples"`
	Mutations int       `json:"mutations"`
	Findings  []Finding `json:"findings"` // sorted by control, and then by what was damaged; never null
}

// Prove damages samples and assesses them with the catalog. Evidence is written below a temporary
// folder, and removed.
func Prove(ctx context.Context, cat *catalog.Catalog, samples []Sample, progress func(done, all int)) (*Report, error) {
	dir, remove, err := leftover.Folder()
	if err != nil {
		return nil, fmt.Errorf("proving: %w", err)
	}
	defer func() { _ = remove() }()
	p := &prover{catalog: cat, dir: dir, engines: map[string]*engine.Engine{}}
	results := make([]*Report, len(samples))
	errs := make([]error, len(samples))
	var group sync.WaitGroup
	var mutex sync.Mutex
	next, done := 0, 0
	for range min(runtime.GOMAXPROCS(0), max(len(samples), 1)) {
		group.Go(func() {
			for {
				mutex.Lock()
				i := next
				next++
				mutex.Unlock()
				if i >= len(samples) || ctx.Err() != nil {
					return
				}
				results[i], errs[i] = p.sample(ctx, samples[i], filepath.Join(dir, fmt.Sprint(i)))
				mutex.Lock()
				if done++; progress != nil {
					progress(done, len(samples))
				}
				mutex.Unlock()
			}
		})
	}
	group.Wait()
	if err := errors.Join(append(errs, ctx.Err())...); err != nil {
		return nil, fmt.Errorf("proving: %w", err)
	}
	return join(samples, results), nil
}

// join puts the reports of samples together.
func join(samples []Sample, results []*Report) *Report {
	all := &Report{Samples: len(samples), Findings: []Finding{}}
	controls := map[string]bool{}
	for i, r := range results {
		all.Mutations += r.Mutations
		all.Findings = append(all.Findings, r.Findings...)
		for _, c := range samples[i].Controls {
			controls[c.ID] = true
		}
	}
	all.Controls = len(controls)
	slices.SortStableFunc(all.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Control, b.Control), whole(a)-whole(b), cmp.Compare(a.Dataset, b.Dataset), cmp.Compare(a.Field, b.Field),
			cmp.Compare(a.Mutation, b.Mutation), cmp.Compare(a.Sample, b.Sample))
	})
	return all
}

// whole puts the damage to whole records behind that to single fields.
func whole(f Finding) int {
	if f.Field == "" {
		return 1
	}
	return 0
}

// prover assesses damaged evidence.
type prover struct {
	catalog *catalog.Catalog
	dir     string
	mutex   sync.Mutex
	engines map[string]*engine.Engine // by the controls that they evaluate
}

// result holds the points of one assessment.
type result struct {
	points  map[string]score.Points // by control
	failing map[string][]string     // keys of failing records, by control
}

// sample damages one sample in every way.
func (p *prover) sample(ctx context.Context, s Sample, dir string) (*Report, error) {
	report := &Report{}
	for _, name := range slices.Sorted(maps.Keys(s.Datasets)) {
		controls := slices.DeleteFunc(slices.Clone(s.Controls), func(c *catalog.Control) bool { return !slices.Contains(c.Datasets(), name) })
		if len(controls) == 0 {
			continue
		}
		before, err := p.assess(ctx, s, controls, nil, dir)
		if err != nil {
			return nil, err
		}
		if !before.canEarn(controls) {
			continue
		}
		try := func(content any, field string, m Mutation) error {
			if m != LeftOut && p.refused(controls, name, s.Datasets[name], content) {
				return nil
			}
			report.Mutations++
			after, err := p.assess(ctx, s, controls, map[string]any{name: content}, dir)
			if err != nil {
				return err
			}
			for _, c := range controls {
				if after.points[c.ID] > before.points[c.ID] {
					report.Findings = append(report.Findings, Finding{
						Control: c.ID, Rule: p.catalog.Decision(c), Sample: s.Name, Dataset: name, Field: field, Mutation: m,
						Record: firstMissing(before.failing[c.ID], after.failing[c.ID]), Before: before.points[c.ID], After: after.points[c.ID],
					})
				}
			}
			return nil
		}
		spec, _ := p.catalog.Datasets().Dataset(name)
		if err := mutations(s.Datasets[name], spec.Shape(), try); err != nil {
			return nil, err
		}
		// What a rule says for everyone it says by the documents that are left.
		if slices.ContainsFunc(controls, func(c *catalog.Control) bool { return c.Coverage != nil }) {
			if err := try(nil, "", LeftOut); err != nil {
				return nil, err
			}
		}
	}
	return report, nil
}

// refused reports whether an assessment would not rely on damaged content, since it is not what its
// schema says. What rules read whole and what is joined is validated record by record. Of a
// population only the first records are: there rules have to hold by themselves.
func (p *prover) refused(controls []*catalog.Control, name string, content, damaged any) bool {
	if slices.ContainsFunc(controls, func(c *catalog.Control) bool { return c.Coverage != nil && c.Coverage.Dataset == name }) {
		return false
	}
	spec, _ := p.catalog.Datasets().Dataset(name)
	return violations(spec, damaged) > violations(spec, content)
}

// violations counts what is structurally wrong with content.
func violations(spec *schemas.Dataset, content any) int {
	records, isList := content.([]any)
	if !isList {
		records = []any{content}
	}
	count := 0
	for _, record := range records {
		for _, v := range spec.Validate(record) {
			if v.Structural() {
				count++
			}
		}
	}
	return count
}

// mutations calls try with each form of the content that is damaged once.
func mutations(content any, shape map[string]any, try func(content any, field string, m Mutation) error) error {
	for _, path := range pathsOf(content) {
		for _, m := range ofFields() {
			if m == Null && nullable(shape, path) {
				continue // it is a value like any other there, and says something
			}
			if copied, changed := damaged(content, path, m); changed {
				if err := try(copied, strings.Join(path, "."), m); err != nil {
					return err
				}
			}
		}
	}
	records, ok := content.([]any)
	if !ok {
		return nil
	}
	for i := range records {
		if err := try(append(slices.Clone(records), records[i]), "", Duplicated); err != nil {
			return err
		}
	}
	return nil
}

// canEarn reports whether any of the controls has points left.
func (r result) canEarn(controls []*catalog.Control) bool {
	return slices.ContainsFunc(controls, func(c *catalog.Control) bool { return r.points[c.ID] < worth(c) })
}

// worth is what a control can earn. One that counts for nothing is tried as if it were worth a point.
func worth(c *catalog.Control) score.Points { return max(score.Points(c.Counted()), 100) }

// firstMissing returns the first key that is among those before and not among those after.
func firstMissing(before, after []string) string {
	for _, key := range before {
		if !slices.Contains(after, key) {
			return key
		}
	}
	return ""
}

// assess evaluates controls over a sample with some datasets replaced; nil leaves one out.
func (p *prover) assess(ctx context.Context, s Sample, controls []*catalog.Control, changed map[string]any, dir string) (result, error) {
	compiled, err := p.engine(ctx, controls)
	if err != nil {
		return result{}, err
	}
	bundle, err := p.bundle(ctx, s, controls, changed, dir)
	if err != nil {
		return result{}, err
	}
	defer func() { _ = bundle.Close(); _ = os.RemoveAll(dir) }()
	r := result{points: map[string]score.Points{}, failing: map[string][]string{}}
	// Rules have to hold by themselves: of a population only the first records are held against the schema.
	settings := engine.AssessOptions{Now: s.Now, Validate: engine.ValidateOff, Failures: func(f engine.Failure) error {
		r.failing[f.Control] = append(r.failing[f.Control], f.Key)
		return nil
	}}
	assessment, err := compiled.Assess(ctx, bundle, settings)
	if err != nil {
		return result{}, err
	}
	for _, a := range assessment.Actions {
		c, _ := p.catalog.Control(a.ID)
		r.points[a.ID] = earned(a, worth(c))
	}
	return r, nil
}

// earned returns the points of an action. One that does not apply leaves the total, which counts as
// full points.
func earned(a engine.Action, worth score.Points) score.Points {
	switch {
	case a.Outcome == engine.NotApplicable, a.Outcome == engine.Complete:
		return worth
	case a.Outcome == engine.Partial && a.Coverage != nil:
		return score.Points(int64(worth) * a.Coverage.Compliant / a.Coverage.InScope)
	case a.Outcome == engine.Partial:
		return max(a.Points.Achieved, 1)
	}
	return 0
}

// engine returns an engine for the controls.
func (p *prover) engine(ctx context.Context, controls []*catalog.Control) (*engine.Engine, error) {
	ids := make([]string, len(controls))
	for i, c := range controls {
		ids[i] = c.ID
	}
	key := strings.Join(ids, " ")
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if known := p.engines[key]; known != nil {
		return known, nil
	}
	only := p.catalog.Select(func(c *catalog.Control) bool { return slices.Contains(ids, c.ID) })
	compiled, err := engine.Compile(ctx, only, engine.Options{Workers: 1})
	p.engines[key] = compiled
	return compiled, err
}

// bundle writes what the controls read of a sample.
func (p *prover) bundle(ctx context.Context, s Sample, controls []*catalog.Control, changed map[string]any, dir string) (*evidence.Bundle, error) {
	w, err := evidence.Create(dir, evidence.Manifest{Tenant: evidence.Tenant{ID: "sample"}, CollectedAt: s.Now})
	if err != nil {
		return nil, err
	}
	defer func() { _ = w.Abort() }()
	written := map[string]bool{}
	for _, c := range controls {
		for _, name := range c.Datasets() {
			content, given := s.Datasets[name]
			if other, ok := changed[name]; ok {
				content = other
			}
			if written[name] || !given {
				continue
			}
			written[name] = true
			if content == nil {
				w.Fail(name, "it is left out")
				continue
			}
			if err := p.write(w, name, content); err != nil {
				return nil, err
			}
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return evidence.Open(ctx, dir, evidence.DefaultLimits())
}

// write writes one dataset, in the form that it has.
func (p *prover) write(w *evidence.Writer, name string, content any) error {
	spec, _ := p.catalog.Datasets().Dataset(name)
	list, isList := content.([]any)
	switch {
	case spec.Kind == schemas.Document && !isList:
		return w.Document(name, content)
	case spec.Kind != schemas.Document && isList:
		return w.Records(name, each(list))
	}
	// The input of a test may be one that no bundle could hold.
	w.Fail(name, "a test gives it in another form")
	return nil
}

func each(list []any) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		for _, value := range list {
			if !yield(value, nil) {
				return
			}
		}
	}
}
