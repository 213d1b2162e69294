package plan

import (
	"slices"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/score"
)

// Effect is a score and its views before and after chosen actions are done.
type Effect struct {
	Actions int          `json:"actions"`
	Effort  int          `json:"effort"`
	Points  score.Points `json:"points"` // that the actions earn
	Total   score.Points `json:"total"`
	Before  Marks        `json:"before"`
	After   Marks        `json:"after"`
}

// Marks are a score with its views.
type Marks struct {
	Score          Mark `json:"score"`
	Planned        Mark `json:"planned"`
	CurrentLicense Mark `json:"current_license"`
	Achievable     Mark `json:"achievable"`
}

// EffectOf returns what chosen actions do to a score. Ids that are unknown, settled or repeated change nothing.
//
// Who does an action has it whatever its license or its accepted risk, so that a view grows by what it did not expect.
func EffectOf(a *engine.Assessment, ids []string) Effect {
	e := Effect{Total: a.Score.Total, Before: marksOf(a.Score.Achieved, a.Score.Planned.Points, a.Score.CurrentLicense.Points, a.Score.Achievable.Points, a.Score.Total)}
	achieved, planned, licensed, achievable := a.Score.Achieved, a.Score.Planned.Points, a.Score.CurrentLicense.Points, a.Score.Achievable.Points
	for i := range a.Actions {
		action := &a.Actions[i]
		if action.Settled() || !action.Counts() || !slices.Contains(ids, action.ID) {
			continue
		}
		left := max(0, action.Left())
		e.Actions++
		e.Effort += score.Effort(action.Difficulty, action.UserImpact, action.Complexity)
		achieved += left
		if action.Status != engine.Planned {
			planned += left
		}
		if !action.Licensed() {
			licensed += left
		}
		if !action.Licensed() || action.Status == engine.RiskAccepted {
			achievable += left
		}
	}
	e.Points = achieved - a.Score.Achieved
	e.After = marksOf(achieved, planned, licensed, achievable, a.Score.Total)
	return e
}

func marksOf(achieved, planned, licensed, achievable, total score.Points) Marks {
	return Marks{Score: mark(achieved, total), Planned: mark(planned, total), CurrentLicense: mark(licensed, total), Achievable: mark(achievable, total)}
}
