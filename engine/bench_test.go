package engine_test

import (
	"fmt"
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

// BenchmarkTold assesses 50,000 people, of whom half fail, and tells nothing of each, each one who fails, or all verdicts.
func BenchmarkTold(b *testing.B) {
	e := compiled(b, load(b, enabledUsers, readsEnabled), engine.Options{Workers: 1})
	people := list{}
	for i := range 50_000 {
		id := fmt.Sprintf("%08d-0000-4000-8000-000000000000", i)
		people = append(people, object{"id": id, "userPrincipalName": "user" + id + "@contoso.example", "userType": "Member", "accountEnabled": i%2 == 0})
	}
	evidence := bundle(b, data{"entra.users": people})
	for name, options := range map[string]engine.AssessOptions{
		"nothing": {}, "failures": {Failures: func(engine.Failure) error { return nil }}, "verdicts": {Verdicts: &engine.Verdicts{}},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Assess(b.Context(), evidence, options); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
