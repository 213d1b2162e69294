package plan

import (
	"cmp"
	"slices"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/score"
)

// node is one action that may be chosen, or that may not for a cause.
type node struct {
	action *engine.Action
	left   score.Points
	effort int
	needs  []int    // open prerequisites, as indexes into problem.nodes
	index  int      // its own
	cause  Cause    // why it can't be chosen, or ""
	names  []string // of what is missing: licenses or prerequisites
}

// problem is what a plan is chosen from: nodes, with the edges of their needs.
type problem struct {
	nodes   []*node // may be chosen; sorted by id
	refused []*node // may not be chosen, and have points left; sorted by id
}

// newProblem divides the unsettled actions of an assessment into those that may be chosen and those that may not.
func newProblem(a *engine.Assessment, options Options) *problem {
	byID := map[string]*node{}
	var all []*node
	for i := range a.Actions {
		action := &a.Actions[i]
		if action.Settled() {
			continue
		}
		n := &node{action: action, left: max(0, action.Left()), effort: score.Effort(action.Difficulty, action.UserImpact, action.Complexity)}
		n.cause, n.names = options.refuse(action)
		byID[action.ID] = n
		all = append(all, n)
	}
	slices.SortFunc(all, func(a, b *node) int { return cmp.Compare(a.action.ID, b.action.ID) })
	visited := map[*node]bool{}
	for _, n := range all {
		n.propagate(byID, visited)
	}
	p := &problem{}
	for _, n := range all {
		switch {
		case n.cause == "":
			n.index = len(p.nodes)
			p.nodes = append(p.nodes, n)
		case n.left > 0:
			p.refused = append(p.refused, n)
		}
	}
	for _, n := range p.nodes {
		for _, id := range n.open() {
			n.needs = append(n.needs, byID[id].index)
		}
	}
	return p
}

// refuse returns why an action can't be chosen, its prerequisites aside, and what it lacks.
func (o Options) refuse(a *engine.Action) (Cause, []string) {
	switch {
	case !a.Licensed() && !o.IgnoreLicenses:
		return License, lacking(a)
	case a.Status == engine.RiskAccepted && !o.IncludeAccepted:
		return Accepted, nil
	case !a.Outcome.Assessed() && o.AssessedOnly:
		return Unassessed, nil
	}
	return "", nil
}

// open returns the actions that have to come first and are not settled.
func (n *node) open() []string {
	var ids []string
	for _, p := range n.action.Prerequisites {
		if p.Control != "" && !p.Met {
			ids = append(ids, p.Control)
		}
	}
	return ids
}

// propagate refuses a node if one of its prerequisites can't be chosen. It is a depth-first search: visited holds the nodes that were
// entered, with whether they are done. A node that is met again before it is done is its own prerequisite.
func (n *node) propagate(byID map[string]*node, visited map[*node]bool) {
	if _, known := visited[n]; known {
		return
	}
	visited[n] = false
	for _, id := range n.open() {
		first := byID[id]
		if first != nil {
			first.propagate(byID, visited)
		}
		if n.cause == "" && (first == nil || first.cause != "" || !visited[first]) {
			n.cause = Prerequisite
		}
		if n.cause == Prerequisite && (first == nil || first.cause != "" || !visited[first]) {
			n.names = append(n.names, id)
		}
	}
	visited[n] = true
}

// left returns what all nodes together can earn.
func (p *problem) left() score.Points {
	sum := score.Points(0)
	for _, n := range p.nodes {
		sum += n.left
	}
	return sum
}

// order sorts chosen nodes by rank, each after its prerequisites.
func (p *problem) order(chosen []*node) []*node {
	candidates := make([]score.Candidate, len(chosen))
	byID := map[string]*node{}
	for i, n := range chosen {
		candidates[i] = score.Candidate{ID: n.action.ID, Left: n.left, Effort: n.effort}
		byID[n.action.ID] = n
	}
	var ordered []*node
	visited := map[string]bool{}
	var visit func(n *node)
	visit = func(n *node) {
		if visited[n.action.ID] {
			return
		}
		visited[n.action.ID] = true
		for _, c := range score.Rank(p.prerequisites(n)) {
			visit(byID[c.ID])
		}
		ordered = append(ordered, n)
	}
	for _, c := range score.Rank(candidates) {
		visit(byID[c.ID])
	}
	return ordered
}

// prerequisites returns the open prerequisites of a node.
func (p *problem) prerequisites(n *node) []score.Candidate {
	var first []score.Candidate
	for _, i := range n.needs {
		m := p.nodes[i]
		first = append(first, score.Candidate{ID: m.action.ID, Left: m.left, Effort: m.effort})
	}
	return first
}
