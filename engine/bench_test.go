package engine_test

import (
	"path/filepath"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
)

// BenchmarkStart is the cost of a program's start: the built-in catalog from its cache, and loaded,
// checked and compiled in full.
func BenchmarkStart(b *testing.B) {
	for _, way := range []struct {
		name string
		read func() (*catalog.Catalog, error)
	}{{"cached", readBuiltin}, {"full", readInFull}} {
		b.Run(way.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				cat, err := way.read()
				if err != nil {
					b.Fatal(err)
				}
				if _, err := engine.Compile(b.Context(), cat, engine.Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkAssess assesses a tenant of 60 people and 30 devices with the built-in catalog.
func BenchmarkAssess(b *testing.B) {
	e, err := engine.Compile(b.Context(), builtin(b), engine.Options{})
	if err != nil {
		b.Fatal(err)
	}
	bundle, err := evidence.Open(b.Context(), filepath.Join("..", "testdata", "contoso"), evidence.DefaultLimits())
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = bundle.Close() }()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Assess(b.Context(), bundle, engine.AssessOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}
