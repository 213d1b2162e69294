package snapshot

import (
	"net/url"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/actions"
)

// List reads the parameters of a URL as [actions.ParseList] does, and adds what the list needs to know of the tenant: marks of the history,
// and what products are called. What people and programs see is so searched alike.
func (s *Snapshot) List(values url.Values, columns []string) (actions.List, []error) {
	list, problems := actions.ParseList(values, columns)
	list.Marks, list.Titles = s.Marks(), s.ProductTitles()
	return list, problems
}

// ProductTitles returns what the catalog calls products, by id.
func (s *Snapshot) ProductTitles() map[string]string {
	titles := map[string]string{}
	if s.Catalog != nil {
		for _, p := range s.Catalog.Products() {
			titles[p.ID] = p.Title
		}
	}
	return titles
}

// Task returns an action of the tenant as a task of a planner or a tracker. Its notes have the address of the action's page, if there is
// one, and where it is managed.
func (s *Snapshot) Task(a *engine.Action, page string) actions.Task {
	manage := ""
	if s.Catalog != nil {
		if control, ok := s.Catalog.Control(a.ID); ok {
			manage = secure(control.Implementation.ManageURL)
		}
	}
	return actions.TaskOf(s.Assessment, a, page, manage)
}

// secure returns an address if it is one of https, and nothing otherwise.
func secure(address string) string {
	if parsed, err := url.Parse(address); err != nil || parsed.Scheme != "https" || parsed.Host == "" {
		return ""
	}
	return address
}
