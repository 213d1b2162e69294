package snapshot_test

import (
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/snapshot"
)

// TestDecided holds that what was decided since the assessment is shown, and what was taken back is not; what is live has all of it.
func TestDecided(t *testing.T) {
	old := &engine.Decision{Status: engine.Planned, Owner: "Ada"}
	s := &snapshot.Snapshot{
		Assessment: &engine.Assessment{Actions: []engine.Action{{ID: "A", Decision: old}, {ID: "B"}}},
		Register:   snapshot.Register{Decisions: map[string]engine.Decision{"B": {Owner: "Grace"}}},
	}
	now := s.Decided()
	expect.Equal(t, (*engine.Decision)(nil), now.Actions[0].Decision)
	expect.Equal(t, &engine.Decision{Owner: "Grace"}, now.Actions[1].Decision)
	expect.Equal(t, old, s.Assessment.Actions[0].Decision)
	s.Live = true
	expect.Equal(t, s.Assessment, s.Decided())
	s.Live, s.Register.Decisions = false, nil
	expect.Equal(t, s.Assessment, s.Decided())
}
