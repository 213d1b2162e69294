package plan

import (
	"slices"

	"github.com/posture-score/posture/engine"
)

// Selected returns the plan of chosen actions, whatever stands in their way, in the order in which to take them. Ids that are unknown,
// settled or repeated are left out. Its target is the score that it reaches.
//
// A step waits for all actions that have to come first and are not done, be they chosen or not.
func Selected(a *engine.Assessment, ids []string) *Plan {
	p := &Plan{Total: a.Score.Total, Before: mark(a.Score.Achieved, a.Score.Total), Steps: []Step{}}
	p.After = p.Before
	all := newProblem(a, Options{IgnoreLicenses: true, IncludeAccepted: true})
	nodes := slices.Concat(all.nodes, all.refused) // refused is what waits for something that is not there
	var chosen []*node
	index := map[string]int{}
	for _, n := range nodes {
		if slices.Contains(ids, n.action.ID) && n.action.Counts() {
			n.index, n.needs = len(chosen), nil
			index[n.action.ID] = n.index
			chosen = append(chosen, n)
		}
	}
	for _, n := range chosen {
		for _, id := range n.open() {
			if i, ok := index[id]; ok && id != n.action.ID {
				n.needs = append(n.needs, i)
			}
		}
	}
	for _, n := range (&problem{nodes: chosen}).order(chosen) {
		p.addStep(n)
	}
	p.Target = p.After.Percent
	return p
}
