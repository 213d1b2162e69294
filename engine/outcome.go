package engine

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/rego/eval"
	"github.com/posture-score/posture/internal/score"
)

// newAction is the action of a control before anything is known of it.
func newAction(control *catalog.Control, outcome Outcome, reasons ...string) Action {
	if reasons == nil {
		reasons = []string{}
	}
	threats, frameworks := control.Threats, control.Frameworks
	if threats == nil {
		threats = []string{}
	}
	if frameworks == nil {
		frameworks = map[string][]string{}
	}
	return Action{
		ID: control.ID, Title: control.Title, Category: control.Category, Product: control.Product, Kind: string(control.Kind),
		Stage: control.Stage, Points: Points{Max: score.Points(control.Counted())}, Outcome: outcome, Reasons: reasons, Missing: []string{}, Digest: control.Digest,
		Findings: []string{}, Prerequisites: []Prerequisite{},
		Tier: control.Tier, Difficulty: control.Difficulty, UserImpact: control.UserImpact, Complexity: control.Complexity,
		Threats: threats, Frameworks: frameworks,
	}
}

func failed(control *catalog.Control, fault string) Action {
	return newAction(control, Errored, fault)
}

func (r *run) noEvidence(control *catalog.Control, missing []string) Action {
	action := newAction(control, NoEvidence)
	action.Missing = missing
	for _, name := range missing {
		if s := r.sources[name]; s.status == Failed {
			action.Reasons = append(action.Reasons, fmt.Sprintf("%s could not be collected: %s", name, s.reason))
		} else {
			action.Reasons = append(action.Reasons, fmt.Sprintf("%s is not in the evidence", name))
		}
	}
	return action
}

// usable says whether a dataset is there, and what the control reads of it can be trusted.
func (r *run) usable(control *catalog.Control, name string) bool {
	return r.sources[name].status == Collected && r.broken(control, name) == ""
}

// hasDocument says whether any document of the control is there and can be trusted, unless it has none.
func (r *run) hasDocument(control *catalog.Control) bool {
	return len(control.Context) == 0 || slices.ContainsFunc(control.Context, func(name string) bool { return r.usable(control, name) })
}

// world is what the control's rule sees besides its input: of its documents, those that are there and can be trusted. Controls that see
// the same evidence share it, and what follows from it alone.
func (r *run) world(control *catalog.Control) *eval.Env {
	usable := slices.DeleteFunc(slices.Clone(control.Context), func(name string) bool { return !r.usable(control, name) })
	key := strings.Join(usable, " ") // sorted
	if r.worlds[key] == nil {
		seen := map[string]ast.Value{}
		for _, name := range usable {
			seen[name] = r.sources[name].value
		}
		r.worlds[key] = eval.NewEnv(r.settings.Now, seen, ast.NewObject())
	}
	return r.worlds[key].WithParameters(ast.MustInterfaceToValue(r.parameters(control)))
}

// tenantWide decides a control that has no population. Only the end of the context is an error.
func (r *run) tenantWide(control *catalog.Control, watch *eval.Deadline) (Action, error) {
	if control.Kind == catalog.KindAttested {
		return r.attested(control), nil
	}
	v, err := r.tenantVerdict(control, watch)
	var failure *eval.Error
	switch {
	case errors.As(err, &failure):
		return failed(control, failure.Message), nil
	case err != nil:
		return Action{}, err
	}
	if fields := r.undecided(control, v, watch); len(fields) > 0 {
		return r.lackFields(control, fields), nil
	}
	return tenantAction(control, v), nil
}

// undecided returns the absent fields that could change a verdict: for the better or, of those that have to be there, at all.
func (r *run) undecided(control *catalog.Control, v *tenantVerdict, watch *eval.Deadline) []Absent {
	switch {
	case v.open && v.fraction.Cmp(big.NewRat(1, 1)) < 0:
		return r.absent(control, func(other *tenantVerdict) bool { return other.open && other.fraction.Cmp(v.fraction) <= 0 }, watch)
	case r.lacksRequired(control):
		return r.absent(control, v.same, watch)
	}
	return nil
}

func (r *run) tenantVerdict(control *catalog.Control, watch *eval.Deadline) (*tenantVerdict, error) {
	rule, world := r.engine.rules[control.Package], r.world(control)
	answer, err := rule.NewEvaluator(world, watch, &eval.Budget{}).Eval(rule.Input(world.Evidence()))
	if err != nil {
		return nil, err
	}
	return newVerdict(control, answer)
}

// tenantAction is what a verdict comes to.
func tenantAction(control *catalog.Control, v *tenantVerdict) Action {
	action := newAction(control, NotApplicable, v.answer.Reasons...)
	if !v.open {
		if len(action.Reasons) == 0 {
			action.Reasons = append(action.Reasons, "its rule says that it does not apply to this tenant")
		}
		return action
	}
	action.settle(v.fraction)
	if number, ok := v.answer.Decision.(ast.Number); ok {
		action.Fraction = Fraction(number)
	}
	return action
}

// grade turns a decision into the fraction of the points that it earns.
func grade(kind catalog.Kind, decision ast.Value) (*big.Rat, error) {
	if kind == catalog.KindSetting {
		switch decision {
		case ast.Boolean(true):
			return big.NewRat(1, 1), nil
		case ast.Boolean(false):
			return new(big.Rat), nil
		}
		return nil, &eval.Error{Message: fmt.Sprintf("compliant has to be true or false; it is %s", ast.ValueName(decision))}
	}
	number, ok := decision.(ast.Number)
	if !ok {
		return nil, &eval.Error{Message: fmt.Sprintf("fraction has to be a number; it is %s", ast.ValueName(decision))}
	}
	// A number beyond float64 would make an enormous fraction of itself before it could be refused.
	if f, ok := number.Float64(); !ok || !(f >= 0 && f <= 1) {
		return nil, &eval.Error{Message: fmt.Sprintf("fraction has to be between 0 and 1; it is %s", number)}
	}
	fraction, ok := new(big.Rat).SetString(string(number))
	if !ok || fraction.Cmp(big.NewRat(1, 1)) > 0 {
		return nil, &eval.Error{Message: fmt.Sprintf("fraction has to be between 0 and 1; it is %s", number)}
	}
	return fraction, nil
}

// settle gives the action its points and outcome for a fraction in [0, 1].
func (a *Action) settle(fraction *big.Rat) {
	a.Points.Achieved = score.Fraction(a.Points.Max, fraction)
	switch {
	case fraction.Cmp(big.NewRat(1, 1)) == 0:
		a.Outcome = Complete
	case fraction.Sign() == 0:
		a.Outcome = NotMet
	default:
		a.Outcome = Partial
	}
}

// action is what the count of a scan comes to.
func (t *task) action() Action {
	if t.fault != "" {
		return failed(t.control, t.fault)
	}
	coverage := t.control.Coverage
	action := newAction(t.control, NotApplicable, t.told()...)
	action.Coverage = &Coverage{Compliant: t.total.compliant, InScope: t.total.inScope, Records: t.total.records}
	action.Failing = &Failing{Total: t.total.inScope - t.total.compliant, Shown: t.total.keys()}
	if t.total.excluded.Total > 0 {
		action.Excluded = &t.total.excluded
	}
	t.findSeats(&action)
	if t.total.stale > 0 {
		action.Reasons = append(action.Reasons, t.tellStale())
	}
	for _, key := range sortedNames(t.exclude) {
		if written := t.exclude[key].Key; !t.total.leftOut[written] {
			action.find("the exclusion of %s is unused: no record in scope has this key", written)
		}
	}
	switch {
	case t.total.inScope == 0 && t.total.excluded.Total > 0:
		action.Reasons = append(action.Reasons, "everything in scope was excluded")
	case t.total.inScope == 0 && t.total.stale > 0: // nobody knows how those are now, so this is no empty scope
		action.Reasons = append(action.Reasons, "nothing else is in scope")
	case t.total.inScope == 0 && coverage.WhenEmpty == "full":
		action.settle(big.NewRat(1, 1))
		action.Reasons = append(action.Reasons, "nothing is in scope, which earns full points")
	case t.total.inScope == 0:
		action.Reasons = append(action.Reasons, "nothing is in scope")
	case coverage.AllOrNothing && t.total.compliant < t.total.inScope:
		action.settle(new(big.Rat))
	default:
		action.settle(big.NewRat(t.total.compliant, t.total.inScope))
	}
	return action
}

// keys are those of the failing records that are shown.
func (c *tally) keys() []string {
	keys := make([]string, len(c.shown))
	for i, f := range c.shown {
		keys[i] = f.key
	}
	return keys
}
