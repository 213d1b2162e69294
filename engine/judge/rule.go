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

// Rule is a compiled package of decisions, ready to be asked. It is safe for concurrent use.
type Rule struct {
	compiler *ast.Compiler
	limits   Limits
	guard    string // decision that has to be true before the main one is asked; "" if the package has none
	main     string
	decide   ast.Body
	explain  ast.Body // nil if the package gives no reasons
}

// result is the variable that queries bind their answer to.
const result = ast.Var("answer")

// Prepare readies the rule of a package. The guard, if not "", is asked first: where it is false the main decision is not
// asked at all. Reasons says whether the package gives reasons.
func Prepare(compiler *ast.Compiler, pkg, guard, main string, reasons bool, limits Limits) (*Rule, error) {
	r := &Rule{compiler: compiler, limits: limits, guard: guard, main: main}
	first, condition := "[true]", ""
	if guard != "" {
		first = fmt.Sprintf("[x | x := data.%s.%s]", pkg, guard)
		condition = fmt.Sprintf("data.%s.%s == true; ", pkg, guard)
	}
	query := fmt.Sprintf("%s = [%s, [y | %sy := data.%s.%s]]", result, first, condition, pkg, main)
	var err error
	if r.decide, err = compileQuery(compiler, query); err != nil {
		return nil, fmt.Errorf("preparing %s: %w", pkg, err)
	}
	if !reasons {
		return r, nil
	}
	if r.explain, err = compileQuery(compiler, fmt.Sprintf("%s = [x | x := data.%s.reasons]", result, pkg)); err != nil {
		return nil, fmt.Errorf("preparing %s: %w", pkg, err)
	}
	return r, nil
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

// Decide asks the rule. Guarded is false if the guard said no; the decision is nil then. Otherwise the decision is whatever
// the main rule says, which is never undefined.
func (r *Rule) Decide(ctx context.Context, world *World, input ast.Value) (decision ast.Value, guarded bool, err error) {
	answer, err := r.run(ctx, r.decide, world, input)
	if err != nil {
		return nil, false, err
	}
	pair, ok := answer.(*ast.Array)
	if !ok || pair.Len() != 2 {
		return nil, false, failf("the rule gave no answer")
	}
	guard, err := single(pair.Elem(0).Value, r.guard)
	if err != nil {
		return nil, false, err
	}
	switch open, ok := guard.(ast.Boolean); {
	case !ok:
		return nil, false, failf("%s has to be true or false; it is %s", r.guard, typeName(guard))
	case !bool(open):
		return nil, false, nil
	}
	decision, err = single(pair.Elem(1).Value, r.main)
	return decision, true, err
}

// single takes the one value out of a comprehension over a complete rule.
func single(value ast.Value, name string) (ast.Value, error) {
	values, ok := value.(*ast.Array)
	if !ok || values.Len() == 0 {
		return nil, failf("%s is undefined for this evidence; give it a default", name)
	}
	return values.Elem(0).Value, nil
}

// Explain asks for the rule's reasons, sorted. A package without reasons, or none that hold, gives none.
func (r *Rule) Explain(ctx context.Context, world *World, input ast.Value) ([]string, error) {
	if r.explain == nil {
		return nil, nil
	}
	answer, err := r.run(ctx, r.explain, world, input)
	if err != nil {
		return nil, err
	}
	found, err := single(answer, "reasons")
	if err != nil {
		return nil, err
	}
	set, ok := found.(ast.Set)
	if !ok {
		return nil, failf("reasons has to be a set of strings; it is %s", typeName(found))
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
