package engine_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/must"
)

// TestSmallTenantAllocs holds that assessing a small tenant by an engine that has assessed others costs
// little memory: what follows from the catalog alone is not made again.
func TestSmallTenantAllocs(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates, too")
	}
	e := must.Get(engine.Compile(t.Context(), builtin(t), engine.Options{Workers: 1}))(t)
	b := must.Get(evidence.Open(t.Context(), filepath.Join("..", "testdata", "contoso"), evidence.DefaultLimits()))(t)
	t.Cleanup(func() { _ = b.Close() })
	const most = 140_000 // of which most are values that rules make
	got := testing.AllocsPerRun(3, func() {
		if _, err := e.Assess(t.Context(), b, engine.AssessOptions{}); err != nil {
			t.Fatal(err)
		}
	})
	if got > most {
		t.Errorf("a tenant of 60 people costs %.0f allocations, want at most %d", got, most)
	}
}

// TestNoAllocsPerRecord holds that a record whose verdict is remembered costs no memory (blocks do):
// neither for itself nor for being joined, counted and found failing.
func TestNoAllocsPerRecord(t *testing.T) {
	catalog := load(t, `coverage "entra.users" {
		when_empty = "full"
		join "registration" { dataset = "entra.user_registration" }
	}`, "default compliant := false\n\ncompliant if {\n\tinput.accountEnabled\n\tinput.registration.isMfaCapable\n}\n\nreasons contains \"disabled\" if not input.accountEnabled\n")
	allocations := func(records int) float64 {
		var people, registrations list
		for i := range records {
			id := fmt.Sprintf("%08d-0000-4000-8000-000000000000", i)
			people = append(people, object{"id": id, "accountEnabled": i%3 > 0})
			registrations = append(registrations, object{"id": id, "isMfaCapable": i%2 == 0})
		}
		b := bundle(t, data{"entra.users": people, "entra.user_registration": registrations})
		e := must.Get(engine.Compile(t.Context(), catalog, engine.Options{Workers: 1, MaxFailing: 10}))(t)
		return testing.AllocsPerRun(3, func() {
			if _, err := e.Assess(t.Context(), b, engine.AssessOptions{Validate: engine.ValidateOff}); err != nil {
				t.Fatal(err)
			}
		})
	}
	few, many := allocations(3000), allocations(23_000)
	if each := (many - few) / 20_000; each > 0.05 {
		t.Errorf("a record costs %.3f allocations (%.0f for 3,000, %.0f for 23,000), want next to none", each, few, many)
	}
}
