package engine_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/schemas"
)

// TestRepeatedTenant repeats records of sample tenants, a third of each dataset, anywhere behind what
// they repeat: nothing changes.
func TestRepeatedTenant(t *testing.T) {
	t.Parallel()
	registry := must.Get(schemas.Builtin())(t)
	e := must.Get(engine.Compile(t.Context(), builtin(t), engine.Options{MaxFailing: -1, Workers: 2}.WithBlockSize(1<<12)))(t)
	actions := func(d data) []engine.Action {
		a := must.Get(e.Assess(t.Context(), bundle(t, d), engine.AssessOptions{}))(t)
		return a.Actions
	}
	for i, tenant := range []string{"contoso", "fabrikam", "tailspin"} {
		random := rand.New(rand.NewPCG(7, uint64(i)))
		whole := tenantData(t, tenant)
		repeated := maps.Clone(whole)
		for name, content := range whole {
			records, ok := content.(list)
			if spec, known := registry.Dataset(name); !ok || !known || len(spec.Unique) == 0 || len(records) == 0 {
				continue
			}
			repeated[name] = repeating(random, records)
		}
		if diff := cmp.Diff(actions(whole), actions(repeated)); diff != "" {
			t.Errorf("%s (-once +repeated):\n%s", tenant, diff)
		}
	}
}

// repeating returns records with copies of a third of them, each somewhere behind what it repeats.
func repeating(random *rand.Rand, records list) list {
	repeated := slices.Clone(records)
	for range len(records)/3 + 1 {
		from := random.IntN(len(repeated))
		repeated = slices.Insert(repeated, from+1+random.IntN(len(repeated)-from), repeated[from])
	}
	return repeated
}

// keyFields are the fields by which the built-in controls know the records of populations and of what
// is joined to them.
func keyFields(t *testing.T) map[string]string {
	t.Helper()
	registry := must.Get(schemas.Builtin())(t)
	keys := map[string]string{}
	for _, c := range builtin(t).Controls() {
		if c.Coverage == nil {
			continue
		}
		spec, _ := registry.Dataset(c.Coverage.Dataset)
		keys[c.Coverage.Dataset] = spec.Key
		for _, j := range c.Coverage.Joins {
			keys[j.Dataset] = j.On
		}
	}
	return keys
}

// TestContradictionsNeverEarnMore puts a record beside another one of the same key that differs from
// it, in each population and in all that is joined to one.
func TestContradictionsNeverEarnMore(t *testing.T) {
	t.Parallel()
	neverMore(t, keyFields(t), func(random *rand.Rand, records list, _ string) list { return contradicted(random, records) })
}

func contradicted(random *rand.Rand, records list) list {
	copied := maps.Clone(records[random.IntN(len(records))].(object))
	copied["anything"] = random.IntN(1000)
	return slices.Insert(slices.Clone(records), random.IntN(len(records)+1), any(copied))
}

// TestUnmatchedNeverEarnMore adds keys to joined datasets that their population lacks.
func TestUnmatchedNeverEarnMore(t *testing.T) {
	t.Parallel()
	joined := keyFields(t)
	for _, c := range builtin(t).Controls() {
		if c.Coverage != nil {
			delete(joined, c.Coverage.Dataset)
		}
	}
	neverMore(t, joined, strange)
}

// strange adds copies of some records with other keys.
func strange(random *rand.Rand, records list, key string) list {
	changed := slices.Clone(records)
	for i := range 1 + random.IntN(3) {
		copied := maps.Clone(records[random.IntN(len(records))].(object))
		for _, field := range []string{"id", key} {
			if _, has := copied[field]; has {
				copied[field] = fmt.Sprintf("%08d-0000-4000-8000-%012d", i, random.IntN(1000))
			}
		}
		changed = slices.Insert(changed, random.IntN(len(changed)+1), any(copied))
	}
	return changed
}

// neverMore changes datasets of sample tenants, one by one: no action that counts records may earn more by it.
func neverMore(t *testing.T, keys map[string]string, change func(random *rand.Rand, records list, key string) list) {
	t.Helper()
	cat := builtin(t)
	for i, tenant := range []string{"contoso", "tailspin"} {
		random := rand.New(rand.NewPCG(11, uint64(i)))
		whole := tenantData(t, tenant)
		for _, name := range sortedNames(keys) {
			records, _ := whole[name].(list)
			if len(records) == 0 {
				continue
			}
			readers := readersOf(cat, name).Select(func(c *catalog.Control) bool { return c.Coverage != nil })
			e := must.Get(engine.Compile(t.Context(), readers, engine.Options{}))(t)
			changed := readBy(readers, whole)
			before := achieved(t, e, changed)
			for range 3 {
				changed[name] = change(random, records, keys[name])
				for id, points := range achieved(t, e, changed) {
					if points > before[id] {
						t.Errorf("%s: %s earns %v instead of %v with other records of %s", tenant, id, points, before[id], name)
					}
				}
			}
		}
	}
}

// disturbed returns a sample tenant with records that are repeated, conflicting or joined to no record.
func disturbed(t *testing.T, tenant string) data {
	t.Helper()
	random := rand.New(rand.NewPCG(13, 17))
	whole := tenantData(t, tenant)
	keys := keyFields(t)
	for _, name := range sortedNames(whole) {
		if records, ok := whole[name].(list); ok && len(records) > 0 && keys[name] != "" {
			whole[name] = repeating(random, strange(random, contradicted(random, records), keys[name]))
		}
	}
	return whole
}
