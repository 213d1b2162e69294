package engine_test

import (
	"os"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/bench/rules"
)

func BenchmarkZZ(b *testing.B) {
	c := builtin(b)
	if os.Getenv("RULES") != "" {
		c, _ = rules.Load(b.Context())
	}
	e, err := engine.Compile(b.Context(), c, engine.Options{NoMemo: os.Getenv("NOMEMO") != ""})
	if err != nil {
		b.Fatal(err)
	}
	bundle, err := evidence.Open(b.Context(), os.Getenv("BUNDLE"), evidence.DefaultLimits())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Assess(b.Context(), bundle, engine.Settings{}); err != nil {
			b.Fatal(err)
		}
	}
}
