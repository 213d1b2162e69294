package plan

import (
	"cmp"
	"slices"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/score"
)

// node is one action that may be chosen, or may not for a cause.
type node struct {
	action *engine.Action
	left   score.Points
	effort int
	needs  []int // open prerequisites, as indexes into the choosable nodes
	index  int   // its own
	cause  Cause // why it can't be chosen, or ""
	names  []string
}

// field is all that a plan can be made of.
type field struct {
	nodes   []*node // that may be chosen, sorted by id
	refused []*node // that may not, though they have points left; sorted by id
}

// survey sorts the unsettled actions of an assessment into those that may be chosen and those that may not.
func survey(a *engine.Assessment, options Options) *field {
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
	entry := map[*node]bool{}
	for _, n := range all {
		n.reach(byID, entry)
	}
	f := &field{}
	for _, n := range all {
		switch {
		case n.cause == "":
			n.index = len(f.nodes)
			f.nodes = append(f.nodes, n)
		case n.left > 0:
			f.refused = append(f.refused, n)
		}
	}
	for _, n := range f.nodes {
		for _, id := range n.open() {
			n.needs = append(n.needs, byID[id].index)
		}
	}
	return f
}

// refuse says why an action can't be chosen for its own sake, and what is lacking.
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

// reach refuses a node if any that it waits for can't be chosen. Entry holds the nodes that were entered, with whether they are
// done: one that is met again before that waits for itself.
func (n *node) reach(byID map[string]*node, entry map[*node]bool) {
	if _, known := entry[n]; known {
		return
	}
	entry[n] = false
	for _, id := range n.open() {
		first := byID[id]
		if first != nil {
			first.reach(byID, entry)
		}
		if n.cause == "" && (first == nil || first.cause != "" || !entry[first]) {
			n.cause = Prerequisite
		}
		if n.cause == Prerequisite && (first == nil || first.cause != "" || !entry[first]) {
			n.names = append(n.names, id)
		}
	}
	entry[n] = true
}

// left is what all nodes together can earn.
func (f *field) left() score.Points {
	sum := score.Points(0)
	for _, n := range f.nodes {
		sum += n.left
	}
	return sum
}

// order puts chosen nodes in the order of their rank, each after those that it waits for.
func (f *field) order(chosen []*node) []*node {
	candidates := make([]score.Candidate, len(chosen))
	byID := map[string]*node{}
	for i, n := range chosen {
		candidates[i] = score.Candidate{ID: n.action.ID, Left: n.left, Effort: n.effort}
		byID[n.action.ID] = n
	}
	var ordered []*node
	placed := map[string]bool{}
	var place func(n *node)
	place = func(n *node) {
		if placed[n.action.ID] {
			return
		}
		placed[n.action.ID] = true
		for _, c := range score.Rank(f.needed(n)) {
			place(byID[c.ID])
		}
		ordered = append(ordered, n)
	}
	for _, c := range score.Rank(candidates) {
		place(byID[c.ID])
	}
	return ordered
}

// needed returns what a node waits for.
func (f *field) needed(n *node) []score.Candidate {
	var first []score.Candidate
	for _, i := range n.needs {
		m := f.nodes[i]
		first = append(first, score.Candidate{ID: m.action.ID, Left: m.left, Effort: m.effort})
	}
	return first
}
