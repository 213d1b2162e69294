package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/rego/eval"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/records"
)

// Validation is how much of the evidence is checked against its schemas.
type Validation string

// Documents and lists that rules read whole are always checked whole, unless validation is off.
const (
	ValidateSample Validation = "sample" // and the first 1,000 records of each population: the default
	ValidateFull   Validation = "full"   // and every record
	ValidateOff    Validation = "off"
)

// sampleSize is how many records of a population ValidateSample checks.
const sampleSize = 1000

// Settings are what one assessment is told.
type Settings struct {
	Now      time.Time // the declared time; if zero, the time at which the evidence was collected
	Validate Validation
	// Decisions are what the organization decided, by control id. They are part of the input: the same decisions, the same result.
	Decisions map[string]Decision
	Progress  func(dataset string, records int64) // called now and then while records are read; may be nil
	// Failures takes every failing record of every coverage control, however many an action shows: dataset by dataset, in the order of
	// the evidence. It may be nil; an error ends the assessment.
	Failures func(Failure) error
}

// Assess evaluates every control of the catalog over the bundle. It fails if the evidence can't be read or isn't what its
// manifest says, or if the context ends; whatever goes wrong with a single control is that action's outcome instead.
func (e *Engine) Assess(ctx context.Context, bundle *evidence.Bundle, settings Settings) (*Assessment, error) {
	manifest := bundle.Manifest()
	r := &run{engine: e, bundle: bundle, settings: settings, sources: map[string]*source{}, indexes: map[indexKey]*joined{}, worlds: map[string]*eval.Env{}}
	if r.settings.Validate == "" {
		r.settings.Validate = ValidateSample
	}
	if r.settings.Now.IsZero() {
		r.settings.Now = manifest.CollectedAt
	}
	if year := r.settings.Now.UTC().Year(); year < 1 || year > 9999 {
		return nil, fmt.Errorf("the time of the assessment is in the year %d, which can't be written", year)
	}
	if err := bundle.Verify(ctx); err != nil {
		return nil, err
	}
	r.survey()
	if err := r.readDocuments(ctx); err != nil {
		return nil, err
	}
	if err := r.readLicenses(ctx); err != nil {
		return nil, err
	}
	actions, err := r.judge(ctx)
	if err != nil {
		return nil, err
	}
	r.settle(actions)
	if err := r.readRest(ctx); err != nil {
		return nil, err
	}
	return r.assessment(manifest, actions), nil
}

// run is the state of one assessment.
type run struct {
	engine   *Engine
	bundle   *evidence.Bundle
	settings Settings
	sources  map[string]*source // every dataset that the bundle lists or a control reads
	indexes  map[indexKey]*joined
	worlds   map[string]*eval.Env // by what is seen of the evidence
	licenses licenses
	doubts   []string // warnings about the evidence as a whole
}

// judge decides every control: tenant-wide ones at once, coverage ones while their population streams by.
func (r *run) judge(ctx context.Context) ([]Action, error) {
	watch := eval.NewDeadline(ctx, r.engine.options.Limits)
	defer watch.Stop()
	actions := map[string]Action{}
	populations := map[string][]*task{}
	for _, control := range r.engine.catalog.InForce() {
		if reason := r.unlicensed(control); reason != "" {
			actions[control.ID] = newAction(control, NotApplicable, reason)
			continue
		}
		if reason := r.unsourced(control); reason != "" {
			actions[control.ID] = newAction(control, NotApplicable, reason)
			continue
		}
		lacking := r.lacking(control)
		if lacking == nil && control.Kind == catalog.KindCoverage {
			t, err := newTask(r, control, watch)
			if err != nil {
				return nil, err
			}
			name := control.Coverage.Dataset
			populations[name] = append(populations[name], t)
			continue
		}
		action, err := r.decide(control, lacking, watch)
		if err != nil {
			return nil, err
		}
		actions[control.ID] = action
	}
	for _, name := range slices.Sorted(maps.Keys(populations)) {
		if err := r.scan(ctx, name, populations[name], watch); err != nil {
			return nil, err
		}
		for _, t := range populations[name] {
			actions[t.control.ID] = t.action()
		}
		delete(populations, name)
		r.release(populations)
	}
	list := make([]Action, 0, len(actions))
	for _, id := range slices.Sorted(maps.Keys(actions)) {
		list = append(list, actions[id])
	}
	return list, nil
}

// readRest reads what no control did, so that evidence which can't be read or lies about its counts never passes unseen.
func (r *run) readRest(ctx context.Context) error {
	for _, name := range sortedNames(r.sources) {
		s := r.sources[name]
		if s.status != Collected || s.read {
			continue
		}
		start := func() records.Visitor[flaws] {
			return &unreadReader{checker{spec: s.spec, mode: r.settings.Validate}}
		}
		merge := func(part flaws, first, records int64) error {
			s.take(name, part, first)
			r.progress(name, first+records)
			return nil
		}
		if err := records.Scan(ctx, r.bundle.Source(name), r.scanOptions(nil), start, merge); err != nil {
			return err
		}
	}
	return nil
}

// unreadReader checks what no control reads.
type unreadReader struct{ checker checker }

// Begin is part of [records.Visitor].
func (u *unreadReader) Begin(first int64) { u.checker.begin(first) }

// Record is part of [records.Visitor].
func (u *unreadReader) Record(p *records.View) error {
	u.checker.check(p.JSON())
	return nil
}

// End is part of [records.Visitor].
func (u *unreadReader) End() flaws { return u.checker.flaws }

// decide decides a control without counting records; lacking is what is left to say if evidence is missing or can't be trusted, or nil.
func (r *run) decide(control *catalog.Control, lacking *Action, watch *eval.Deadline) (Action, error) {
	switch {
	case lacking == nil:
		return r.tenantWide(control, watch)
	case control.Kind == catalog.KindCoverage:
		return r.withoutRecords(control, *lacking, watch)
	case control.Kind == catalog.KindAttested:
		return *lacking, nil
	}
	return r.withoutDocuments(control, *lacking, watch), nil
}

// lacking returns what comes of a control that reads what is missing or can't be trusted; nil if all of its evidence is there.
func (r *run) lacking(control *catalog.Control) *Action {
	if missing := r.missing(control); len(missing) > 0 {
		action := r.noEvidence(control, missing)
		return &action
	}
	for _, name := range control.Datasets() {
		if broken := r.broken(control, name); broken != "" {
			action := failed(control, fmt.Sprintf("%s is not what its schema says: %s", name, broken))
			return &action
		}
	}
	return nil
}

// missing returns the datasets that the control needs and the bundle doesn't have, sorted.
func (r *run) missing(control *catalog.Control) []string {
	var names []string
	for _, name := range control.Datasets() {
		if r.sources[name].status != Collected && !r.spared(control, name) {
			names = append(names, name)
		}
	}
	return names
}

// spared says whether the control can do without a dataset: another of which one is enough is there.
func (r *run) spared(control *catalog.Control, name string) bool {
	return slices.Contains(control.AnyOf, name) && slices.ContainsFunc(control.AnyOf, func(other string) bool {
		return other != name && r.sources[other].status == Collected
	})
}
