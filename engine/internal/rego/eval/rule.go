package eval

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/vm"
	"github.com/posture-score/posture/internal/jsonscan"
)

// Invariant: a rule is immutable, and asks the same decisions of closures and of topdown.

// Limits bound one evaluation of a rule.
type Limits struct {
	Time       time.Duration // an evaluation that runs longer fails
	Reasons    int           // a rule that gives more reasons fails
	ReasonSize int           // so does one with a longer reason, in bytes
}

// DefaultLimits returns limits that no sensible rule comes near.
func DefaultLimits() Limits {
	return Limits{Time: 5 * time.Second, Reasons: 50, ReasonSize: 500}
}

// Query is a package and what it is asked for.
type Query struct {
	Package string
	Entrypoints
}

// Entrypoints names the rules of a package that are asked, and how.
type Entrypoints struct {
	Guard    string      // asked first: where it is false the main decision is not asked at all; "" if the package has none
	Decision string      // the decision
	Optional bool        // the decision may be undefined: that is an answer, too
	Reasons  ReasonsMode // when the package's reasons are asked for; never where the guard is false
	Outside  string      // the reasons where the guard is false; "" if the package gives none
}

// ReasonsMode says when the reasons of a rule are asked for.
type ReasonsMode int

// The choices.
const (
	NoReasons      ReasonsMode = iota // the package has none
	AlwaysReasons                     // where there is a decision
	FailingReasons                    // only where the guard is true and the decision is false
)

// reasonsRule is the rule of a package that gives reasons.
const reasonsRule = "reasons"

// Rule is a package of decisions, ready to be asked. What it takes to ask it is made when it is first needed. It is safe for
// concurrent use.
type Rule struct {
	pkg       string
	limits    Limits
	decisions Entrypoints
	compiler  func() *ast.Compiler
	question  func() (ast.Body, error) // for topdown
	program   func() (*vm.Program, error)
	facts     func() (vm.Facts, error)    // of the program
	reach     func() (vm.Facts, error)    // the same, where topdown decides as well
	wary      func() (*vm.Program, error) // see unknown.go; it is the same where topdown decides
	// The entry points of the program; less than 0 for what the package does not have.
	entries                       []string
	guard, main, reasons, outside int
}

// Policy is the Rego of a catalog.
type Policy struct {
	Compiler func() *ast.Compiler // asked when it is first needed
	Cache    string               // what [Pack] packed of it, if anything
}

// Compile readies a rule for each question.
func Compile(ctx context.Context, policy Policy, questions []Query, limits Limits) (map[Query]*Rule, error) {
	rules := map[Query]*Rule{}
	ready := unpack(policy.Cache)
	var rest []*Rule
	for _, q := range questions {
		r := newRule(q, policy.Compiler, limits)
		rules[q] = r
		if !r.take(ready) {
			rest = append(rest, r)
		}
	}
	return rules, plan(ctx, rest, policy.Compiler)
}

// MarshalPlan works out what [Compile] needs for questions, so that it takes little time with it. The same questions find it there.
func MarshalPlan(ctx context.Context, compiler *ast.Compiler, questions []Query) ([]byte, error) {
	var all []string
	var programs [][]string
	for _, q := range questions {
		r := newRule(q, nil, Limits{})
		programs = append(programs, r.entries)
		all = append(all, r.entries...)
	}
	plan, err := takePlan(ctx, compiler, all)
	if err != nil {
		return nil, err
	}
	return plan.Pack(programs)
}

func newRule(q Query, compiler func() *ast.Compiler, limits Limits) *Rule {
	r := &Rule{pkg: q.Package, limits: limits, decisions: q.Entrypoints, compiler: compiler}
	r.question = sync.OnceValues(func() (ast.Body, error) {
		return compileQuery(compiler(), fmt.Sprintf("%s = %s", result, q.text()))
	})
	r.reach = func() (vm.Facts, error) { return r.facts() }
	r.wary = sync.OnceValues(func() (*vm.Program, error) {
		program, err := r.program()
		if err != nil {
			return nil, err
		}
		return program.Wary()
	})
	r.enter()
	return r
}

// unpack returns what was worked out before, or nil: without it everything is the same, and takes longer.
func unpack(text string) *vm.Ready {
	if text == "" {
		return nil
	}
	ready, err := vm.Unpack(text)
	if err != nil {
		return nil
	}
	return ready
}

// take takes over what is known of the rule, if it is.
func (r *Rule) take(ready *vm.Ready) bool {
	if ready == nil {
		return false
	}
	facts, ok := ready.Facts(r.entries)
	r.facts = func() (vm.Facts, error) { return facts, nil }
	r.program = sync.OnceValues(func() (*vm.Program, error) { return ready.Program(r.entries) })
	return ok
}

// plan has rules planned of which nothing is known.
func plan(ctx context.Context, rules []*Rule, compiler func() *ast.Compiler) error {
	if len(rules) == 0 {
		return nil
	}
	var all []string
	for _, r := range rules {
		if _, err := r.question(); err != nil {
			return fmt.Errorf("preparing %s: %w", r.pkg, err)
		}
		all = append(all, r.entries...)
	}
	whole, wholeErr := takePlan(ctx, compiler(), all)
	for _, r := range rules {
		own, err := whole, wholeErr
		if wholeErr != nil {
			// Something in the catalog can't be planned: whatever can be is, package by package.
			own, err = takePlan(ctx, compiler(), r.entries)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		r.program = sync.OnceValues(func() (*vm.Program, error) {
			if err != nil {
				return nil, err
			}
			return own.CompileRules(r.entries...)
		})
		r.facts = func() (vm.Facts, error) {
			program, err := r.program()
			if err != nil {
				return vm.Facts{}, err
			}
			return program.Facts(), nil
		}
	}
	return nil
}

// enter notes the rules that are asked, and where each is among them.
func (r *Rule) enter() {
	entry := func(rule string) int {
		r.entries = append(r.entries, "data."+r.pkg+"."+rule)
		return len(r.entries) - 1
	}
	r.guard, r.reasons, r.outside = -1, -1, -1
	if r.decisions.Guard != "" {
		r.guard = entry(r.decisions.Guard)
	}
	r.main = entry(r.decisions.Decision)
	if r.decisions.Reasons != NoReasons {
		r.reasons = entry(reasonsRule)
	}
	if r.decisions.Outside != "" {
		r.outside = entry(r.decisions.Outside)
	}
}

// takePlan has OPA plan rules.
func takePlan(ctx context.Context, compiler *ast.Compiler, rules []string) (*vm.Plan, error) {
	query, err := compileQuery(compiler, strings.Join(rules, "; "))
	if err != nil {
		return nil, err
	}
	return vm.TakePlan(ctx, compiler, query)
}

func compileQuery(compiler *ast.Compiler, query string) (ast.Body, error) {
	body, err := ast.ParseBodyWithOpts(query, ast.ParserOptions{RegoVersion: ast.RegoV1})
	if err != nil {
		return nil, err
	}
	return compiler.QueryCompiler().Compile(body)
}

// Fallback says why the rule runs on topdown, or "".
func (r *Rule) Fallback() string {
	if _, err := r.facts(); err != nil {
		return strings.Join(strings.Fields(err.Error()), " ")
	}
	return ""
}

// Pure says whether the same input always gets the same answer in one world, and one that may be remembered.
func (r *Rule) Pure() bool {
	facts, err := r.facts()
	return err == nil && facts.Pure
}

// Fields returns the members of the input that the rule can read; slot i of an [Input] is the i-th. They are all of them unless Reads
// says that the input is read as a whole.
func (r *Rule) Fields() []string {
	facts, _ := r.facts()
	return slices.Clone(facts.Fields)
}

// AccessPaths are the parts of the input and of data that a rule can read.
type AccessPaths = vm.Reads

// AccessPaths returns what the rule can read: everything if it runs on topdown.
func (r *Rule) AccessPaths() AccessPaths {
	facts, err := r.facts()
	if err != nil {
		return AccessPaths{Input: &jsonscan.FieldMask{Whole: true}, Data: &jsonscan.FieldMask{Whole: true}}
	}
	return facts.Reads
}

// StaticAccessPaths returns what the rule reads, whether it runs on topdown or not; everything if that is not known.
func (r *Rule) StaticAccessPaths() AccessPaths {
	facts, err := r.reach()
	if err != nil {
		return AccessPaths{Input: &jsonscan.FieldMask{Whole: true}, Data: &jsonscan.FieldMask{Whole: true}}
	}
	return facts.Reads
}

// Frontier returns what tells one input from another, to the rule: the values of so many rules that read no parameters
// ([Evaluator.Frontier]), and the slots of the members of the input that are read besides. There are no premises if nothing like that is
// known, or would help.
func (r *Rule) Frontier() (rules int, rest []int) {
	facts, err := r.facts()
	if err != nil {
		return 0, nil
	}
	for _, name := range facts.Premises.Rest {
		rest = append(rest, slices.Index(facts.Fields, name))
	}
	return len(facts.Premises.Rules), rest
}

// Input is what a rule is asked about.
type Input = vm.Input

// Input makes an input of a value that is held whole.
func (r *Rule) Input(value ast.Value) Input {
	program, err := r.program()
	if err != nil {
		return held{ast.NewTerm(value)}
	}
	return program.Term(ast.NewTerm(value))
}

// held is an input for topdown alone.
type held struct{ term *ast.Term }

func (h held) Field(int) *ast.Term { return nil }
func (h held) Object() bool        { _, ok := h.term.Value.(ast.Object); return ok }
func (h held) Whole() *ast.Term    { return h.term }
