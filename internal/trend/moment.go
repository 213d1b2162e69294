package trend

import (
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/score"
)

// Moment is what is known of one time: what an assessment says, and why it differs from the one before.
type Moment struct {
	At       time.Time
	Score    engine.Score // its categories and products are not used
	Accepted Accepted
	// Parts are causes of the change from the moment before, of every action, or of all of them; nil if they are not known. They are empty and
	// not nil where the change is in the parts of a later moment.
	Parts     []attribution.Part
	ScoreOnly bool // nothing but the score is known
}

// Accepted is what was left undone because its risk was accepted.
type Accepted struct {
	Actions int          `json:"actions"`
	Points  score.Points `json:"points"` // that they can still earn
}

// AcceptedIn returns the accepted risk of an assessment.
func AcceptedIn(a *engine.Assessment) Accepted {
	var sum Accepted
	for i := range a.Actions {
		if action := &a.Actions[i]; action.Counts() && action.Status == engine.RiskAccepted {
			sum.Actions++
			sum.Points += action.Left()
		}
	}
	return sum
}

// Of returns the moments of assessments of one tenant, which are in the order of their times.
func Of(assessments []*engine.Assessment) []Moment {
	moments := make([]Moment, len(assessments))
	for i, a := range assessments {
		moments[i] = Moment{At: a.EvaluatedAt, Score: a.Score, Accepted: AcceptedIn(a)}
		if i > 0 {
			moments[i].Parts = Parts(attribution.Compare(assessments[i-1], a))
		}
	}
	return moments
}

// Parts returns the parts of every action, and the residual, if there is any.
func Parts(a *attribution.Attribution) []attribution.Part {
	parts := []attribution.Part{}
	for _, change := range a.Actions {
		parts = append(parts, change.Parts...)
	}
	if !a.Residual.Zero() {
		parts = append(parts, attribution.Part{Cause: residual, Amount: a.Residual})
	}
	return parts
}

// residual is what no cause explains: 0, unless an assessment does not add up.
const residual attribution.Cause = "not explained"

// unknown is the cause of a change of which the assessments are gone.
const unknown attribution.Cause = "not known"
