package actions

import (
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/score"
)

// Window is how long an action counts as recently added, updated or regressed.
const Window = 30 * 24 * time.Hour

// Mark is what a history says of an action. The zero value says nothing.
type Mark struct {
	Lost    score.Points // lost within the window and not regained: more than 0 if the action regressed
	Since   time.Time    // when it lost points last
	Why     []string     // causes of the losses, in words of package attribution; sorted
	Added   time.Time    // when the catalog added it, within the window; zero if it did not
	Updated time.Time    // when the catalog changed it, within the window; zero if it did not
}

// Marks are those of the actions that have one, by id.
type Marks map[string]Mark

// Regressed reports whether an action lost points that it has not regained.
func (m Marks) Regressed(id string) bool { return m[id].Lost > 0 }

// Review is a reason to look at actions.
type Review string

// The reviews, as Secure Score has them.
const (
	Regressed       Review = "regressed"
	ToAddress       Review = "to_address"
	Planned         Review = "planned"
	RiskAccepted    Review = "risk_accepted"
	RecentlyAdded   Review = "recently_added"
	RecentlyUpdated Review = "recently_updated"
	Completed       Review = "completed"
)

// Reviews returns the reviews in the order in which Secure Score shows them.
func Reviews() []Review {
	return []Review{Regressed, ToAddress, Planned, RiskAccepted, RecentlyAdded, RecentlyUpdated, Completed}
}

// In reports whether an action is one to review for that reason. One that does not apply to the tenant needs nobody.
func (m Marks) In(a *engine.Action, review Review) bool {
	if a.Outcome == engine.NotApplicable {
		return false
	}
	mark := m[a.ID]
	switch review {
	case Regressed:
		return mark.Lost > 0
	case RecentlyAdded:
		return !mark.Added.IsZero()
	case RecentlyUpdated:
		return !mark.Updated.IsZero()
	case Completed:
		return a.Status == engine.Completed || a.Status.Resolves()
	}
	return string(a.Status) == string(review)
}

// Reviewing is how many actions there are to review for one reason.
type Reviewing struct {
	Review  Review
	Actions int
	Left    score.Points // that they can still earn
}

// ToReview returns all reviews with their actions counted.
func ToReview(a *engine.Assessment, marks Marks) []Reviewing {
	var all []Reviewing
	for _, review := range Reviews() {
		one := Reviewing{Review: review}
		for i := range a.Actions {
			if action := &a.Actions[i]; marks.In(action, review) {
				one.Actions++
				one.Left += action.Left()
			}
		}
		all = append(all, one)
	}
	return all
}
