package report

import (
	"slices"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
)

// namedInMessage is how many failing records the message of a result names.
const namedInMessage = 5

// How many characters of the title of an action a result has, and of what it says.
const (
	maxRule   = 1000
	maxResult = 4000
)

// results returns a result for each gate, and for each action, where its control is declared. What is out of scope was skipped.
func (page Assessment) results() []result {
	since := page.since()
	list := page.gateResults()
	for i := range page.Actions {
		a := &page.Actions[i]
		r := result{
			suite: a.Category, name: a.ID, rule: shorten(clean(a.Title), maxRule), id: resultID(a.ID), at: page.position(a.ID), fingerprint: fingerprint(page.Tenant.ID, a.ID),
			tags: distinct(append([]string{"security", a.Category, a.Product}, references(a.Frameworks)...)),
		}
		r.judge(a)
		switch r.state {
		case passed:
		case skipped:
			r.message = string(outOfScope)
			if a.Stage == engine.Preview {
				r.message = string(engine.Preview)
			}
		default:
			r.message = r.rule + ": " + summaryOf(a)
			if records := failingText(a, namedInMessage); records != "" {
				r.message += "; failing: " + records
			}
			r.message = shorten(r.message, maxResult)
			r.since = since[a.ID]
			if page.Baseline != nil && r.since == "" {
				r.since = "unchanged"
			}
		}
		if control := page.control(a.ID); control != nil {
			r.description = clean(control.Description)
			r.help = strings.TrimSpace(lines(strings.Join(control.Implementation.Steps, "\n")))
		}
		list = append(list, r)
	}
	return list
}

// judge sets what came of an action.
func (r *result) judge(a *engine.Action) {
	r.severe, r.left = a.Tier == "core", a.Left()
	switch a.Tier {
	case "core":
		r.severity = "8.0"
	case "defense_in_depth":
		r.severity = "5.5"
	default:
		r.severity = "3.0"
	}
	switch verdictOf(a) {
	case met:
		r.state = passed
	case accepted:
		r.state, r.suppressed = warned, decision(*a)
		if a.Outcome == engine.Complete {
			r.state, r.suppressed = passed, ""
		}
	case open:
		r.state = failed
	case unknown:
		r.state = noted
	case broken:
		r.state = errored
	default:
		r.state = skipped
	}
}

// resultID returns the id of an action as that of a rule: without characters that steer what shows it.
func resultID(id string) string { return clip(clean(id), maxText) }

// since returns what became of actions since the baseline, by id: new if it was met and is not, or was not there; updated if it earns
// less than it did.
func (page Assessment) since() map[string]string {
	states := map[string]string{}
	if page.Baseline == nil {
		return states
	}
	for _, c := range page.Baseline.Actions {
		switch {
		case c.After == nil:
		case c.Before == nil || !c.Before.Counts || fulfilled(c.Before):
			states[c.ID] = "new"
		case c.After.Achieved < c.Before.Achieved || c.After.Outcome != c.Before.Outcome || c.After.Status != c.Before.Status:
			states[c.ID] = "updated"
		}
	}
	return states
}

func fulfilled(s *attribution.State) bool {
	return s.Outcome == engine.Complete || s.Status.Resolves()
}

// distinct returns texts without those that are there before.
func distinct(texts []string) []string {
	var list []string
	for _, text := range texts {
		if !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	return list
}
