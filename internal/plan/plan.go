package plan

import (
	"fmt"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/score"
)

// Options widen or narrow what may be planned.
type Options struct {
	IgnoreLicenses  bool // plan actions whose licenses the tenant lacks, too
	IncludeAccepted bool // plan actions whose risk was accepted, too
	AssessedOnly    bool // leave out actions that the evidence was not enough to decide
}

// Plan is a set of actions in the order in which to take them.
type Plan struct {
	Target score.Points `json:"target"` // percent
	Total  score.Points `json:"total"`  // points
	Before Mark         `json:"before"`
	After  Mark         `json:"after"`
	Effort int          `json:"effort"` // of all steps
	Steps  []Step       `json:"steps"`  // never null; empty if the target is reached already
}

// Mark is a score.
type Mark struct {
	Points  score.Points `json:"points"`
	Percent score.Points `json:"percent"`
}

// Step is one action of a plan.
type Step struct {
	ID       string         `json:"id"`
	Title    string         `json:"title"`
	Points   score.Points   `json:"points"` // what is left to earn
	Effort   int            `json:"effort"`
	After    Mark           `json:"after"` // the score once this step and those before it are done
	Waits    []string       `json:"waits"` // steps before this one that it waits for; never null
	Status   engine.Status  `json:"status"`
	Outcome  engine.Outcome `json:"outcome"`
	Assessed bool           `json:"assessed"` // false: it may be done already, so collect its evidence first
	Lacks    [][]string     `json:"lacks"`    // licenses to buy, any one service plan of each; never null
	Licenses []string       `json:"-"`        // the same in words
}

// Cheapest returns the plan that lifts the score to the target, in hundredths of a percent, at the least effort. If no set of
// actions does, the error is an [*UnreachableError].
func Cheapest(a *engine.Assessment, target score.Points, options Options) (*Plan, error) {
	if target < 0 || target > score.Full {
		return nil, fmt.Errorf("a target has to be from 0 to 100 percent; it is %s", target)
	}
	p := &Plan{Target: target, Total: a.Score.Total, Before: mark(a.Score.Achieved, a.Score.Total), Steps: []Step{}}
	p.After = p.Before
	needed := missing(target, a.Score.Achieved, a.Score.Total)
	if target == 0 || needed <= 0 && a.Score.Total > 0 {
		return p, nil
	}
	problem := newProblem(a, options)
	if most := problem.left(); a.Score.Total <= 0 || most < needed {
		return nil, &UnreachableError{
			Target: target, Total: a.Score.Total, Before: p.Before,
			Most: mark(a.Score.Achieved+most, a.Score.Total), Obstacles: problem.obstacles(),
		}
	}
	chosen, err := problem.cheapest(needed)
	if err != nil {
		return nil, err
	}
	for _, n := range problem.order(chosen) {
		p.addStep(n)
	}
	return p, nil
}

// missing returns how many points a score is below a target, which is compared exactly, without rounding.
func missing(target, achieved, total score.Points) score.Points {
	return (target*total+score.Full-1)/score.Full - achieved
}

func mark(points, total score.Points) Mark {
	return Mark{Points: points, Percent: score.Percent(points, total)}
}

// addStep appends a step.
func (p *Plan) addStep(n *node) {
	step := Step{
		ID: n.action.ID, Title: n.action.Title, Points: n.left, Effort: n.effort, Waits: []string{}, Lacks: [][]string{},
		Status: n.action.Status, Outcome: n.action.Outcome, Assessed: n.action.Outcome.Assessed(),
	}
	for _, need := range n.action.Prerequisites {
		switch {
		case need.Met:
		case need.Control != "":
			step.Waits = append(step.Waits, need.Control)
		default:
			step.Lacks = append(step.Lacks, need.ServicePlans)
			step.Licenses = append(step.Licenses, need.Words())
		}
	}
	p.Effort += n.effort
	p.After = mark(p.After.Points+n.left, p.Total)
	step.After = p.After
	p.Steps = append(p.Steps, step)
}
