package snapshot

import (
	"slices"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/actions"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/score"
)

// Marks returns what the history says of actions: which lost points within [actions.Window] and have not regained them, and which the
// catalog added or changed. Points that another catalog, other parameters, a license, another version of the program or missing evidence
// took away are no regression: the tenant is as safe as it was, or nobody knows.
func (s *Snapshot) Marks() actions.Marks {
	marks := actions.Marks{}
	for _, a := range s.recent() {
		for i := range a.Actions {
			change := &a.Actions[i]
			mark := marks[change.ID]
			follow(&mark, change, a.New.EvaluatedAt)
			marks[change.ID] = mark
		}
	}
	for id, mark := range marks {
		if action := s.Action(id); action == nil || mark.Lost == 0 && mark.Added.IsZero() && mark.Updated.IsZero() {
			delete(marks, id)
		}
	}
	return marks
}

// recent returns what changed within the window before the assessment, in the order of times. It does not depend on the day on which it
// is asked: a server and a file say the same.
func (s *Snapshot) recent() []*attribution.Attribution {
	var list []*attribution.Attribution
	at := s.Assessment.EvaluatedAt
	from := at.Add(-actions.Window)
	if s.Past != nil {
		for i := range s.Past.Changes {
			if change := &s.Past.Changes[i]; change.Attribution != nil && change.After.EvaluatedAt.After(from) && !change.After.EvaluatedAt.After(at) {
				list = append(list, change.Attribution)
			}
		}
	}
	if last := s.Since; last != nil && last.New.EvaluatedAt.After(from) && !slices.ContainsFunc(list, func(a *attribution.Attribution) bool {
		return !a.New.EvaluatedAt.Before(last.New.EvaluatedAt)
	}) {
		list = append(list, last)
	}
	return list
}

// follow adds to a mark what one change did.
func follow(mark *actions.Mark, change *attribution.Change, at time.Time) {
	var moved score.Delta
	var why []string
	for _, part := range change.Parts {
		switch part.Cause {
		case attribution.Catalog:
			switch {
			case change.Before == nil:
				mark.Added = at
			case change.After != nil:
				mark.Updated = at
			}
		case attribution.Parameters, attribution.License, attribution.Evidence, attribution.Engine:
		default:
			moved += part.Points
			if part.Points < 0 {
				why = append(why, string(part.Cause))
			}
		}
	}
	switch lost := score.Points(-moved); {
	case moved < 0:
		mark.Lost += lost
		mark.Since = at
		why = append(why, mark.Why...)
		slices.Sort(why)
		mark.Why = slices.Compact(why)
	case score.Points(moved) >= mark.Lost:
		mark.Lost, mark.Since, mark.Why = 0, time.Time{}, nil
	default:
		mark.Lost -= score.Points(moved)
	}
	if change.After == nil || change.After.Outcome == engine.NotApplicable {
		*mark = actions.Mark{Added: mark.Added, Updated: mark.Updated}
	}
}
