package engine

import (
	"fmt"
	"maps"
	"slices"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/score"
)

// assessment puts together what the run found.
func (r *run) assessment(manifest evidence.Manifest, actions []Action) *Assessment {
	catalog := r.engine.catalog
	return &Assessment{
		SchemaVersion: SchemaVersion,
		Tenant:        Tenant{ID: manifest.Tenant.ID, Name: manifest.Tenant.Name},
		EvaluatedAt:   r.settings.Now.UTC(),
		Evidence:      r.evidence(manifest),
		Catalog:       Catalog{Version: catalog.Version(), Digest: catalog.Digest(), Controls: len(actions)},
		Engine:        r.engine.version(),
		Score:         total(actions),
		Findings:      r.unknown(),
		Actions:       actions,
	}
}

// version names the engine, and says which controls it could not compile. Without any it says nothing of them.
func (e *Engine) version() Version {
	v := Version{Version: e.options.Version}
	if list := e.Fallbacks(); len(list) > 0 {
		v.Fallbacks = list
	}
	return v
}

// evidence says what the assessment rests on.
func (r *run) evidence(manifest evidence.Manifest) Evidence {
	e := Evidence{
		Digest: r.bundle.Digest(), CollectedAt: manifest.CollectedAt.UTC(), Licenses: r.licenses.known,
		Datasets: []Dataset{}, Warnings: r.warnings(),
	}
	for _, name := range sortedNames(r.sources) {
		s := r.sources[name]
		e.Datasets = append(e.Datasets, Dataset{
			Name: name, Status: s.status, Reason: s.reason, Records: s.records, Digest: s.digest, Violations: s.violations,
		})
	}
	return e
}

// warnings tells what is odd about the evidence but no reason to stop.
func (r *run) warnings() []string {
	list := slices.Clone(r.doubts)
	for _, name := range sortedNames(r.sources) {
		s := r.sources[name]
		if s.spec == nil {
			list = append(list, fmt.Sprintf("%s is not a dataset that this version knows; nothing reads it", name))
		}
		if s.spec != nil && s.status == Collected && s.spec.LimitWarning(s.records) != "" {
			list = append(list, s.spec.LimitWarning(s.records))
		}
		list = append(list, s.tellRepeats(name)...)
		list = append(list, s.examples...)
		if more := s.violations - int64(len(s.examples)); more > 0 {
			list = append(list, fmt.Sprintf("%s: and %d more violations of its schema", name, more))
		}
	}
	return list
}

// total adds up the actions that apply.
func total(actions []Action) Score {
	var items []score.Item
	for _, a := range actions {
		if a.Counts() {
			items = append(items, a.item())
		}
	}
	sum := score.Sum(items)
	s := Score{
		Achieved: sum.Achieved, Total: sum.Total, AssessedTotal: sum.AssessedTotal, Percent: sum.Percent,
		Views: views(sum.Views, sum.Total), Categories: []Category{}, Products: []Product{},
	}
	for _, g := range sum.Categories {
		s.Categories = append(s.Categories, Category{Category: g.Name, Achieved: g.Achieved, Total: g.Total, Views: views(g.Views, g.Total)})
	}
	for _, g := range sum.Products {
		s.Products = append(s.Products, Product{Product: g.Name, Achieved: g.Achieved, Total: g.Total, Views: views(g.Views, g.Total)})
	}
	return s
}

func views(v score.Views, total score.Points) Views {
	view := func(points score.Points) View { return View{Points: points, Percent: score.Percent(points, total)} }
	return Views{Planned: view(v.Planned), CurrentLicense: view(v.CurrentLicense), Achievable: view(v.Achievable)}
}

func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
