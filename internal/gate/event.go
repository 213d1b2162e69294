package gate

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/gate/rule"
)

// failOn is the gate of events.
const failOn = "fail-on"

// event judges that something is not in the assessment.
func (j *judge) event(event rule.Event) {
	switch event {
	case rule.Regression, rule.NewNotMet:
		j.compared(event)
	case rule.Expired:
		j.expired()
	case rule.NoEvidence:
		j.absent(event, j.lacking(), nil, "could not be assessed")
	case rule.Error:
		failed, rest := j.errored()
		j.absent(event, failed, rest, "failed by an error of its rule")
	case rule.Warning:
		j.warnings()
	}
}

// absent judges that no action is of a sort. Those of unsure might be.
func (j *judge) absent(event rule.Event, found, unsure []*engine.Action, what string) {
	actions := append(j.listed(found, NotMet), j.listed(unsure, Incomparable)...)
	switch {
	case len(found) > 0:
		j.add(failOn, string(event), NotMet, sorted(actions), "%s %s: %s", plural(len(found), "action"), what, names(actions, NotMet)+j.wanting(actions))
	case len(unsure) > 0:
		j.add(failOn, string(event), Incomparable, actions, "%s without evidence can't be judged: %s", plural(len(unsure), "action"), names(actions, Incomparable)+j.wanting(actions))
	default:
		j.add(failOn, string(event), Met, nil, "no action %s", what)
	}
}

// errored returns the actions whose rules failed, and those that might have with more evidence.
func (j *judge) errored() (failed, rest []*engine.Action) {
	for _, a := range j.lacking() {
		if a.Outcome == engine.Errored {
			failed = append(failed, a)
			continue
		}
		rest = append(rest, a)
	}
	return failed, rest
}

// expired judges that no decision and no exclusion is over, of actions that are not completed.
func (j *judge) expired() {
	var list []Action
	over := func(at *time.Time) bool { return at != nil && !at.After(j.in.Assessment.EvaluatedAt) }
	for i := range j.in.Assessment.Actions {
		a := &j.in.Assessment.Actions[i]
		if a.Decision == nil || !a.Counts() || a.Outcome == engine.Complete { // what is done needs no decision
			continue
		}
		if over(a.Decision.Expires) {
			list = append(list, Action{ID: a.ID, Title: a.Title, Result: NotMet, Reason: fmt.Sprintf("%s expired on %s", a.Decision.Status, day(*a.Decision.Expires))})
			continue
		}
		for _, x := range a.Decision.Exclude {
			if over(x.Expires) {
				list = append(list, Action{ID: a.ID, Title: a.Title, Result: NotMet, Reason: fmt.Sprintf("an exclusion expired on %s", day(*x.Expires))})
				break
			}
		}
	}
	if len(list) > 0 {
		j.add(failOn, string(rule.Expired), NotMet, sorted(list), "decisions about %s expired: %s", plural(len(list), "action"), names(list, NotMet))
		return
	}
	j.add(failOn, string(rule.Expired), Met, nil, "no decision expired")
}

func day(at time.Time) string { return at.UTC().Format(time.DateOnly) }

// warnings judges that there is nothing to be warned of. What is missing might have been.
func (j *judge) warnings() {
	a := j.in.Assessment
	ofEvidence, ofRegister, own := len(a.Evidence.Warnings), len(a.Findings), j.warned()
	lacking := j.lacking()
	missing := j.missing()
	switch {
	case ofEvidence+ofRegister+len(own) > 0:
		// They stand on the page; their texts may name records.
		texts := append([]string{plural(ofEvidence, "warning") + " about the evidence", plural(ofRegister, "finding") + " about the register"}, own...)
		j.add(failOn, string(rule.Warning), NotMet, nil, "%s", strings.Join(texts, "; "))
	case len(missing) > 0:
		j.add(failOn, string(rule.Warning), Incomparable, j.listed(lacking, Incomparable), "evidence that is missing can't be judged: %s", some(missing, maxNamed, ", "))
	case len(lacking) > 0:
		j.absent(rule.Warning, nil, lacking, "")
	default:
		j.add(failOn, string(rule.Warning), Met, nil, "there are no warnings")
	}
}

// missing returns the datasets that are missing or incomplete, and not known to be.
func (j *judge) missing() []string {
	var list []string
	for _, d := range j.in.Assessment.Evidence.Datasets {
		if d.Status != engine.Collected && !slices.Contains(j.rules.KnownMissing, d.Name) {
			list = append(list, d.Name)
		}
	}
	return list
}

// wanting says which datasets actions lack that a verdict is about, and how to say that they are known to be missing; it is "" if they lack none.
func (j *judge) wanting(actions []Action) string {
	about := map[string]bool{}
	for _, a := range actions {
		about[a.ID] = true
	}
	var datasets []string
	for i := range j.in.Assessment.Actions {
		a := &j.in.Assessment.Actions[i]
		if !about[a.ID] || a.Outcome != engine.NoEvidence {
			continue
		}
		for _, name := range a.Missing {
			if !slices.Contains(datasets, name) && !slices.Contains(j.rules.KnownMissing, name) {
				datasets = append(datasets, name)
			}
		}
	}
	if len(datasets) == 0 {
		return ""
	}
	slices.Sort(datasets)
	return "; lacking " + some(datasets, maxNamed, ", ") + " (--known-missing names what can't be had)"
}

// maxNamed is how many actions or datasets a message names; the verdict has every action.
const maxNamed = 3

// names returns the ids of the actions with a result.
func names(actions []Action, result Result) string {
	var ids []string
	for _, a := range actions {
		if a.Result == result {
			ids = append(ids, a.ID)
		}
	}
	return some(ids, maxNamed, ", ")
}

// some returns the first texts of a list, and how many there are more.
func some(list []string, most int, separator string) string {
	if len(list) <= most {
		return strings.Join(list, separator)
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:most], separator), len(list)-most)
}

func plural(count int, word string) string {
	if count == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", count, word)
}
