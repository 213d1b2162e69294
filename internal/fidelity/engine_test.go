package fidelity_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/schemas"
)

// compile readies the built-in catalog.
func compile(t testing.TB) *engine.Engine {
	t.Helper()
	registry, err := schemas.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	source, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	cat, err := catalog.Load(t.Context(), registry, source)
	if err != nil {
		t.Fatal(err)
	}
	compiled, err := engine.Compile(t.Context(), cat, engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
