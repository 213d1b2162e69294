package engine_test

import (
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// TestStages tells the stages in their order, and changes nothing.
func TestStages(t *testing.T) {
	b := must.Get(evidence.Open(t.Context(), "../testdata/tailspin", evidence.DefaultLimits()))(t)
	t.Cleanup(func() { _ = b.Close() })
	e := must.Get(compile(t.Context()))(t)
	var stages []engine.AssessStage
	told := must.Get(e.Assess(t.Context(), b, engine.AssessOptions{Stage: func(s engine.AssessStage) { stages = append(stages, s) }}))(t)
	expect.Equal(t, []engine.AssessStage{engine.StageScan, engine.StageEvaluate, engine.StageScore}, stages)
	expect.Equal(t, must.Get(e.Assess(t.Context(), b, engine.AssessOptions{}))(t), told)
}
