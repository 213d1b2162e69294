package eval

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"

	"github.com/posture-score/posture/engine/internal/rego/vm"
)

// Env is all that a rule may see besides its input: data.evidence, data.parameters and data.now. It is immutable.
type Env struct {
	now    time.Time
	root   ast.Object
	common *vm.Common
}

// NewEnv builds a world. Evidence is keyed by dataset name ("entra.security_defaults"); a rule finds it at
// data.evidence.entra.security_defaults. The values are shared, not copied.
func NewEnv(now time.Time, evidence map[string]ast.Value, parameters ast.Value) *Env {
	areas := map[string]ast.Object{}
	tree := ast.NewObject()
	for name, value := range evidence {
		area, dataset, _ := strings.Cut(name, ".")
		if areas[area] == nil {
			areas[area] = ast.NewObject()
			tree.Insert(ast.StringTerm(area), ast.NewTerm(areas[area]))
		}
		areas[area].Insert(ast.StringTerm(dataset), ast.NewTerm(value))
	}
	w := &Env{now: now, common: vm.NewCommon()}
	w.fill(ast.NewTerm(tree), parameters)
	return w
}

// WithParameters returns the world with other parameters. What rules say of it that read none is worked out once for both.
func (w *Env) WithParameters(parameters ast.Value) *Env {
	other := &Env{now: w.now, common: w.common}
	other.fill(w.root.Get(ast.StringTerm("evidence")), parameters)
	return other
}

// SharesEvidence says whether one world was made of the other by [Env.WithParameters].
func (w *Env) SharesEvidence(other *Env) bool { return w.common == other.common }

func (w *Env) fill(evidence *ast.Term, parameters ast.Value) {
	w.root = ast.NewObject(
		[2]*ast.Term{ast.StringTerm("evidence"), evidence},
		[2]*ast.Term{ast.StringTerm("parameters"), ast.NewTerm(parameters)},
		[2]*ast.Term{ast.StringTerm("now"), ast.StringTerm(w.now.UTC().Format(time.RFC3339))},
	)
}

// Evidence returns the tree at data.evidence: the input of a tenant-wide rule.
func (w *Env) Evidence() ast.Value { return w.root.Get(ast.StringTerm("evidence")).Value }

// store lets topdown read a world. It holds values as topdown wants them, so that reading converts nothing.
type store struct {
	storage.TriggersNotSupported
	storage.PolicyNotSupported
	storage.WritesNotSupported
	root ast.Object
}

type transaction struct{}

func (transaction) ID() uint64 { return 0 }

func (s *store) NewTransaction(context.Context, ...storage.TransactionParams) (storage.Transaction, error) {
	return transaction{}, nil
}

func (s *store) Read(_ context.Context, _ storage.Transaction, path storage.Path) (any, error) {
	var value ast.Value = s.root
	for _, step := range path {
		term := child(value, step)
		if term == nil {
			return nil, &storage.Error{Code: storage.NotFoundErr}
		}
		value = term.Value
	}
	return value, nil
}

// child returns the field of an object or the element of a list, or nil. Paths write both as text.
func child(value ast.Value, step string) *ast.Term {
	switch value := value.(type) {
	case ast.Object:
		return value.Get(ast.StringTerm(step))
	case *ast.Array:
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < value.Len() {
			return value.Elem(i)
		}
	}
	return nil
}

func (s *store) Commit(context.Context, storage.Transaction) error { return nil }

func (s *store) Truncate(context.Context, storage.Transaction, storage.TransactionParams, storage.Iterator) error {
	return &storage.Error{Code: storage.InternalErr, Message: "evidence is read only"}
}

func (s *store) Abort(context.Context, storage.Transaction) {}
