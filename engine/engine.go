package engine

import (
	"context"
	"fmt"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/load"
	"github.com/posture-score/posture/engine/internal/outcome"
	"github.com/posture-score/posture/engine/internal/scan"
	"github.com/posture-score/posture/evidence"
)

// Engine is a compiled catalog. It is immutable and safe for concurrent use.
type Engine struct {
	rules   *load.Rules
	options Options
}

// Compile compiles a catalog.
func Compile(ctx context.Context, cat *catalog.Catalog, options Options) (*Engine, error) {
	options = options.withDefaults()
	rules, err := load.Compile(ctx, cat, options.limits(), options.Interpreter)
	if err != nil {
		return nil, err
	}
	return &Engine{rules: rules, options: options}, nil
}

// Precompile returns what [Compile] takes the time for, in serialized form. It is what
// internal/catalogcache embeds for the built-in catalog; a program that embeds the engine has no use
// for it.
func Precompile(ctx context.Context, cat *catalog.Catalog) ([]byte, error) {
	return load.Precompile(ctx, cat)
}

// Fallbacks returns the controls that run on topdown, sorted by id; none if all do by option.
func (e *Engine) Fallbacks() []Fallback {
	list := []Fallback{}
	if e.options.Interpreter {
		return list
	}
	for _, control := range e.rules.Controls() {
		if rule := e.rules.Of(control); rule != nil && rule.Fallback() != "" {
			list = append(list, Fallback{Control: control.ID, Reason: rule.Fallback()})
		}
	}
	return list
}

// Assess evaluates every control of the catalog over the bundle. It fails if the evidence can't be read
// or isn't what its manifest says, or if the context ends; whatever goes wrong with a single control is
// that action's outcome instead.
func (e *Engine) Assess(ctx context.Context, bundle *evidence.Bundle, options AssessOptions) (*Assessment, error) {
	_, assessment, err := e.assess(ctx, bundle, options, nil)
	return assessment, err
}

// assess returns the assessment with the evidence that was loaded for it, or an error once that takes
// too long. The observer may be nil.
func (e *Engine) assess(
	ctx context.Context, bundle *evidence.Bundle, options AssessOptions, observe func(scan.Observation),
) (*load.Evidence, *Assessment, error) {
	if e.options.Timeout < 0 {
		return e.run(ctx, bundle, options, observe)
	}
	late := fmt.Errorf("the assessment took longer than %s: raise the limit by --timeout, or find out which rules take long (posture policy check)", e.options.Timeout)
	ctx, cancel := context.WithTimeoutCause(ctx, e.options.Timeout, late)
	defer cancel()
	loaded, assessment, err := e.run(ctx, bundle, options, observe)
	if err != nil && context.Cause(ctx) == late { //nolint:errorlint // it is this one, or another
		return nil, nil, late
	}
	return loaded, assessment, err
}

func (e *Engine) run(
	ctx context.Context, bundle *evidence.Bundle, options AssessOptions, observe func(scan.Observation),
) (*load.Evidence, *Assessment, error) {
	if options.Now.IsZero() {
		options.Now = bundle.Manifest().CollectedAt
	}
	if year := options.Now.UTC().Year(); year < 1 || year > 9999 {
		return nil, nil, fmt.Errorf("the time of the assessment is in the year %d, which can't be written", year)
	}
	loaded, assessment, err := e.measure(ctx, bundle, options, observe)
	if err != nil && ctx.Err() == nil {
		// Of evidence that was changed, only that it was is worth telling: about each of its files.
		if changed := bundle.Verify(ctx); changed != nil {
			err = changed
		}
	}
	if err != nil {
		return nil, nil, err
	}
	return loaded, assessment, nil
}

// measure evaluates every control. The evidence is verified while it is read: each pass compares the digest of its own bytes, and
// those of files that no rule reads are compared last. So nothing that it hands out counts unless it returns without an error.
func (e *Engine) measure(
	ctx context.Context, bundle *evidence.Bundle, options AssessOptions, observe func(scan.Observation),
) (*load.Evidence, *Assessment, error) {
	loaded, err := load.Load(ctx, e.rules, bundle, options.Now, load.Options{
		Workers: e.options.Workers, BlockSize: e.options.blockSize, Validate: options.Validate.records(), Progress: options.Progress,
	})
	if err != nil {
		return nil, nil, err
	}
	options.begins(StageScan)
	scanOptions := options.scan(e.options)
	scanOptions.Observe = observe
	counts, err := scan.Populations(ctx, loaded, scanOptions)
	if err != nil {
		return nil, nil, err
	}
	options.begins(StageEvaluate)
	decisions := map[string]outcome.Decision{}
	for id, d := range options.Decisions {
		decisions[id] = d.decided()
	}
	results, err := outcome.Decide(ctx, loaded, counts, decisions)
	if err != nil {
		return nil, nil, err
	}
	options.begins(StageScore)
	a := newAssessment(bundle, loaded, results, options.Decisions)
	a.Engine.Version = e.options.Version
	a.Limits = &Limits{Steps: e.options.MaxSteps, Memory: e.options.MaxMemory}
	if fallbacks := e.Fallbacks(); len(fallbacks) > 0 {
		a.Engine.Fallbacks = fallbacks
	}
	a.Findings = outcome.UnusedDecisions(e.rules.Catalog, decisions)
	return loaded, a, nil
}
