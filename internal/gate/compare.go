package gate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/gate/rule"
	"github.com/posture-score/posture/internal/score"
)

// Comparison is an assessment beside a baseline.
type Comparison struct {
	Before, After *engine.Assessment
	*attribution.Attribution
}

// compared judges what is seen beside a baseline.
func (j *judge) compared(event rule.Event) {
	if j.in.Baseline == nil {
		j.add(failOn, string(event), Incomparable, nil, "there is no baseline to compare with: %s", j.in.NoBaseline)
		return
	}
	if why := j.in.Baseline.Unfit(); why != "" {
		j.add(failOn, string(event), Incomparable, nil, "the baseline can't be compared with: %s", why)
		return
	}
	found := j.confirmed(event, j.find(event, *j.in.Baseline))
	count := func(r Result) (n int) {
		for _, a := range found {
			if a.Result == r {
				n++
			}
		}
		return n
	}
	since := "since " + moment(j.in.Baseline.Before.EvaluatedAt)
	failed, unsure, pending := count(NotMet), count(Incomparable), count(Warning)
	said := ""
	if unsure > 0 {
		said = fmt.Sprintf("%s can't be compared: %s%s", plural(unsure, "action"), names(found, Incomparable), j.wanting(found))
	}
	switch {
	case failed > 0:
		j.add(failOn, string(event), NotMet, found, "%s %s: %s%s", happened(event, failed), since, names(found, NotMet), following(said))
	case unsure > 0:
		j.add(failOn, string(event), Incomparable, found, "%s", said)
	case pending > 0:
		j.add(failOn, string(event), Warning, found, "%s %s, which %s in a row would confirm: %s", happened(event, pending), since,
			plural(j.rules.InARow(), "assessment"), names(found, Warning))
	default:
		j.add(failOn, string(event), Met, nil, "%s %s", happened(event, 0), since)
	}
}

func following(said string) string {
	if said == "" {
		return ""
	}
	return "; " + said
}

// happened says what happened to so many actions.
func happened(event rule.Event, count int) string {
	actions := plural(count, "action")
	if count == 0 {
		actions = "no action"
	}
	if event == rule.NewNotMet {
		if count < 2 {
			return actions + " is newly to do"
		}
		return actions + " are newly to do"
	}
	return actions + " regressed"
}

// Unfit says why nothing can be told from a comparison, or "".
func (c Comparison) Unfit() string {
	before, after := c.Before.Tenant, c.After.Tenant
	switch {
	case c.Before.Redaction == nil && c.After.Redaction != nil, c.Before.Redaction != nil && c.After.Redaction == nil:
		return "pseudonyms stand for the names of one of the two (--redact), and not of the other"
	case c.Before.Redaction != nil && c.Before.Redaction.Key != c.After.Redaction.Key:
		return "its pseudonyms were made with another key"
	case before.ID == "" || after.ID == "":
		return "nothing says which tenant it is of"
	case !strings.EqualFold(before.ID, after.ID):
		return "it is of another tenant" // which one is not for a page whose names are replaced
	case c.Before.EvaluatedAt.After(c.After.EvaluatedAt):
		return fmt.Sprintf("it is as of %s, after the assessment", moment(c.Before.EvaluatedAt))
	case !c.Residual.Zero():
		return "its points do not add up"
	}
	return ""
}

// find returns the actions to which an event happened, sorted by id, and those of which that is not known.
func (j *judge) find(event rule.Event, c Comparison) []Action {
	old := make(map[string]*engine.Action, len(c.Before.Actions))
	for i := range c.Before.Actions {
		old[c.Before.Actions[i].ID] = &c.Before.Actions[i]
	}
	changes := make(map[string]*attribution.Change, len(c.Actions))
	for i := range c.Actions {
		changes[c.Actions[i].ID] = &c.Actions[i]
	}
	var list []Action
	for i := range c.After.Actions {
		after := &c.After.Actions[i]
		if !after.Counts() || after.Status.Resolves() {
			continue
		}
		result, reason, points := j.compare(event, old[after.ID], after, changes[after.ID])
		if result != Met {
			list = append(list, Action{ID: after.ID, Title: after.Title, Result: result, Reason: reason, Points: points})
		}
	}
	return sorted(list)
}

// compare says whether an event happened to an action that counts and that no decision closes.
func (j *judge) compare(event rule.Event, before, after *engine.Action, change *attribution.Change) (Result, string, score.Delta) {
	hadEvidence := before == nil || !before.Counts() || before.Outcome.Assessed()
	switch {
	case !after.Outcome.Assessed():
		if !hadEvidence && j.known(before) && j.known(after) {
			return Met, "", 0
		}
		return Incomparable, lack(after), 0
	case after.Outcome == engine.Complete:
		// Nothing that the baseline had can be better.
		return Met, "", 0
	case !hadEvidence:
		return Incomparable, "in the baseline " + lack(before), 0
	case event == rule.NewNotMet:
		return newlyNotMet(before, after)
	case change == nil || before == nil || !before.Counts():
		return Met, "", 0
	}
	return regressed(change)
}

// newlyNotMet says whether an action is to do that was not, or less is done of it.
func newlyNotMet(before, after *engine.Action) (Result, string, score.Delta) {
	const open = "it is %s"
	now := strings.ReplaceAll(string(after.Outcome), "_", " ")
	switch {
	case after.Status == engine.RiskAccepted:
		return Met, "", 0
	case before == nil:
		return NotMet, fmt.Sprintf(open+", and the baseline did not have it", now), 0
	case !before.Counts():
		return NotMet, fmt.Sprintf(open+", and did not count", now), 0
	case before.Outcome == engine.Complete, before.Outcome == engine.Partial && after.Outcome == engine.NotMet:
		return NotMet, fmt.Sprintf(open+", and was %s", now, before.Outcome), min(0, score.Delta(after.Points.Achieved-before.Points.Achieved))
	case before.Status.Resolves():
		return NotMet, fmt.Sprintf(open+", and was resolved by a decision", now), min(0, score.Delta(after.Points.Achieved-before.Points.Achieved))
	}
	return Met, "", 0
}

// regressed says whether a setting of an action was weakened.
func regressed(change *attribution.Change) (Result, string, score.Delta) {
	unsure := ""
	for _, part := range change.Parts {
		if part.Points >= 0 {
			continue
		}
		switch part.Cause {
		case attribution.Configuration:
			return NotMet, strings.TrimSpace("configuration " + part.Detail), part.Points
		case attribution.Coverage:
			unsure = "whether users came or settings changed is not known without record keys"
		case attribution.Incomparable:
			unsure = strings.TrimSpace(part.Detail) + " changed at once"
		}
	}
	if change.Records != nil && change.Records.Regressed != nil {
		return NotMet, plural(int(change.Records.Regressed.Total), "record") + " stopped being compliant", 0
	}
	if unsure != "" {
		return Incomparable, unsure, 0
	}
	return Met, "", 0
}

// confirmed requires what was found to be in the assessments before, too, as far as the rules ask for it. What is not is to be watched.
func (j *judge) confirmed(event rule.Event, found []Action) []Action {
	if j.rules.InARow() == 1 || !slices.ContainsFunc(found, func(a Action) bool { return a.Result == NotMet }) {
		return found
	}
	earlier := make([]map[string]Action, 0, j.rules.InARow()-1)
	untold := j.in.NoEarlier
	for _, c := range j.in.Earlier[:min(len(j.in.Earlier), j.rules.InARow()-1)] {
		untold = cmp.Or(untold, c.Unfit())
		by := map[string]Action{}
		for _, a := range j.find(event, c) {
			by[a.ID] = a
		}
		earlier = append(earlier, by)
	}
	for i := range found {
		if found[i].Result == NotMet {
			found[i].Result, found[i].Reason = j.confirm(found[i], earlier, untold)
		}
	}
	return found
}

// confirm returns the result of one action, and why; untold is why the assessments before can't tell.
func (j *judge) confirm(a Action, earlier []map[string]Action, untold string) (Result, string) {
	if untold != "" {
		return Incomparable, a.Reason + ", and whether it did before is not known: " + untold
	}
	for i := range j.rules.InARow() - 1 {
		if i >= len(earlier) || earlier[i][a.ID].Result == "" {
			return Warning, fmt.Sprintf("%s, in %s in a row", a.Reason, plural(i+1, "assessment"))
		}
		if earlier[i][a.ID].Result == Incomparable {
			return Incomparable, a.Reason + ", and an assessment before lacks evidence of it"
		}
	}
	return NotMet, fmt.Sprintf("%s, in %d assessments in a row", a.Reason, j.rules.InARow())
}
