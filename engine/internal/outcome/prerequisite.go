package outcome

import (
	"slices"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/load"
)

// addPrerequisites adds the prerequisites of each result: its licenses, and the controls that come
// before it, in the order in which to implement them.
func addPrerequisites(e *load.Evidence, results []*Result) {
	byID := map[string]*Result{}
	for _, r := range results {
		byID[r.Control.ID] = r
	}
	for _, r := range results {
		for _, p := range e.Rules.LicensePrerequisites(r.Control) {
			r.Prerequisites = append(r.Prerequisites, Prerequisite{
				License: p.LicenseTitle, ServicePlans: p.ServicePlans, Met: !e.Licenses.Known || e.Licenses.Hold(p.ServicePlans, p.PlanIDs),
			})
		}
		for _, id := range controlsBefore(e.Rules.Catalog, r.Control, nil) {
			if before := byID[id]; before != nil {
				r.Prerequisites = append(r.Prerequisites, Prerequisite{Control: id, Met: before.settled()})
			}
		}
	}
}

// controlsBefore returns the controls that come before one, those without prerequisites first. A catalog
// has no cycles.
func controlsBefore(cat *catalog.Catalog, control *catalog.Control, found []string) []string {
	for _, p := range control.Prerequisites {
		if p.Control == "" || slices.Contains(found, p.Control) {
			continue
		}
		if before, ok := cat.Control(p.Control); ok {
			found = append(controlsBefore(cat, before, found), p.Control)
		}
	}
	return found
}

// settled reports whether nothing is left to do about a control.
func (r *Result) settled() bool {
	return r.Status == Completed || r.Status.resolves() || r.Outcome == NotApplicable
}

// licensed reports whether the tenant holds the licenses that the control needs.
func (r *Result) licensed() bool {
	return !slices.ContainsFunc(r.Prerequisites, func(p Prerequisite) bool { return len(p.ServicePlans) > 0 && !p.Met })
}
