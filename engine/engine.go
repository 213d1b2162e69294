package engine

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/rego/eval"
)

// Options are how an engine works. The zero value of a field stands for its default. Those below Failing change no result.
type Options struct {
	Version string        // of the program, for the assessment; default "dev"
	Limits  eval.Limits   // of one evaluation of one rule; default eval.DefaultLimits()
	Control time.Duration // for all evaluations of one control over a bundle; default 10 minutes
	Failing int           // how many failing records an action names; default 100; less than 0 for all

	Workers int  // how many goroutines read a population; default one for each processor
	Block   int  // bytes that one of them takes at once; default that of records.Options
	NoMemo  bool // ask every rule about every record
	Topdown bool // evaluate every rule by OPA's topdown, which is the reference, and many times slower
}

// Engine is a compiled catalog. It is immutable: assess with it from as many goroutines as you like.
type Engine struct {
	catalog  *catalog.Catalog
	options  Options
	rules    map[string]*eval.Rule // by Rego package
	everyone map[string]*eval.Rule // by Rego package, where a rule decides for everyone
}

// Compile readies a catalog.
func Compile(ctx context.Context, cat *catalog.Catalog, options Options) (*Engine, error) {
	e := &Engine{catalog: cat, options: options.withDefaults(), rules: map[string]*eval.Rule{}, everyone: map[string]*eval.Rule{}}
	rego := eval.Policy{Compiler: cat.Compiler, Cache: cat.Ready()}
	rules, err := eval.Compile(ctx, rego, asked(cat), e.options.Limits)
	if err != nil {
		return nil, fmt.Errorf("compiling the catalog: %w", err)
	}
	for question, rule := range rules {
		if e.options.Topdown {
			rule = rule.WithInterpreter()
		}
		if question.Entrypoints == forEveryone() {
			e.everyone[question.Package] = rule
		} else {
			e.rules[question.Package] = rule
		}
	}
	return e, nil
}

// Pack works out what [Compile] needs of a catalog that is known when the program is built; see [catalog.Snapshot].
func Pack(ctx context.Context, cat *catalog.Catalog) ([]byte, error) {
	text, err := eval.MarshalPlan(ctx, cat.Compiler(), asked(cat))
	if err != nil {
		return nil, fmt.Errorf("compiling the catalog: %w", err)
	}
	return text, nil
}

// asked returns what the rules of a catalog are asked for.
func asked(cat *catalog.Catalog) []eval.Query {
	var all []eval.Query
	seen := map[string]bool{"": true}
	for _, control := range cat.InForce() {
		if seen[control.Package] {
			continue
		}
		seen[control.Package] = true
		all = append(all, eval.Query{Package: control.Package, Entrypoints: decisions(cat, control)})
		if cat.HasRule(control, catalog.RuleEveryone) {
			all = append(all, eval.Query{Package: control.Package, Entrypoints: forEveryone()})
		}
	}
	return all
}

// Fallback is a control whose rule runs on OPA's topdown, many times slower than those that are compiled to closures.
type Fallback struct {
	Control string `json:"control"`
	Reason  string `json:"reason"` // what can't be compiled
}

// Fallbacks returns the controls that run on topdown, sorted by id.
func (e *Engine) Fallbacks() []Fallback {
	list := []Fallback{}
	if e.options.Topdown {
		return list // none can't be compiled
	}
	for _, control := range e.catalog.InForce() {
		if rule := e.rules[control.Package]; rule != nil && rule.Fallback() != "" {
			list = append(list, Fallback{Control: control.ID, Reason: rule.Fallback()})
		}
	}
	return list
}

func (o Options) withDefaults() Options {
	if o.Version == "" {
		o.Version = "dev"
	}
	if o.Limits == (eval.Limits{}) {
		o.Limits = eval.DefaultLimits()
	}
	if o.Control == 0 {
		o.Control = 10 * time.Minute
	}
	switch {
	case o.Failing == 0:
		o.Failing = 100
	case o.Failing < 0:
		o.Failing = math.MaxInt
	}
	return o
}

// decisions returns what a control's rule is asked for.
func decisions(cat *catalog.Catalog, control *catalog.Control) eval.Entrypoints {
	asked := eval.Entrypoints{Guard: catalog.RuleApplicable, Decision: catalog.RuleCompliant, Reasons: eval.AlwaysReasons, GuardReasons: catalog.RuleNotApplicable}
	switch control.Kind {
	case catalog.KindCoverage:
		asked.Guard, asked.Reasons, asked.GuardReasons = catalog.RuleInScope, eval.FailingReasons, ""
	case catalog.KindGraded:
		asked.Decision = catalog.RuleFraction
	}
	if !cat.HasRule(control, asked.Guard) {
		asked.Guard = ""
	}
	if asked.Guard == "" || !cat.HasRule(control, asked.GuardReasons) {
		asked.GuardReasons = ""
	}
	if !cat.HasRule(control, catalog.RuleReasons) {
		asked.Reasons = eval.NoReasons
	}
	return asked
}
