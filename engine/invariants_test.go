package engine_test

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/schemas"
)

// maxRecords is how many records of a dataset the invariants are tried on: enough to have some of each
// sort. Few mailboxes will do, since a great many controls are measured over them.
func maxRecords(dataset string) int {
	if dataset == "exchange.mailboxes" {
		return 12
	}
	return 80
}

// TestLessEvidenceNeverEarnsMore damages the evidence of sample tenants, field by field: it takes the
// field out of every record, or puts something of the wrong type there. No action may earn more by
// that.
func TestLessEvidenceNeverEarnsMore(t *testing.T) {
	t.Parallel()
	cat := builtin(t)
	for _, tenant := range []string{"contoso", "tailspin"} {
		whole := tenantData(t, tenant)
		for _, name := range sortedNames(whole) {
			t.Run(tenant+"/"+name, func(t *testing.T) {
				t.Parallel()
				tryDamage(t, readersOf(cat, name), whole, name)
			})
		}
	}
}

func tryDamage(t *testing.T, cat *catalog.Catalog, whole data, name string) {
	if len(cat.Controls()) == 0 {
		return
	}
	e := must.Get(engine.Compile(t.Context(), cat, engine.Options{}))(t)
	needed := readBy(cat, whole)
	before := achieved(t, e, needed)
	for i, path := range fieldPaths(whole[name]) {
		if raceDetector && i%50 != 0 {
			continue
		}
		for _, damage := range []string{"absent", "wrong type"} {
			damaged := maps.Clone(needed)
			damaged[name] = damaging(whole[name], strings.Split(path, "/"), damage)
			for id, points := range achieved(t, e, damaged) {
				if points > before[id] {
					t.Errorf("%s earns %v instead of %v where %s of %s is %s", id, points, before[id], path, name, damage)
				}
			}
		}
	}
}

// readBuiltin reads the built-in catalog with the built-in schemas.
func readBuiltin() (*catalog.Catalog, error) { return readWith(schemas.Builtin()) }

func readWith(registry *schemas.Registry, err error) (*catalog.Catalog, error) {
	if err != nil {
		return nil, err
	}
	source, err := catalog.Builtin()
	if err != nil {
		return nil, err
	}
	return catalog.Load(context.Background(), registry, source)
}

// loadBuiltin is readBuiltin, once for all tests.
var loadBuiltin = sync.OnceValues(readBuiltin)

func builtin(t testing.TB) *catalog.Catalog {
	t.Helper()
	return must.Get(loadBuiltin())(t)
}

func readersOf(cat *catalog.Catalog, dataset string) *catalog.Catalog {
	return cat.Select(func(c *catalog.Control) bool { return slices.Contains(c.Datasets(), dataset) })
}

// readBy returns the datasets that a catalog's controls read.
func readBy(cat *catalog.Catalog, whole data) data {
	read := data{}
	for _, control := range cat.Controls() {
		for _, name := range control.Datasets() {
			if whole[name] != nil {
				read[name] = whole[name]
			}
		}
	}
	return read
}

// tenantData reads the beginning of each dataset of a sample tenant.
func tenantData(t testing.TB, tenant string) data {
	t.Helper()
	b := must.Get(evidence.Open(t.Context(), filepath.Join("..", "testdata", tenant), evidence.DefaultLimits()))(t)
	defer func() { _ = b.Close() }()
	whole := data{}
	registry := must.Get(schemas.Builtin())(t)
	for _, d := range b.Manifest().Datasets {
		if d.Status != evidence.Collected {
			continue
		}
		var content list
		for record, err := range b.Records(t.Context(), d.Name) {
			must.Do(t, err)
			if len(content) == maxRecords(d.Name) {
				continue
			}
			decoded := must.Get(records.Decode(record.JSON, records.Limits{}))(t)
			content = append(content, decoded)
		}
		if spec, ok := registry.Dataset(d.Name); ok && spec.Kind == schemas.Document {
			whole[d.Name] = content[0]
		} else {
			whole[d.Name] = content
		}
	}
	return whole
}

func achieved(t *testing.T, e *engine.Engine, datasets data) map[string]float64 {
	t.Helper()
	points := map[string]float64{}
	b := bundle(t, datasets)
	a := must.Get(e.Assess(t.Context(), b, engine.AssessOptions{}))(t)
	for _, action := range a.Actions {
		// A control that no longer applies leaves the total: for the score that is as good as full points.
		points[action.ID] = action.Points.Achieved.Float()
		if action.Outcome == engine.NotApplicable {
			points[action.ID] = action.Points.Max.Float()
		}
	}
	return points
}

// fieldPaths returns the paths of all fields, with * for the elements of lists: "conditions/users/includeUsers/*".
func fieldPaths(content any) []string {
	seen := map[string]bool{}
	var walk func(prefix string, value any)
	walk = func(prefix string, value any) {
		switch value := value.(type) {
		case object:
			for name, field := range value {
				seen[prefix+name] = true
				walk(prefix+name+"/", field)
			}
		case list:
			for _, element := range value {
				walk(prefix+"*/", element)
			}
		}
	}
	if records, ok := content.(list); ok {
		for _, record := range records {
			walk("", record)
		}
	} else {
		walk("", content)
	}
	return sortedNames(seen)
}

// damaging returns a copy of the content with the field at the path taken out or exchanged, in every
// record that has it.
func damaging(content any, path []string, damage string) any {
	switch content := content.(type) {
	case list:
		copied := make(list, len(content))
		for i, element := range content {
			rest := path
			if len(path) > 0 && path[0] == "*" {
				rest = path[1:]
			}
			copied[i] = damaging(element, rest, damage)
		}
		return copied
	case object:
		copied := object{}
		for name, field := range content {
			switch {
			case name != path[0]:
				copied[name] = field
			case len(path) > 1:
				copied[name] = damaging(field, path[1:], damage)
			case damage == "wrong type":
				copied[name] = wrongType(field)
			}
		}
		return copied
	}
	return content
}

func wrongType(value any) any {
	switch value.(type) {
	case string:
		return 7
	case list, object:
		return "x"
	case nil:
		return object{"x": "y"}
	default:
		return fmt.Sprint(value)
	}
}

func sortedNames[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
