package judge

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

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

// Rule is a compiled package of decisions, ready to be asked. It is safe for concurrent use.
type Rule struct {
	compiler  *ast.Compiler
	limits    Limits
	decisions Decisions
	constants ast.Body // works out the package's constants; nil if it has none
	given     ast.Body // the question, with the constants taken from the world
	plain     ast.Body // the question
}

// result is the variable that queries bind their answer to.
const result = ast.Var("answer")

// Prepare readies the rule of a package.
func Prepare(compiler *ast.Compiler, pkg string, decisions Decisions, limits Limits) (*Rule, error) {
	r := &Rule{compiler: compiler, limits: limits, decisions: decisions}
	question := fmt.Sprintf("%s = %s", result, decisions.question(pkg))
	names := constants(compiler, pkg, decisions.Guard, decisions.Main, "reasons")
	for _, query := range []struct {
		into *ast.Body
		text string
	}{
		{&r.plain, question},
		{&r.given, withGiven(question, pkg, names)},
		{&r.constants, fmt.Sprintf("%s = %s", result, valuesOf(pkg, names))},
	} {
		body, err := compileQuery(compiler, query.text)
		if err != nil {
			return nil, fmt.Errorf("preparing %s: %w", pkg, err)
		}
		*query.into = body
	}
	if len(names) == 0 {
		r.constants = nil
	}
	return r, nil
}

// question is a list of three lists, each with one value or, where the rule is undefined or not asked, none: what the guard says,
// what the decision is, and the reasons. One query asks all, so that what they share is worked out once; the comprehension around
// it keeps it one expression, since each expression with a "with" forgets what those before it worked out.
func (d Decisions) question(pkg string) string {
	guard, open := "[true]", ""
	if d.Guard != "" {
		guard = fmt.Sprintf("[x | x := data.%s.%s]", pkg, d.Guard)
		open = fmt.Sprintf("data.%s.%s == true; ", pkg, d.Guard)
	}
	reasons := "[]"
	switch d.Reasons {
	case Always:
		reasons = fmt.Sprintf("[z | z := data.%s.reasons]", pkg)
	case Failing:
		reasons = fmt.Sprintf("[z | %sdata.%s.%s == false; z := data.%s.reasons]", open, pkg, d.Main, pkg)
	}
	return fmt.Sprintf("[all | all := [%s, [y | %sy := data.%s.%s], %s]]", guard, open, pkg, d.Main, reasons)
}

func compileQuery(compiler *ast.Compiler, query string) (ast.Body, error) {
	body, err := ast.ParseBodyWithOpts(query, ast.ParserOptions{RegoVersion: ast.RegoV1})
	if err != nil {
		return nil, err
	}
	return compiler.QueryCompiler().Compile(body)
}

// Error is a rule that gave no usable answer: an evaluation that failed, an undefined decision, or one of the wrong type.
// It is the rule's own failure; a canceled context is not an Error.
type Error struct{ Message string }

// Error returns the message, without a place: which rule failed is known to the caller.
func (e *Error) Error() string { return e.Message }

func failf(format string, args ...any) error { return &Error{Message: fmt.Sprintf(format, args...)} }

// Answer is what a rule says of an input.
type Answer struct {
	Open     bool      // what the guard says; true without one
	Decision ast.Value // nil if the guard is false
	Reasons  []string  // sorted
}

// Ask asks the rule about an input. Decisions are never undefined in an answer: that is an [Error].
func (r *Rule) Ask(ctx context.Context, world *World, input ast.Value) (Answer, error) {
	query := r.plain
	if world.complete {
		query = r.given
	}
	found, err := r.run(ctx, query, world, input)
	if err != nil {
		return Answer{}, err
	}
	all, err := single(found, "the rule")
	if err != nil {
		return Answer{}, err
	}
	parts, ok := all.(*ast.Array)
	if !ok || parts.Len() != 3 {
		return Answer{}, failf("the rule gave no answer")
	}
	guard, err := single(parts.Elem(0).Value, r.decisions.Guard)
	if err != nil {
		return Answer{}, err
	}
	open, ok := guard.(ast.Boolean)
	if !ok {
		return Answer{}, failf("%s has to be true or false; it is %s", r.decisions.Guard, typeName(guard))
	}
	answer := Answer{Open: bool(open)}
	if answer.Open {
		if answer.Decision, err = single(parts.Elem(1).Value, r.decisions.Main); err != nil {
			return Answer{}, err
		}
	}
	answer.Reasons, err = r.reasons(parts.Elem(2).Value)
	return answer, err
}

// reasons reads the reasons out of an answer: none if they were not asked for.
func (r *Rule) reasons(value ast.Value) ([]string, error) {
	asked, ok := value.(*ast.Array)
	if !ok || asked.Len() == 0 {
		return nil, nil
	}
	set, ok := asked.Elem(0).Value.(ast.Set)
	if !ok {
		return nil, failf("reasons has to be a set of strings; it is %s", typeName(asked.Elem(0).Value))
	}
	if set.Len() > r.limits.Reasons {
		return nil, failf("the rule gave %d reasons, more than the limit of %d", set.Len(), r.limits.Reasons)
	}
	reasons := make([]string, 0, set.Len())
	for _, term := range set.Slice() {
		text, ok := term.Value.(ast.String)
		if !ok {
			return nil, failf("reasons has to be a set of strings; it holds %s", typeName(term.Value))
		}
		if len(text) > r.limits.ReasonSize {
			return nil, failf("the rule gave a reason of %d bytes, more than the limit of %d", len(text), r.limits.ReasonSize)
		}
		reasons = append(reasons, string(text))
	}
	slices.Sort(reasons)
	return reasons, nil
}

// single takes the one value out of a comprehension over a complete rule.
func single(value ast.Value, name string) (ast.Value, error) {
	values, ok := value.(*ast.Array)
	if !ok || values.Len() == 0 {
		return nil, failf("%s is undefined for this evidence; give it a default", name)
	}
	return values.Elem(0).Value, nil
}

// run evaluates a query that binds result exactly once.
func (r *Rule) run(ctx context.Context, query ast.Body, world *World, input ast.Value) (answer ast.Value, err error) {
	// A rule of a stranger may meet a bug in the evaluator: that is this rule's failure, not the end of the run.
	defer func() {
		if fault := recover(); fault != nil {
			answer, err = nil, failf("the evaluator failed: %v", fault)
		}
	}()
	limited, done := context.WithTimeout(ctx, r.limits.Time)
	defer done()
	cancel := topdown.NewCancel()
	defer context.AfterFunc(limited, cancel.Cancel)()

	err = topdown.NewQuery(query).
		WithCompiler(r.compiler).
		WithStore(&store{root: world.root}).
		WithTransaction(transaction{}).
		WithInput(ast.NewTerm(input)).
		WithTime(world.now).
		WithCancel(cancel).
		WithStrictBuiltinErrors(true).
		Iter(limited, func(qr topdown.QueryResult) error {
			answer = qr[result].Value
			return nil
		})
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil && limited.Err() != nil:
		return nil, failf("the rule ran longer than its limit of %s", r.limits.Time)
	case err != nil:
		return nil, failf("%s", plain(err))
	case answer == nil:
		return nil, failf("the rule gave no answer")
	}
	return answer, nil
}

// plain words an evaluation error without its code, with the place in the policy that it names.
func plain(err error) string {
	var e *topdown.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	message := strings.Join(strings.Fields(e.Message), " ") // some span lines
	if e.Location != nil && e.Location.File != "" {
		return fmt.Sprintf("%s:%d: %s", e.Location.File, e.Location.Row, message)
	}
	return message
}

func typeName(value ast.Value) string {
	name := ast.ValueName(value)
	if strings.ContainsRune("aeiou", rune(name[0])) {
		return "an " + name
	}
	return "a " + name
}
