package eval

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/dataflow"
	"github.com/posture-score/posture/engine/internal/rego/ir"
	"github.com/posture-score/posture/engine/internal/rego/limit"
	"github.com/posture-score/posture/engine/internal/rego/vm"
	"github.com/posture-score/posture/internal/jsonscan"
)

// Invariant: a rule is immutable, and evaluates the same entry points on the VM and with topdown.

// Limits bound one evaluation of a rule.
type Limits struct {
	limit.Limits
	Reasons    int // a rule that gives more reasons fails
	ReasonSize int // so does one with a longer reason, in bytes
}

// DefaultLimits returns limits that no sensible rule comes near.
func DefaultLimits() Limits { return Limits{Limits: limit.Default(), Reasons: 50, ReasonSize: 500} }

// Query is a package and its entry points.
type Query struct {
	Package string
	Entrypoints
}

// Entrypoints names the rules of a package that are evaluated.
type Entrypoints struct {
	Guard        string      // evaluated first: where it is false the decision is not evaluated; "" if the package has none
	Decision     string      // the decision
	Optional     bool        // the decision may be undefined
	Reasons      ReasonsMode // when the rule "reasons" is evaluated; never where the guard is false
	GuardReasons string      // the reasons where the guard is false; "" if the package has none
}

// ReasonsMode says when the reasons of a rule are evaluated.
type ReasonsMode int

// The modes.
const (
	NoReasons      ReasonsMode = iota // the package has none
	AlwaysReasons                     // where there is a decision
	FailingReasons                    // only where the guard is true and the decision is false
)

// reasonsRule is the rule of a package that gives reasons.
const reasonsRule = "reasons"

// Rule is the entry points of a package. What it takes to evaluate them is made when it is first needed. It is safe for concurrent use.
type Rule struct {
	pkg         string
	limits      Limits
	entrypoints Entrypoints
	compiler    func() *ast.Compiler
	query       func() (ast.Body, error) // for topdown
	interpreted bool                     // see [Rule.WithInterpreter]
	compiled    func() (*vm.Program, error)
	analysis    func() (dataflow.Summary, error)
	partial     func() (*vm.Program, error) // see partial.go
	// The paths of the entry points, and their places among those; negative for what the package does not have.
	paths                                  []string
	guard, decision, reasons, guardReasons int
}

// Policy is the Rego of a catalog.
type Policy struct {
	Compiler func(pkg string) *ast.Compiler // has the package and all that it refers to; called when it is first needed
	Cache    string                         // what [MarshalPlan] wrote of it; may be ""
}

// Compile returns a rule for each query.
func Compile(ctx context.Context, policy Policy, queries []Query, limits Limits) (map[Query]*Rule, error) {
	rules := map[Query]*Rule{}
	cache := unmarshal(policy.Cache)
	var rest []*Rule
	for _, q := range queries {
		r := newRule(q, func() *ast.Compiler { return policy.Compiler(q.Package) }, limits)
		rules[q] = r
		if !r.adopt(cache) {
			rest = append(rest, r)
		}
	}
	for len(rest) > 0 { // those of one compiler at once
		compiler := rest[0].compiler()
		var same, others []*Rule
		for _, r := range rest {
			if r.compiler() == compiler {
				same = append(same, r)
			} else {
				others = append(others, r)
			}
		}
		if err := plan(ctx, same, compiler); err != nil {
			return nil, err
		}
		rest = others
	}
	return rules, nil
}

// MarshalPlan serializes what [Compile] works out of a policy and queries, for [Policy.Cache].
func MarshalPlan(ctx context.Context, compiler *ast.Compiler, queries []Query) ([]byte, error) {
	var all []string
	var programs [][]string
	for _, q := range queries {
		r := newRule(q, nil, Limits{})
		programs = append(programs, r.paths)
		all = append(all, r.paths...)
	}
	plan, err := ir.PlanRules(ctx, compiler, all)
	if err != nil {
		return nil, err
	}
	return vm.Marshal(plan, programs)
}

func newRule(q Query, compiler func() *ast.Compiler, limits Limits) *Rule {
	r := &Rule{pkg: q.Package, limits: limits, entrypoints: q.Entrypoints, compiler: compiler}
	r.query = sync.OnceValues(func() (ast.Body, error) {
		return ir.CompileQuery(compiler(), fmt.Sprintf("%s = %s", resultVar, q.text()))
	})
	r.partial = sync.OnceValues(func() (*vm.Program, error) {
		program, err := r.compiled()
		if err != nil {
			return nil, err
		}
		return program.Partial()
	})
	add := func(rule string, wanted bool) int {
		if !wanted {
			return -1
		}
		r.paths = append(r.paths, "data."+q.Package+"."+rule)
		return len(r.paths) - 1
	}
	r.guard = add(q.Guard, q.Guard != "")
	r.decision = add(q.Decision, true)
	r.reasons = add(reasonsRule, q.Reasons != NoReasons)
	r.guardReasons = add(q.GuardReasons, q.GuardReasons != "")
	return r
}

// unmarshal returns a cached plan, or nil: without it everything is the same, and takes longer.
func unmarshal(text string) *vm.CachedPlan {
	if text == "" {
		return nil
	}
	cache, err := vm.Unmarshal(text)
	if err != nil {
		return nil
	}
	return cache
}

// adopt takes the rule from a cached plan, and reports whether it is there.
func (r *Rule) adopt(cache *vm.CachedPlan) bool {
	if cache == nil {
		return false
	}
	summary, ok := cache.Summary(r.paths)
	r.analysis = func() (dataflow.Summary, error) { return summary, nil }
	r.compiled = sync.OnceValues(func() (*vm.Program, error) { return cache.Compile(r.paths) })
	return ok
}

// plan plans rules that are not cached.
func plan(ctx context.Context, rules []*Rule, compiler *ast.Compiler) error {
	var all []string
	for _, r := range rules {
		if _, err := r.query(); err != nil {
			return fmt.Errorf("preparing %s: %w", r.pkg, err)
		}
		all = append(all, r.paths...)
	}
	whole, wholeErr := ir.PlanRules(ctx, compiler, all)
	for _, r := range rules {
		own, err := whole, wholeErr
		if wholeErr != nil {
			// Something in the catalog can't be planned: plan what can be, package by package.
			own, err = ir.PlanRules(ctx, compiler, r.paths)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		r.compiled = sync.OnceValues(func() (*vm.Program, error) {
			if err != nil {
				return nil, err
			}
			return vm.Compile(own, r.paths...)
		})
		r.analysis = func() (dataflow.Summary, error) {
			program, err := r.compiled()
			if err != nil {
				return dataflow.Summary{}, err
			}
			return program.Summary(), nil
		}
	}
	return nil
}

// errInterpreterForced is the fallback reason of rules made by [Rule.WithInterpreter].
var errInterpreterForced = errors.New("topdown was asked for")

// WithInterpreter returns the rule evaluated by topdown alone: the reference to compare with.
func (r *Rule) WithInterpreter() *Rule {
	interpreted := *r
	interpreted.interpreted = true
	return &interpreted
}

// program returns the program of a rule that runs on the VM.
func (r *Rule) program() (*vm.Program, error) {
	if r.interpreted {
		return nil, errInterpreterForced
	}
	return r.compiled()
}

// summary returns the analysis of a rule that runs on the VM.
func (r *Rule) summary() (dataflow.Summary, error) {
	if r.interpreted {
		return dataflow.Summary{}, errInterpreterForced
	}
	return r.analysis()
}

// Fallback returns why the rule is interpreted by topdown, or "".
func (r *Rule) Fallback() string {
	if _, err := r.summary(); err != nil {
		return strings.Join(strings.Fields(err.Error()), " ")
	}
	return ""
}

// Pure reports whether the result for an input in an environment is always the same, and may be cached.
func (r *Rule) Pure() bool {
	summary, err := r.summary()
	return err == nil && summary.Pure
}

// Fields returns the fields of the input that the rule can read, by their slots in an [Input]: all of them, unless AccessPaths says that the
// input is read whole. Callers must not change the list.
func (r *Rule) Fields() []string {
	summary, _ := r.summary()
	return summary.Fields
}

// AccessPaths are the parts of the input and of data that a rule can read.
type AccessPaths = dataflow.AccessPaths

// AccessPaths returns what the rule has to be given: everything if it is interpreted.
func (r *Rule) AccessPaths() AccessPaths { return accessPaths(r.summary()) }

// StaticAccessPaths returns what the rule reads, whether it is interpreted or not: everything if it can't be compiled.
func (r *Rule) StaticAccessPaths() AccessPaths { return accessPaths(r.analysis()) }

func accessPaths(summary dataflow.Summary, err error) AccessPaths {
	if err != nil {
		return AccessPaths{Input: &jsonscan.FieldMask{Whole: true}, Data: &jsonscan.FieldMask{Whole: true}}
	}
	return summary.AccessPaths
}

// Frontier returns the number of frontier rules of the rule ([Evaluator.Frontier]), and the slots of the residual fields of the input: two
// inputs that agree on both have the same result in any environment. There are no frontier rules if it would not help.
func (r *Rule) Frontier() (rules int, residual []int) {
	summary, err := r.summary()
	if err != nil {
		return 0, nil
	}
	for _, name := range summary.Frontier.ResidualFields {
		residual = append(residual, slices.Index(summary.Fields, name))
	}
	return len(summary.Frontier.Rules), residual
}

// Domain is how a rule tells the values of fields of the input apart.
type Domain = dataflow.Domain

// Domain returns the domain of the rule: nothing if it is interpreted.
func (r *Rule) Domain() Domain {
	summary, _ := r.summary()
	return summary.Domain
}

// Input is what a rule is evaluated over.
type Input = vm.Input

// Input returns an input that is held as one value.
func (r *Rule) Input(value ast.Value) Input {
	program, err := r.program()
	if err != nil {
		return termInput{ast.NewTerm(value)}
	}
	return program.Term(ast.NewTerm(value))
}

// termInput is an input for topdown.
type termInput struct{ term *ast.Term }

func (t termInput) Field(int) *ast.Term { return nil }
func (t termInput) Object() bool        { _, ok := t.term.Value.(ast.Object); return ok }
func (t termInput) Whole() *ast.Term    { return t.term }
