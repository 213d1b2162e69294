package replay

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/attribution"
)

// Side is all that an assessment follows from.
type Side struct {
	Engine    *engine.Engine
	Bundle    *evidence.Bundle
	Decisions map[string]engine.Decision // by control id
	Now       time.Time                  // the declared time; if zero, when the evidence was collected
}

// Sides are what is compared.
type Sides struct {
	Old, New Side
	// Parameters is the engine of the new catalog with the old parameters; nil if the parameters are the same.
	Parameters *engine.Engine
	Catalog    *catalog.Catalog     // of the new side
	Options    engine.AssessOptions // of every assessment, but for time and decisions
}

// Attribution assesses both sides and what lies between them, and says why the score changed. What is the same on both sides is no
// step, and takes no assessment.
func Attribution(ctx context.Context, sides Sides) (*attribution.Attribution, error) {
	r := &replay{Sides: sides, at: sides.Old}
	if r.at.Now.IsZero() {
		r.at.Now = r.at.Bundle.Manifest().CollectedAt
	}
	if r.New.Now.IsZero() {
		r.New.Now = r.New.Bundle.Manifest().CollectedAt
	}
	before, verdicts, err := r.assess(ctx)
	if err != nil {
		return nil, fmt.Errorf("assessing the old evidence: %w", err)
	}
	first := before
	for _, step := range r.steps() {
		if !step.apply() {
			continue
		}
		after, latest, err := r.assess(ctx)
		if err != nil {
			return nil, fmt.Errorf("assessing with the new %s: %w", step.name, err)
		}
		done := attribution.Step{Cause: step.cause, Assessment: after}
		if step.cause == attribution.Evidence {
			v := &attribution.Verdicts{Before: verdicts, After: latest, AllOrNothing: r.allOrNothing, Name: r.names.want}
			done.Split = v.Splits(before, after)
		}
		r.done = append(r.done, done)
		before, verdicts = after, latest
	}
	if len(r.done) == 0 { // both sides are the same
		return attribution.Compare(first, first), nil
	}
	a := attribution.Trace(first, r.done)
	if err := r.findFields(ctx, a); err != nil {
		return nil, fmt.Errorf("comparing documents: %w", err)
	}
	if err := r.names.find(ctx, r.Catalog.Datasets(), r.New.Bundle, r.Old.Bundle); err != nil {
		return nil, fmt.Errorf("reading the names of records: %w", err)
	}
	return a, nil
}

// allOrNothing reports whether a control of the new catalog is one that earns points only if all records comply.
func (r *replay) allOrNothing(id string) bool {
	control, ok := r.Catalog.Control(id)
	return ok && control.Coverage != nil && control.Coverage.AllOrNothing
}

// replay is on its way from the old side to the new one.
type replay struct {
	Sides
	at    Side
	done  []attribution.Step
	names names
}

// step makes one thing new, and reports whether it was another one.
type step struct {
	cause attribution.Cause
	name  string
	apply func() bool
}

// steps are in the order of [attribution.Causes].
func (r *replay) steps() []step {
	return []step{
		{attribution.Catalog, "catalog", func() bool { return r.use(r.catalog()) }},
		{attribution.Parameters, "parameters", func() bool { return r.Parameters != nil && r.use(r.New.Engine) }},
		{attribution.Evidence, "evidence", func() bool {
			changed := r.at.Bundle.Digest() != r.New.Bundle.Digest()
			r.at.Bundle = r.New.Bundle
			return changed
		}},
		{attribution.Exclusion, "exclusions", func() bool { return r.decide(withExclusions(r.at.Decisions, r.New.Decisions)) }},
		{attribution.Status, "statuses", func() bool { return r.decide(r.New.Decisions) }},
		{attribution.Time, "time", func() bool {
			changed := !r.at.Now.Equal(r.New.Now)
			r.at.Now = r.New.Now
			return changed
		}},
	}
}

// catalog returns the engine of the new catalog with the old parameters.
func (r *replay) catalog() *engine.Engine {
	if r.Parameters != nil {
		return r.Parameters
	}
	return r.New.Engine
}

func (r *replay) use(e *engine.Engine) bool {
	changed := r.at.Engine != e
	r.at.Engine = e
	return changed
}

func (r *replay) decide(decisions map[string]engine.Decision) bool {
	changed := !reflect.DeepEqual(r.at.Decisions, decisions) && len(r.at.Decisions)+len(decisions) > 0
	r.at.Decisions = decisions
	return changed
}

// assess returns the assessment of where the replay is, with its verdicts record by record.
func (r *replay) assess(ctx context.Context) (*engine.Assessment, *engine.Verdicts, error) {
	options, verdicts := r.Options, &engine.Verdicts{}
	options.Now, options.Decisions, options.Verdicts = r.at.Now, r.at.Decisions, verdicts
	a, err := r.at.Engine.Assess(ctx, r.at.Bundle, options)
	return a, verdicts, err
}

// withExclusions returns the old decisions with the exclusions of the new ones.
func withExclusions(old, latest map[string]engine.Decision) map[string]engine.Decision {
	mixed := map[string]engine.Decision{}
	for _, id := range slices.Concat(slices.Collect(maps.Keys(old)), slices.Collect(maps.Keys(latest))) {
		d := old[id]
		d.Exclude = latest[id].Exclude
		if _, had := old[id]; had || len(d.Exclude) > 0 {
			mixed[id] = d
		}
	}
	return mixed
}
