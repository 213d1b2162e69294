package judge

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/closure"
	"github.com/posture-score/posture/evidence/projection"
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

// Decisions names the rules of a package that are asked, and how.
type Decisions struct {
	Guard   string  // asked first: where it is false the main decision is not asked at all; "" if the package has none
	Main    string  // the decision
	Reasons Reasons // when the package's reasons are asked for
}

// Reasons says when the reasons of a rule are asked for.
type Reasons int

// The choices.
const (
	Never   Reasons = iota // the package has none
	Always                 //
	Failing                // only where the guard is true and the decision is false
)

// reasonsRule is the rule of a package that gives reasons.
const reasonsRule = "reasons"

// Rule is a compiled package of decisions, ready to be asked. It is safe for concurrent use.
type Rule struct {
	pkg       string
	compiler  *ast.Compiler
	limits    Limits
	decisions Decisions
	question  ast.Body         // for topdown
	program   *closure.Program // nil if it can't be compiled
	why       string           // it can't be
	// The entry points of the program; less than 0 for what the package does not have.
	guard, main, reasons int
}

// Compile readies the rules of packages, which are asked for the decisions given with each.
func Compile(ctx context.Context, compiler *ast.Compiler, packages map[string]Decisions, limits Limits) (map[string]*Rule, error) {
	rules := map[string]*Rule{}
	names := slices.Sorted(maps.Keys(packages))
	var all []string
	for _, pkg := range names {
		r := &Rule{pkg: pkg, compiler: compiler, limits: limits, decisions: packages[pkg]}
		var err error
		if r.question, err = compileQuery(compiler, fmt.Sprintf("%s = %s", result, r.decisions.question(pkg))); err != nil {
			return nil, fmt.Errorf("preparing %s: %w", pkg, err)
		}
		rules[pkg] = r
		all = append(all, r.entries()...)
	}
	plan, planErr := takePlan(ctx, compiler, all)
	for _, pkg := range names {
		r := rules[pkg]
		own, err := plan, planErr
		if planErr != nil {
			// Something in the catalog can't be planned: whatever can be is, package by package.
			own, err = takePlan(ctx, compiler, r.entries())
		}
		if err == nil {
			r.program, err = own.CompileRules(r.entries()...)
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			r.why = strings.Join(strings.Fields(err.Error()), " ")
		}
	}
	return rules, nil
}

// entries returns the rules that are asked, and notes where each is among them.
func (r *Rule) entries() []string {
	var names []string
	entry := func(rule string) int {
		names = append(names, "data."+r.pkg+"."+rule)
		return len(names) - 1
	}
	r.guard, r.reasons = -1, -1
	r.main = entry(r.decisions.Main)
	if r.decisions.Guard != "" {
		r.guard = entry(r.decisions.Guard)
	}
	if r.decisions.Reasons != Never {
		r.reasons = entry(reasonsRule)
	}
	return names
}

// takePlan has OPA plan rules.
func takePlan(ctx context.Context, compiler *ast.Compiler, rules []string) (*closure.Plan, error) {
	query, err := compileQuery(compiler, strings.Join(rules, "; "))
	if err != nil {
		return nil, err
	}
	return closure.TakePlan(ctx, compiler, query)
}

func compileQuery(compiler *ast.Compiler, query string) (ast.Body, error) {
	body, err := ast.ParseBodyWithOpts(query, ast.ParserOptions{RegoVersion: ast.RegoV1})
	if err != nil {
		return nil, err
	}
	return compiler.QueryCompiler().Compile(body)
}

// Fallback says why the rule runs on topdown, or "".
func (r *Rule) Fallback() string { return r.why }

// Pure says whether the same input always gets the same answer in one world, and one that may be remembered.
func (r *Rule) Pure() bool { return r.program != nil && r.program.Pure() }

// Fields returns the members of the input that the rule can read; slot i of an [Input] is the i-th. They are all of them unless Reads
// says that the input is read as a whole.
func (r *Rule) Fields() []string {
	if r.program == nil {
		return nil
	}
	return r.program.Fields()
}

// Reads returns what the rule can read: everything if it runs on topdown.
func (r *Rule) Reads() closure.Reads {
	if r.program == nil {
		return closure.Reads{Input: &projection.Paths{Whole: true}, Data: &projection.Paths{Whole: true}}
	}
	return r.program.Reads()
}

// Input is what a rule is asked about.
type Input = closure.Input

// Input makes an input of a value that is held whole.
func (r *Rule) Input(value ast.Value) Input {
	if r.program == nil {
		return held{ast.NewTerm(value)}
	}
	return r.program.Term(ast.NewTerm(value))
}

// held is an input for topdown alone.
type held struct{ term *ast.Term }

func (h held) Field(int) *ast.Term { return nil }
func (h held) Object() bool        { _, ok := h.term.Value.(ast.Object); return ok }
func (h held) Whole() *ast.Term    { return h.term }
