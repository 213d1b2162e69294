package snapshot

import (
	"slices"

	"github.com/posture-score/posture/engine"
)

// Decided returns the assessment with notes, tags, owners and dates as the register has them now, which may be newer than the assessment.
// Statuses and points are those of the assessment.
func (s *Snapshot) Decided() *engine.Assessment {
	if s.Live || s.Register.Decisions == nil {
		return s.Assessment
	}
	a := *s.Assessment
	a.Actions = slices.Clone(a.Actions)
	for i := range a.Actions {
		a.Actions[i].Decision = nil
		if d, ok := s.Register.Decisions[a.Actions[i].ID]; ok {
			a.Actions[i].Decision = &d
		}
	}
	return &a
}
