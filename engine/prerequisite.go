package engine

import (
	"slices"
	"strings"

	"github.com/posture-score/posture/engine/catalog"
)

// Prerequisite is what has to be there before an action can be taken, and whether it is.
type Prerequisite struct {
	License      string   `json:"license,omitempty"`       // what the plans stand for, in words, if the catalog names it
	ServicePlans []string `json:"service_plans,omitempty"` // any one of them
	Control      string   `json:"control,omitempty"`
	Met          bool     `json:"met"` // licenses count as met where the evidence holds none
}

// Words says which license is needed, or which plans; it is empty for another control.
func (p Prerequisite) Words() string {
	if p.License != "" {
		return p.License
	}
	return strings.Join(p.ServicePlans, " or ")
}

// prerequisites fills in what each action waits for: its own licenses, and the actions that come before it, in the order in
// which to take them.
func (r *run) prerequisites(actions []Action) {
	byID := map[string]*Action{}
	for i := range actions {
		byID[actions[i].ID] = &actions[i]
	}
	for i := range actions {
		a := &actions[i]
		a.Prerequisites = []Prerequisite{}
		control, _ := r.engine.catalog.Control(a.ID)
		for _, p := range requiredPlans(control) {
			a.Prerequisites = append(a.Prerequisites, Prerequisite{
				License: p.LicenseTitle, ServicePlans: p.ServicePlans, Met: !r.licenses.known || r.licenses.holds(p.Plans()),
			})
		}
		for _, id := range r.before(control, nil) {
			if first := byID[id]; first != nil {
				a.Prerequisites = append(a.Prerequisites, Prerequisite{Control: id, Met: first.Settled()})
			}
		}
	}
}

// before returns the controls that come before one, those without prerequisites of their own first. The catalog has no cycles.
func (r *run) before(control *catalog.Control, found []string) []string {
	for _, p := range control.Prerequisites {
		if p.Control == "" || slices.Contains(found, p.Control) {
			continue
		}
		if earlier, ok := r.engine.catalog.Control(p.Control); ok {
			found = r.before(earlier, found)
			found = append(found, p.Control)
		}
	}
	return found
}

// Settled says whether nothing is left to do about an action.
func (a *Action) Settled() bool {
	return a.Status == Completed || a.Status.Resolves() || a.Outcome == NotApplicable
}

// Licensed says whether the tenant holds the licenses that the action needs.
func (a *Action) Licensed() bool {
	return !slices.ContainsFunc(a.Prerequisites, func(p Prerequisite) bool { return len(p.ServicePlans) > 0 && !p.Met })
}

// Blocked says whether anything has to come before the action.
func (a *Action) Blocked() bool {
	return slices.ContainsFunc(a.Prerequisites, func(p Prerequisite) bool { return !p.Met })
}
