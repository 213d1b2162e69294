package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/score"
)

// Cause is why actions can't be planned.
type Cause string

// The causes. Of several that hold for an action, the first counts.
const (
	License      Cause = "license"      // the tenant lacks a license that the action needs
	Accepted     Cause = "accepted"     // the organization accepted the risk
	Unassessed   Cause = "unassessed"   // the evidence was not enough to decide it, and only assessed actions were asked for
	Prerequisite Cause = "prerequisite" // an action that has to come first can't be planned
)

// UnreachableError is returned for a target that no set of actions reaches.
type UnreachableError struct {
	Target    score.Points `json:"target"`
	Total     score.Points `json:"total"`
	Before    Mark         `json:"before"`
	Most      Mark         `json:"most"`      // the score with everything done that may be planned
	Obstacles []Obstacle   `json:"obstacles"` // those worth most points first; never null
}

// Obstacle is what keeps points out of reach.
type Obstacle struct {
	Cause   Cause        `json:"cause"`
	Names   []string     `json:"names"`   // of licenses, "A or B", or of prerequisites; never null
	Points  score.Points `json:"points"`  // that are left on the actions
	Actions []string     `json:"actions"` // sorted
}

// Error returns a message with the highest score that can be reached.
func (u *UnreachableError) Error() string {
	return fmt.Sprintf("the target of %s%% can't be reached: the most is %.2f%%, %s of %s points", u.Target, u.Most.Percent.Float(), u.Most.Points, u.Total)
}

// obstacles groups the refused actions by cause.
func (p *problem) obstacles() []Obstacle {
	list := []Obstacle{}
	indexes := map[string]int{}
	for _, n := range p.refused {
		key := strings.Join(append([]string{string(n.cause)}, n.names...), "\n")
		if _, known := indexes[key]; !known {
			indexes[key] = len(list)
			list = append(list, Obstacle{Cause: n.cause, Names: append([]string{}, n.names...)})
		}
		o := &list[indexes[key]]
		o.Points += n.left
		o.Actions = append(o.Actions, n.action.ID)
	}
	slices.SortStableFunc(list, func(a, b Obstacle) int {
		return cmp.Or(cmp.Compare(b.Points, a.Points), cmp.Compare(a.Cause, b.Cause), slices.Compare(a.Names, b.Names))
	})
	return list
}

// lacking returns the names of the licenses that an action needs and the tenant lacks.
func lacking(a *engine.Action) []string {
	var names []string
	for _, p := range a.Prerequisites {
		if len(p.ServicePlans) > 0 && !p.Met {
			names = append(names, p.Words())
		}
	}
	return names
}
