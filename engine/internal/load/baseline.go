package load

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/catalog"
)

// Invariant: what the organization excepts from a baseline changes the parameters that ask for it,
// visibly, and nothing else.

// baseline is the framework whose policies the exceptions refer to.
const baseline = "scuba"

// BaselineException is what the organization excepts from a policy of the baseline.
type BaselineException struct {
	Policy     string
	Omitted    bool
	Rationale  string
	Expiration string
	Excluded   []string // ids of users and groups
}

// BaselineExceptions returns the exceptions from the policies that a control implements, sorted by
// policy. The version at the end of a policy's id makes no difference.
func (e *Evidence) BaselineExceptions(control *catalog.Control) []BaselineException {
	d := e.Datasets[catalog.BaselineExceptionDataset]
	if d == nil || len(d.Violations.structural) > 0 {
		return nil
	}
	var found []BaselineException
	for record := range d.List() {
		policy := Text(record, "policyId")
		if !slices.ContainsFunc(control.Frameworks[baseline], func(id string) bool { return samePolicy(id, policy) }) {
			continue
		}
		x := BaselineException{
			Policy: policyID(policy), Omitted: Field(record, "omitted") == ast.Boolean(true),
			Rationale: Text(record, "rationale"), Expiration: Text(record, "expiration"),
		}
		if list, ok := Field(record, "excluded").(*ast.Array); ok {
			list.Foreach(func(id *ast.Term) {
				if id, ok := id.Value.(ast.String); ok {
					x.Excluded = append(x.Excluded, string(id))
				}
			})
		}
		found = append(found, x)
	}
	slices.SortFunc(found, func(a, b BaselineException) int { return strings.Compare(a.Policy, b.Policy) })
	return found
}

// policyID returns the id of a policy as the baseline spells it: MS.AAD.3.1v1.
func policyID(id string) string {
	id = strings.ToUpper(id)
	if at := strings.LastIndexByte(id, 'V'); at > 0 {
		return id[:at] + "v" + id[at+1:]
	}
	return id
}

// samePolicy reports whether two ids name versions of one policy: "MS.AAD.3.1v1" and "ms.aad.3.1v2".
func samePolicy(a, b string) bool {
	first, _, _ := strings.Cut(policyID(a), "v")
	second, _, _ := strings.Cut(policyID(b), "v")
	return first == second
}

// Parameters returns the parameters of a control, with the ids that the evidence adds to them.
func (e *Evidence) Parameters(control *catalog.Control) ast.Value {
	facts := e.Rules.factsOf(control)
	if !facts.exceptions {
		return facts.parameters
	}
	return ast.MustInterfaceToValue(e.ParameterValues(control))
}

// AddsParameters reports whether the evidence may add ids to parameters of a control.
func (e *Evidence) AddsParameters(control *catalog.Control) bool {
	return e.Rules.factsOf(control).exceptions
}

// ParameterValues returns the same as decoded JSON, by name.
func (e *Evidence) ParameterValues(control *catalog.Control) map[string]any {
	values := control.ParameterValues()
	for _, p := range control.Parameters {
		if !p.Exceptions {
			continue
		}
		list, _ := p.Value.([]any)
		list = slices.Clip(list)
		for _, x := range e.BaselineExceptions(control) {
			for _, id := range x.Excluded {
				list = append(list, id)
			}
		}
		values[p.Name] = list
	}
	return values
}
