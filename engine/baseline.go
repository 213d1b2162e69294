package engine

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/catalog"
)

// Invariant: what the organization excepts from a baseline changes parameters that ask for it, visibly, and nothing else.

// baseline is the framework whose policies the exceptions are about.
const baseline = "scuba"

// baselineException is what the organization excepts from a policy of the baseline.
type baselineException struct {
	policy     string
	omitted    bool
	rationale  string
	expiration string
	excluded   []string // ids of users and groups
}

// baselineExceptions returns the exceptions from the policies that a control stands for, sorted by policy. The version at the end of a
// policy's id makes no difference.
func (r *run) baselineExceptions(control *catalog.Control) []baselineException {
	s := r.sources[catalog.BaselineExceptionDataset]
	if s == nil || s.value == nil || len(s.breaches.list) > 0 {
		return nil
	}
	array, _ := s.value.(*ast.Array)
	var found []baselineException
	for i := range array.Len() {
		record, ok := array.Elem(i).Value.(ast.Object)
		if !ok || !slices.ContainsFunc(control.Frameworks[baseline], func(id string) bool { return samePolicy(id, text(record, "policyId")) }) {
			continue
		}
		x := baselineException{
			policy: spelled(text(record, "policyId")), omitted: field(record, "omitted") == ast.Boolean(true),
			rationale: text(record, "rationale"), expiration: text(record, "expiration"),
		}
		if list, ok := field(record, "excluded").(*ast.Array); ok {
			list.Foreach(func(id *ast.Term) {
				if id, ok := id.Value.(ast.String); ok {
					x.excluded = append(x.excluded, string(id))
				}
			})
		}
		found = append(found, x)
	}
	slices.SortFunc(found, func(a, b baselineException) int { return strings.Compare(a.policy, b.policy) })
	return found
}

// spelled spells the id of a policy as the baseline does: MS.AAD.3.1v1.
func spelled(id string) string {
	id = strings.ToUpper(id)
	if at := strings.LastIndexByte(id, 'V'); at > 0 {
		return id[:at] + "v" + id[at+1:]
	}
	return id
}

// samePolicy reports whether two ids name versions of the same policy: "MS.AAD.3.1v1" and "ms.aad.3.1v2".
func samePolicy(a, b string) bool {
	first, _, _ := strings.Cut(spelled(a), "v")
	second, _, _ := strings.Cut(spelled(b), "v")
	return first == second
}

// parameters returns the parameters of a control with the ids that the evidence adds to them.
func (r *run) parameters(control *catalog.Control) map[string]any {
	values := control.ParameterValues()
	for _, p := range control.Parameters {
		if !p.Exceptions {
			continue
		}
		list, _ := p.Value.([]any)
		list = slices.Clone(list)
		for _, x := range r.baselineExceptions(control) {
			for _, id := range x.excluded {
				list = append(list, id)
			}
		}
		values[p.Name] = list
	}
	return values
}

// findBaselineExceptions tells what the organization excepts of an action.
func (r *run) findBaselineExceptions(control *catalog.Control, a *Action) {
	for _, x := range r.baselineExceptions(control) {
		if x.omitted {
			until, why := "", ""
			if x.expiration != "" {
				until = " until " + x.expiration
			}
			if x.rationale != "" {
				why = ": " + x.rationale
			}
			a.find("the organization's ScubaGear configuration leaves out %s%s%s", x.policy, until, why)
		}
		for _, p := range control.Parameters {
			if p.Exceptions && len(x.excluded) > 0 {
				a.find("%s also holds what the organization's ScubaGear configuration excludes from %s: %s", p.Name, x.policy, strings.Join(x.excluded, ", "))
			}
		}
	}
}
