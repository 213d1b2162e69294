package explain

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/posture-score/posture/engine/internal/rego/limit"
)

// Bounds of one explanation.
const (
	maxEvents   = 200_000
	maxDuration = 10 * time.Second
)

// Environment is what rules are evaluated in. Data and Input may be nil.
type Environment struct {
	Compiler *ast.Compiler
	Data     ast.Object
	Input    *ast.Term
	Now      time.Time
}

// Value returns the value of a rule, such as "data.policies.entra.admin_mfa.compliant"; nil if it is undefined.
func (env Environment) Value(ctx context.Context, rule string) (ast.Value, error) {
	ref, err := ast.ParseRef(rule)
	if err != nil {
		return nil, fmt.Errorf("evaluating %s: %w", rule, err)
	}
	value, err := env.eval(ctx, ast.NewTerm(ref), nil, nil)
	if err != nil {
		return nil, fmt.Errorf("evaluating %s: %s", rule, message(err))
	}
	return value, nil
}

// message returns the message of an evaluation error without its code, with the position in the policy.
func message(err error) string {
	var e *topdown.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	text := strings.Join(strings.Fields(e.Message), " ")
	if e.Location != nil && e.Location.File != "" {
		return fmt.Sprintf("%s:%d: %s", e.Location.File, e.Location.Row, text)
	}
	return text
}

// result is the variable that queries bind their value to.
const result = ast.Var("result")

// eval evaluates a term under "with" modifiers; nil if it is undefined. The tracer may be nil.
func (env Environment) eval(ctx context.Context, term *ast.Term, with []*ast.With, tracer topdown.QueryTracer) (value ast.Value, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case *limit.Error:
			value, err = nil, errors.New(r.At(env.Compiler))
		default:
			value, err = nil, fmt.Errorf("OPA failed: %v", r)
		}
	}()
	expr := ast.Equality.Expr(ast.NewTerm(result), term)
	expr.With = with
	query, err := env.Compiler.QueryCompiler().Compile(ast.NewBody(expr))
	if err != nil {
		return nil, err
	}
	data := env.Data
	if data == nil {
		data = ast.NewObject()
	}
	store := inmem.NewFromASTObject(data)
	txn, err := store.NewTransaction(ctx, storage.TransactionParams{})
	if err != nil {
		return nil, err
	}
	defer store.Abort(ctx, txn)
	ctx, done := context.WithTimeout(ctx, maxDuration)
	defer done()
	cancel := topdown.NewCancel()
	defer context.AfterFunc(ctx, cancel.Cancel)()
	q := topdown.NewQuery(query).WithCompiler(env.Compiler).WithStore(store).WithTransaction(txn).WithInput(env.Input).WithTime(env.Now).
		WithCancel(cancel).WithStrictBuiltinErrors(true).WithIndexing(false)
	limited := limit.NewTracer(limit.Default())
	if tracer != nil {
		limited.Before(tracer)
	}
	q = q.WithQueryTracer(limited)
	if canceling, ok := tracer.(interface{ limit(cancel topdown.Cancel) }); ok {
		canceling.limit(cancel)
	}
	err = q.Iter(ctx, func(qr topdown.QueryResult) error {
		value = qr[result].Value
		return nil
	})
	return value, err
}
