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

// Env is the environment of a rule, which is all that it sees besides its input: data.evidence, data.parameters and data.now. It is
// immutable.
type Env struct {
	now    time.Time
	root   ast.Object
	parts  *envParts       // that environments with other parameters share
	own    *vm.SharedCache // of values that follow from this environment
	shared *vm.SharedCache // of those that follow from the evidence alone
}

// envParts are the names of data.evidence, data.parameters and data.now, and two of their values.
type envParts struct {
	evidenceName, parametersName, nowName *ast.Term
	evidence, now                         *ast.Term
}

// NewEnv returns an environment. Evidence is keyed by dataset name ("entra.security_defaults"); a rule finds it at
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
	parts := &envParts{
		ast.StringTerm("evidence"), ast.StringTerm("parameters"), ast.StringTerm("now"),
		ast.NewTerm(tree), ast.StringTerm(now.UTC().Format(time.RFC3339)),
	}
	return parts.env(now, parameters, vm.NewSharedCache())
}

func (p *envParts) env(now time.Time, parameters ast.Value, shared *vm.SharedCache) *Env {
	root := ast.NewObject(
		[2]*ast.Term{p.evidenceName, p.evidence},
		[2]*ast.Term{p.parametersName, ast.NewTerm(parameters)},
		[2]*ast.Term{p.nowName, p.now},
	)
	return &Env{now: now, root: root, parts: p, own: vm.NewSharedCache(), shared: shared}
}

// WithParameters returns the environment with other parameters. Rules that read no parameters are evaluated once for both.
func (e *Env) WithParameters(parameters ast.Value) *Env {
	return e.parts.env(e.now, parameters, e.shared)
}

// SharesEvidence reports whether one environment was made from the other by [Env.WithParameters].
func (e *Env) SharesEvidence(other *Env) bool { return e.shared == other.shared }

// machine returns the environment as the VM needs it.
func (e *Env) machine(ctx context.Context, limits Limits) vm.Env {
	return vm.Env{Context: ctx, Data: ast.NewTerm(e.root), Now: e.now, Own: e.own, Shared: e.shared, Limits: limits.Limits}
}

// Evidence returns the value of data.evidence: the input of a tenant-wide rule.
func (e *Env) Evidence() ast.Value { return e.parts.evidence.Value }

// Data returns the value of data, without the rules.
func (e *Env) Data() ast.Object { return e.root }

// store is the storage from which topdown reads an environment. It holds terms, so that reading converts nothing.
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

// child returns a field of an object or an element of an array, or nil. In paths both are strings.
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
