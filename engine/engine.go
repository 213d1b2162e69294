package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/posture-score/posture/engine/judge"
	"github.com/posture-score/posture/policies"
)

// Options are how an engine works. The zero value of a field stands for its default.
type Options struct {
	Version string        // of the program, for the assessment; default "dev"
	Limits  judge.Limits  // of one evaluation of one rule; default judge.DefaultLimits()
	Control time.Duration // for all evaluations of one control over a bundle; default 10 minutes
	Failing int           // how many failing records an action names; default 100
}

// Engine is a compiled catalog. It is immutable: assess with it from as many goroutines as you like.
type Engine struct {
	catalog *policies.Catalog
	options Options
	rules   map[string]*judge.Rule // by Rego package
}

// Compile readies a catalog.
func Compile(ctx context.Context, catalog *policies.Catalog, options Options) (*Engine, error) {
	e := &Engine{catalog: catalog, options: options.withDefaults(), rules: map[string]*judge.Rule{}}
	for _, control := range catalog.Controls() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if control.Package == "" || e.rules[control.Package] != nil {
			continue
		}
		rule, err := e.prepare(control)
		if err != nil {
			return nil, fmt.Errorf("compiling %s: %w", control.ID, err)
		}
		e.rules[control.Package] = rule
	}
	return e, nil
}

func (o Options) withDefaults() Options {
	if o.Version == "" {
		o.Version = "dev"
	}
	if o.Limits == (judge.Limits{}) {
		o.Limits = judge.DefaultLimits()
	}
	if o.Control == 0 {
		o.Control = 10 * time.Minute
	}
	if o.Failing == 0 {
		o.Failing = 100
	}
	return o
}

func (e *Engine) prepare(control *policies.Control) (*judge.Rule, error) {
	asked := judge.Decisions{Guard: policies.RuleApplicable, Main: policies.RuleCompliant, Reasons: judge.Always}
	switch control.Kind {
	case policies.KindCoverage:
		asked.Guard, asked.Reasons = policies.RuleInScope, judge.Failing
	case policies.KindGraded:
		asked.Main = policies.RuleFraction
	}
	if !e.catalog.HasRule(control, asked.Guard) {
		asked.Guard = ""
	}
	if !e.catalog.HasRule(control, policies.RuleReasons) {
		asked.Reasons = judge.Never
	}
	return judge.Prepare(e.catalog.Compiler(), control.Package, asked, e.options.Limits)
}
