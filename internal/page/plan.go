package page

import (
	"cmp"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/actions"
	"github.com/posture-score/posture/internal/plan"
	"github.com/posture-score/posture/internal/register"
	"github.com/posture-score/posture/internal/score"
)

// planning is the model of the tab: the cheapest actions that reach a target, and what chosen actions change.
type planning struct {
	*frame
	Target      string // as it was asked for, or what is suggested
	Asked       bool   // a target was asked for
	Wrong       string // what is wrong with the target
	Options     plan.Options
	Plan        *plan.Plan // of the target, or of what is chosen; nil if there is none
	Unreachable *plan.UnreachableError
	Effect      plan.Effect
	Rows        []effectRow
	Choices     []candidate
	More        int    // actions that are left out
	All         string // the address with all of them; empty in a file
	Writes      bool   // what is chosen can be written to the register
	Chosen      []candidate
	ByHand      int // of the chosen actions: those that take no status by hand
	Owner, Due  string
}

// effectRow is a score or a view before and after.
type effectRow struct {
	Key, Name     string
	Before, After plan.Mark
}

// Change returns by how many hundredths of a percent the score changes.
func (r effectRow) Change() score.Delta { return score.Delta(r.After.Percent - r.Before.Percent) }

// candidate is an action that can be chosen.
type candidate struct {
	*engine.Action
	Effort  int
	Link    string
	Checked bool
	Waits   []string
	Fixed   bool   // it takes no status by hand
	Version string // of what is registered about it
}

// Marks returns what the script has to know of an action: which views count on it already.
func (c candidate) Marks() string {
	var words []string
	for word, holds := range map[string]bool{"planned": c.Status == engine.Planned, "licensed": c.Licensed(), "accepted": c.Status == engine.RiskAccepted} {
		if holds {
			words = append(words, word)
		}
	}
	slices.Sort(words)
	return strings.Join(words, " ")
}

// Hundredths returns the points left, as the script computes with them.
func (c candidate) Hundredths() int64 { return int64(max(0, c.Left())) }

// shownChoices is how many actions are listed at first; chosen ones are always.
const shownChoices = 100

// planOf returns the model of the tab.
func planOf(f *frame) (any, error) {
	s, query := f.snapshot, f.Request.Query
	p := &planning{
		frame: f, Options: plan.Options{IgnoreLicenses: query.Has("ignore_licenses"), IncludeAccepted: query.Has("include_accepted"), AssessedOnly: query.Has("assessed_only")},
		Target: strings.TrimSpace(query.Get("target")), Owner: query.Get("owner"), Due: query.Get("due"),
	}
	chosen := query["select"]
	p.Asked = p.Target != "" && len(chosen) == 0
	if f.File || p.Target == "" {
		p.Target, p.Asked = p.suggested().String(), f.File
	}
	if p.Asked {
		p.reach()
		if p.Plan != nil {
			for _, step := range p.Plan.Steps {
				chosen = append(chosen, step.ID)
			}
		}
	} else if len(chosen) > 0 {
		p.Plan = plan.Selected(s.Assessment, chosen)
	}
	if f.File {
		chosen = nil // a script chooses
	}
	p.Effect = plan.EffectOf(s.Assessment, chosen)
	p.Rows = effectRows(&p.Effect)
	p.choose(chosen)
	p.Writes = f.Request.Viewer.Editor && s.Register.Path != "" && !f.File
	return p, nil
}

// suggested returns the goal, or the next multiple of ten above the score.
func (p *planning) suggested() score.Points {
	const ten = 10_00
	now := p.snapshot.Assessment.Score.Percent
	if s := p.snapshot.Settings; s != nil && s.Goal != nil && s.Goal.Percent > now {
		return s.Goal.Percent
	}
	return min(score.Full, now/ten*ten+ten)
}

// reach finds the cheapest actions that reach the target.
func (p *planning) reach() {
	target, ok := readPercent(p.Target)
	if !ok {
		p.Wrong = "A target is a percentage from 0 to 100, with two decimals at most."
		return
	}
	found, err := plan.Cheapest(p.snapshot.Assessment, target, p.Options)
	if err != nil && !errors.As(err, &p.Unreachable) {
		p.Wrong = capital(err.Error()) + "."
		return
	}
	p.Plan = found
}

// readPercent reads a percentage from 0 to 100 with two decimals at most, exactly.
func readPercent(text string) (score.Points, bool) {
	whole, decimals, _ := strings.Cut(strings.TrimSuffix(strings.TrimSpace(text), "%"), ".")
	const most = 3 // digits of 100
	if whole == "" || len(whole) > most || len(decimals) > 2 || strings.Trim(whole+decimals, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(whole + (decimals + "00")[:2])
	return score.Points(n), err == nil && score.Points(n) <= score.Full
}

func effectRows(e *plan.Effect) []effectRow {
	return []effectRow{
		{"score", "Secure Score", e.Before.Score, e.After.Score},
		{"planned", "Planned score", e.Before.Planned, e.After.Planned},
		{"licensed", "Current license score", e.Before.CurrentLicense, e.After.CurrentLicense},
		{"achievable", "Achievable score", e.Before.Achievable, e.After.Achievable},
	}
}

// choose lists the actions that can still earn points: those with a rank first, in its order.
func (p *planning) choose(chosen []string) {
	s := p.snapshot
	decided := s.Register.Decisions
	for i := range s.Assessment.Actions {
		a := &s.Assessment.Actions[i]
		if a.Settled() || !a.Counts() || a.Left() <= 0 {
			continue
		}
		c := candidate{
			Action: a, Effort: score.Effort(a.Difficulty, a.UserImpact, a.Complexity), Link: p.Links.Action(a.ID), Waits: actions.Waits(a),
			Checked: slices.Contains(chosen, a.ID), Version: register.VersionOf(decided, a.ID),
		}
		if s.Catalog != nil {
			control, ok := s.Catalog.Control(a.ID)
			c.Fixed = ok && control.Exception != ""
		}
		p.Choices = append(p.Choices, c)
		switch {
		case c.Checked && c.Fixed:
			p.ByHand++
		case c.Checked:
			p.Chosen = append(p.Chosen, c)
		}
	}
	slices.SortStableFunc(p.Choices, func(a, b candidate) int {
		if (a.Rank == 0) != (b.Rank == 0) {
			return cmp.Compare(b.Rank, a.Rank) // what has none comes last
		}
		return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(b.Left(), a.Left()), cmp.Compare(a.ID, b.ID))
	})
	if p.File || p.Request.Query.Has("all") {
		return
	}
	shown := 0
	p.Choices = slices.DeleteFunc(p.Choices, func(c candidate) bool {
		shown++
		if hidden := shown > shownChoices && !c.Checked; hidden {
			p.More++
			return true
		}
		return false
	})
	if p.More > 0 {
		values := url.Values{"all": {"1"}, "select": chosen}
		p.All = p.Links.Tab("plan") + "?" + values.Encode()
	}
}

// StepLink returns the address of the action of a step.
func (p *planning) StepLink(id string) string { return p.Links.Action(id) }

// obstacle returns in words what keeps points out of reach.
func obstacle(o plan.Obstacle) string {
	switch o.Cause {
	case plan.License:
		return "Lacking the license " + strings.Join(o.Names, ", and ")
	case plan.Accepted:
		return "The risk was accepted"
	case plan.Unassessed:
		return "Not assessed"
	}
	return "Waiting for what can't be planned: " + strings.Join(o.Names, ", ")
}
