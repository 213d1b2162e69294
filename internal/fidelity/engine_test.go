package fidelity_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/schemas"
)

// compile readies the built-in catalog.
func compile(t testing.TB) *engine.Engine {
	t.Helper()
	registry := must.Get(schemas.Builtin())(t)
	source := must.Get(catalog.Builtin())(t)
	cat := must.Get(catalog.Load(t.Context(), registry, source))(t)
	return must.Get(engine.Compile(t.Context(), cat, engine.Options{}))(t)
}

func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
