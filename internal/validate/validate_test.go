package validate_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log"
	"path/filepath"
	"testing"
	"time"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/validate"
	"github.com/posture-score/posture/schemas"
)

// A sample tenant is as its schemas say.
func ExampleBundle() {
	ctx := context.Background()
	registry, err := schemas.Builtin()
	if err != nil {
		log.Fatal(err)
	}
	bundle, err := evidence.Open(ctx, filepath.Join("..", "..", "testdata", "contoso"), evidence.DefaultLimits())
	if err != nil {
		log.Fatal(err)
	}
	report, err := validate.Bundle(ctx, bundle, registry, 10)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Total, "violations")
	// Output: 0 violations
}

type object = map[string]any

// bundle writes a bundle of users and opens it.
func bundle(t *testing.T, users ...any) *evidence.Bundle {
	t.Helper()
	dir := t.TempDir()
	w := must.Get(evidence.Create(dir, evidence.Manifest{Tenant: evidence.Tenant{ID: "t"}, CollectedAt: time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC)}))(t)
	must.Do(t, w.Records("entra.users", each(users)))
	must.Do(t, w.Document("our.own", object{"anything": true}))
	w.Fail("entra.domains", "access denied")
	must.Do(t, w.Close())
	b := must.Get(evidence.Open(t.Context(), dir, evidence.DefaultLimits()))(t)
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func each(records []any) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		for _, record := range records {
			if !yield(record, nil) {
				return
			}
		}
	}
}

func TestBundle(t *testing.T) {
	registry := must.Get(schemas.Builtin())(t)
	b := bundle(t,
		object{"id": "u1", "accountEnabled": true, "userType": "Member"},
		object{"id": "u2", "accountEnabled": "yes", "userType": "Member"},
		object{"accountEnabled": true, "userType": "Alien"},
	)
	got := must.Get(validate.Bundle(t.Context(), b, registry, 2))(t)
	want := &validate.Report{
		Datasets: []validate.Dataset{
			{Name: "entra.domains", Status: "failed", Reason: "access denied", Known: true},
			{Name: "entra.users", Status: "collected", Records: 3, Known: true, Violations: 3},
			{Name: "our.own", Status: "collected", Records: 1},
		},
		Violations: []validate.Violation{
			{Dataset: "entra.users", File: "entra.users.ndjson", Record: 2, Key: "u2", Pointer: "/accountEnabled", Message: "want boolean or null, got string"},
			{Dataset: "entra.users", File: "entra.users.ndjson", Record: 3, Message: `missing field "id"`},
		},
		Total: 3,
	}
	expect.Equal(t, want, got)
}

// TestTwins holds that records which have the key of an earlier one are named, each once.
func TestTwins(t *testing.T) {
	registry := must.Get(schemas.Builtin())(t)
	user := func(id string, enabled bool) object {
		return object{"id": id, "accountEnabled": enabled, "userType": "Member"}
	}
	b := bundle(t, user("u1", true), user("u2", true), user("U1", true), user("u2", false), user("u3", true), user("u2", true))
	got := must.Get(validate.Bundle(t.Context(), b, registry, 10))(t)
	const again = "repeats an earlier record with the same id; the first is record %d"
	want := []validate.Violation{
		{Dataset: "entra.users", File: "entra.users.ndjson", Record: 3, Key: "U1", Message: fmt.Sprintf(again, 1)},
		{Dataset: "entra.users", File: "entra.users.ndjson", Record: 4, Key: "u2", Message: "has the same id as record 2 and differs from it"},
		{Dataset: "entra.users", File: "entra.users.ndjson", Record: 6, Key: "u2", Message: fmt.Sprintf(again, 2)},
	}
	expect.Equal(t, want, got.Violations)
	if got.Total != 3 {
		t.Errorf("%d violations in all, want 3", got.Total)
	}
}

func TestBundleEndsWithTheContext(t *testing.T) {
	registry := must.Get(schemas.Builtin())(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := validate.Bundle(ctx, bundle(t), registry, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context canceled", err)
	}
}
