package gate

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/gate/rule"
	"github.com/posture-score/posture/internal/score"
)

// Input is what gates are judged by.
type Input struct {
	Assessment *engine.Assessment
	Now        time.Time // for the age of the evidence
	Undated    string    // why nobody knows when the evidence was collected; empty if it says so
	Baseline   *Comparison
	NoBaseline string // why there is none, if Baseline is nil
	// Earlier are the assessments before this one, the latest first, each beside the same baseline, for [rule.Set.Confirm].
	Earlier   []Comparison
	NoEarlier string // why they can't be known, if they can't
}

// Judge returns the verdict on each gate: floors, evidence, then events.
func Judge(rules *rule.Set, in Input) []Verdict {
	j := &judge{rules: rules, in: in}
	for _, floor := range rules.FailUnder {
		j.floor(floor)
	}
	if rules.RequireAssessed > 0 {
		j.assessed()
	}
	if rules.MaxAge > 0 {
		j.age()
	}
	if rules.Compares() && in.Baseline != nil {
		j.baselineAge()
	}
	for _, event := range rules.Events() {
		j.event(event)
	}
	for i := range j.verdicts {
		v := &j.verdicts[i]
		v.Enforced = !rules.WarnOnly && v.Result != Warning
		if v.Actions == nil {
			v.Actions = []Action{}
		}
	}
	return j.verdicts
}

type judge struct {
	rules    *rule.Set
	in       Input
	verdicts []Verdict
}

func (j *judge) add(gate, of string, result Result, actions []Action, format string, args ...any) {
	j.verdicts = append(j.verdicts, Verdict{Gate: gate, Of: of, Result: result, Message: fmt.Sprintf(format, args...), Actions: actions})
}

// floor judges the least percentage of the score, or of a part of it.
func (j *judge) floor(f rule.Floor) {
	const gate = "fail-under"
	a := j.in.Assessment
	achieved, total, name, found := a.Score.Achieved, a.Score.Total, "the score", true
	switch {
	case f.Category != "":
		i := slices.IndexFunc(a.Score.Categories, func(c engine.Category) bool { return c.Category == f.Category })
		if found = i >= 0; found {
			achieved, total = a.Score.Categories[i].Achieved, a.Score.Categories[i].Total
		}
		name += " of the category " + f.Category
	case f.Product != "":
		i := slices.IndexFunc(a.Score.Products, func(p engine.Product) bool { return p.Product == f.Product })
		if found = i >= 0; found {
			achieved, total = a.Score.Products[i].Achieved, a.Score.Products[i].Total
		}
		name += " of the product " + f.Product
	}
	percent := score.Percent(achieved, total)
	switch {
	case !found || total <= 0:
		j.add(gate, f.Of(), Incomparable, nil, "there is nothing to compare with %s%%: no action counts towards %s", f.Percent, name)
	case percent < f.Percent:
		j.add(gate, f.Of(), NotMet, nil, "%s is %s, below %s%%", name, shown(percent), f.Percent)
	default:
		j.add(gate, f.Of(), Met, nil, "%s is %s, at least %s%%", name, shown(percent), f.Percent)
	}
}

// shown returns a percentage as the score is printed.
func shown(percent score.Points) string {
	return fmt.Sprintf("%d.%02d%%", percent/100, percent%100)
}

// assessed judges for how much of the total evidence was enough.
func (j *judge) assessed() {
	s := j.in.Assessment.Score
	const gate = "require-assessed"
	percent := score.Percent(s.AssessedTotal, s.Total)
	switch {
	case s.Total <= 0:
		j.add(gate, "", Incomparable, nil, "no action counts, so that no part of them was assessed")
	case percent < j.rules.RequireAssessed:
		j.add(gate, "", NotMet, j.listed(j.lacking(), NotMet), "the evidence was enough for %s of the points, below %s%%", shown(percent), j.rules.RequireAssessed)
	default:
		j.add(gate, "", Met, nil, "the evidence was enough for %s of the points, at least %s%%", shown(percent), j.rules.RequireAssessed)
	}
}

// age judges how old the evidence is.
func (j *judge) age() {
	const gate = "max-age"
	collected, most := j.in.Assessment.Evidence.CollectedAt, rule.Days(j.rules.MaxAge)
	age := j.in.Now.Sub(collected)
	switch {
	case j.in.Undated != "" || collected.IsZero():
		why := j.in.Undated
		if why == "" {
			why = "nothing says when the evidence was collected"
		}
		j.add(gate, "", Incomparable, nil, "%s, and it may be %s old", why, most)
	case age < -clockSkew:
		j.add(gate, "", Incomparable, nil, "the evidence was collected at %s, after %s: its age is not known", moment(collected), moment(j.in.Now))
	case age > j.rules.MaxAge:
		j.add(gate, "", NotMet, nil, "the evidence is %s old, and may be %s: it was collected at %s", rule.Days(age), most, moment(collected))
	default:
		j.add(gate, "", Met, nil, "the evidence is %s old, and may be %s", rule.Days(max(age, 0)), most)
	}
}

// clockSkew is by how much the clocks of a collector and of this machine may differ.
const clockSkew = 10 * time.Minute

func moment(at time.Time) string { return at.UTC().Format("2006-01-02 15:04 MST") }

// baselineAge warns of a baseline that is old.
func (j *judge) baselineAge() {
	const gate = "baseline-age"
	before := j.in.Baseline.Before
	age, most := j.in.Assessment.EvaluatedAt.Sub(before.EvaluatedAt), j.rules.OldFrom()
	if age > most {
		j.add(gate, "", Warning, nil, "the baseline is %s older than the assessment, more than %s: it is as of %s", rule.Days(age), rule.Days(most), moment(before.EvaluatedAt))
		return
	}
	j.add(gate, "", Met, nil, "the baseline is %s older than the assessment, and may be %s", rule.Days(max(age, 0)), rule.Days(most))
}

// warned returns the warnings of verdicts so far.
func (j *judge) warned() (messages []string) {
	for _, v := range j.verdicts {
		if v.Result == Warning {
			messages = append(messages, v.Message)
		}
	}
	return messages
}

// lacking returns the actions that count, that no decision closes, and that evidence was not enough for or whose rule failed. Those that
// lack what is known to be missing, and nothing else, are left out.
func (j *judge) lacking() []*engine.Action {
	var list []*engine.Action
	for i := range j.in.Assessment.Actions {
		if a := &j.in.Assessment.Actions[i]; unknown(a) && !j.known(a) {
			list = append(list, a)
		}
	}
	return list
}

// unknown reports whether an action counts and nothing says whether it is met: neither evidence nor a decision.
func unknown(a *engine.Action) bool {
	return a.Counts() && !a.Outcome.Assessed() && !a.Status.Resolves()
}

// known reports whether an action lacks only datasets that are known to be missing.
func (j *judge) known(a *engine.Action) bool {
	if a.Outcome != engine.NoEvidence || len(a.Missing) == 0 || len(a.Absent) > 0 {
		return false
	}
	return !slices.ContainsFunc(a.Missing, func(dataset string) bool { return !slices.Contains(j.rules.KnownMissing, dataset) })
}

// listed returns actions with the reason why they could not be assessed.
func (j *judge) listed(actions []*engine.Action, result Result) []Action {
	list := make([]Action, 0, len(actions))
	for _, a := range actions {
		list = append(list, Action{ID: a.ID, Title: a.Title, Result: result, Reason: lack(a)})
	}
	return sorted(list)
}

// lack says why an action could not be assessed.
func lack(a *engine.Action) string {
	switch {
	case a.Outcome == engine.Errored:
		return "its rule failed"
	case len(a.Missing) > 0:
		return "it lacks " + strings.Join(a.Missing, ", ")
	}
	return "it lacks evidence"
}

func sorted(list []Action) []Action {
	slices.SortFunc(list, func(a, b Action) int { return strings.Compare(a.ID, b.ID) })
	return list
}
