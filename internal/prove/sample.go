package prove

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/schemas"
)

// Sample is evidence to be damaged, and the controls that it is for.
type Sample struct {
	Name     string         // of a tenant, or the place of a test
	Datasets map[string]any // a document or a list of records, by dataset
	Controls []*catalog.Control
	Now      time.Time
}

// maxMembers bounds how many controls of one rule a sample is tried on: what they differ in is
// their parameters.
const maxMembers = 3

// FromTests makes a sample of the input of each expression of a test. Controls are the controls to
// assess.
func FromTests(ctx context.Context, cat *catalog.Catalog, controls []*catalog.Control) ([]Sample, error) {
	inputs, err := cat.TestInputs(ctx)
	if err != nil {
		return nil, err
	}
	byPackage := map[string][]*catalog.Control{}
	for _, c := range controls {
		if c.Stage != catalog.StageDeprecated && c.Package != "" && len(byPackage[c.RulePackage()]) < maxMembers {
			byPackage[c.RulePackage()] = append(byPackage[c.RulePackage()], c)
		}
	}
	var samples []Sample
	for _, in := range inputs {
		for _, control := range byPackage[strings.TrimSuffix(in.Package, "_test")] {
			if datasets := datasetsOf(cat.Datasets(), control, in); datasets != nil {
				name := fmt.Sprintf("%s:%d (%s)", in.Path, in.Row, in.Test)
				samples = append(samples, Sample{Name: name, Datasets: datasets, Controls: []*catalog.Control{control}, Now: testTime()})
			}
		}
	}
	return samples, nil
}

// testTime is the time of assessments over inputs of tests, which hold the time that their rules
// see.
func testTime() time.Time { return time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC) }

// datasetsOf splits the input of a rule into the datasets that it would be made of; nil if it is
// made of others.
func datasetsOf(registry *schemas.Registry, control *catalog.Control, in catalog.TestInput) map[string]any {
	datasets := map[string]any{}
	tree := in.Evidence
	record, ok := in.Input.(map[string]any)
	switch {
	case control.Coverage == nil && tree == nil && in.Context == nil:
		tree = record
	case control.Coverage != nil && !ok:
		return nil
	case control.Coverage != nil:
		unjoin(registry, control.Coverage, record, datasets)
	}
	for _, name := range control.Context {
		area, dataset, _ := strings.Cut(name, ".")
		if of, _ := tree[area].(map[string]any); of[dataset] != nil {
			datasets[name] = of[dataset]
		}
	}
	for _, named := range control.Names {
		if document := in.Context[named.Name]; document != nil && named.Dataset != "" {
			datasets[named.Dataset] = document
		}
	}
	if len(datasets) == 0 {
		return nil
	}
	return datasets
}

// unjoin adds a record to the population of a control, and what is joined to it to the datasets
// that it comes from.
func unjoin(registry *schemas.Registry, coverage *catalog.Coverage, joined map[string]any, datasets map[string]any) {
	population, _ := registry.Dataset(coverage.Dataset)
	record := maps.Clone(joined)
	key, ok := record[population.Key].(string)
	if !ok {
		key = "sample"
		record[population.Key] = key
	}
	for _, match := range coverage.Match {
		if record[match.Field] == nil {
			record[match.Field] = match.Value
		}
	}
	for _, join := range coverage.Joins {
		delete(record, join.Name)
		rows := []any{}
		switch rowsOf := joined[join.Name].(type) {
		case []any:
			rows = rowsOf
		case map[string]any:
			rows = []any{rowsOf}
		}
		list, _ := datasets[join.Dataset].([]any)
		for _, row := range rows {
			if fields, ok := row.(map[string]any); ok {
				fields = maps.Clone(fields)
				fields[join.On] = key
				list = append(list, fields)
			}
		}
		if list == nil {
			list = []any{}
		}
		datasets[join.Dataset] = list
	}
	datasets[coverage.Dataset] = []any{record}
}

// Bounds of what is tried of a tenant: some of each sort will do.
const maxRecords = 40

// FromBundle makes a sample of the first records of each dataset of a bundle.
func FromBundle(ctx context.Context, name string, bundle *evidence.Bundle, cat *catalog.Catalog, controls []*catalog.Control) (Sample, error) {
	s := Sample{Name: name, Datasets: map[string]any{}, Now: bundle.Manifest().CollectedAt}
	for _, listed := range bundle.Manifest().Datasets {
		spec, known := cat.Datasets().Dataset(listed.Name)
		if !known || listed.Status != evidence.Collected {
			continue
		}
		list := []any{}
		for record, err := range bundle.Records(ctx, listed.Name) {
			if err != nil {
				return s, err
			}
			if len(list) == maxRecords {
				break
			}
			value, err := records.Decode(record.JSON, records.Limits{})
			if err != nil {
				return s, err
			}
			list = append(list, value)
		}
		switch {
		case spec.Kind != schemas.Document:
			s.Datasets[listed.Name] = list
		case len(list) == 1:
			s.Datasets[listed.Name] = list[0]
		}
	}
	s.Controls = slices.DeleteFunc(slices.Clone(controls), func(c *catalog.Control) bool {
		return c.Package == "" || c.Stage == catalog.StageDeprecated ||
			slices.ContainsFunc(c.Datasets(), func(name string) bool { return s.Datasets[name] == nil })
	})
	return s, nil
}
