package unique_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/fstest"
	"time"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/internal/unique"
	"github.com/posture-score/posture/schemas"
)

// dataset is one whose records are identified by two fields.
func dataset(t *testing.T, facts string) *schemas.Dataset {
	t.Helper()
	registry := must.Get(schemas.Open(fstest.MapFS{"our/doors.json": {Data: []byte(
		`{"$id": "urn:posture:evidence:our.doors", "x-posture": {"kind": "population", "key": "house"` + facts + `}, "properties": {"house": {"format": "id"}, "door": {"format": "name"}, "open": {}}}`)}}))(t)
	doors, _ := registry.Dataset("our.doors")
	return doors
}

// bundle holds records of one dataset.
func bundle(t *testing.T, list ...any) *evidence.Bundle {
	t.Helper()
	dir := t.TempDir()
	w := must.Get(evidence.Create(dir, evidence.Manifest{Tenant: evidence.Tenant{ID: "t"}, CollectedAt: time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC)}))(t)
	must.Do(t, w.Records("our.doors", func(yield func(any, error) bool) {
		for _, r := range list {
			if !yield(r, nil) {
				return
			}
		}
	}))
	must.Do(t, w.Close())
	b := must.Get(evidence.Open(t.Context(), dir, evidence.DefaultLimits()))(t)
	t.Cleanup(func() { _ = b.Close() })
	return b
}

type object = map[string]any

func door(house, door any, more ...any) object {
	o := object{"house": house, "door": door}
	for i := 0; i < len(more); i += 2 {
		o[more[i].(string)] = more[i+1]
	}
	return o
}

func TestSearch(t *testing.T) {
	for _, test := range []struct {
		name, facts string
		records     []any
		want        unique.Repeats
	}{
		{"none", `, "unique": ["house", "door"]`, []any{door("a", "1"), door("a", "2"), door("b", "1")}, unique.Repeats{}},
		{"not what another field makes of it", `, "unique": ["house", "door"]`, []any{door("a", "bc"), door("ab", "c"), door("abc", ""), door("", "abc")}, unique.Repeats{}},
		{
			"the same", `, "unique": ["house", "door"]`,
			[]any{door("a", "1"), door("a", "2"), door("a", "1"), door("a", "2"), door("a", "2")},
			unique.Repeats{Same: unique.Summary{Count: 3, Example: `"a", "1"`}},
		},
		{
			"different", `, "unique": ["house", "door"]`,
			[]any{door("a", "1", "open", true), door("a", "1", "open", false), door("a", "1"), door("a", "1", "open", true)},
			unique.Repeats{Same: unique.Summary{Count: 1, Example: `"a", "1"`}, Different: unique.Summary{Count: 1, Example: `"a", "1"`}},
		},
		{
			"in another case", `, "unique": ["house", "door"]`,
			[]any{door("Ä", "x"), door("ä", "X")},
			unique.Repeats{Same: unique.Summary{Count: 1, Example: `"ä", "x"`}},
		},
		{
			"in another case of what has one", `, "unique": ["house", "door"]`,
			[]any{door("a", "x", "open", "Yes"), door("A", "X", "open", "yes")},
			unique.Repeats{Different: unique.Summary{Count: 1, Example: `"a", "x"`}},
		},
		{"by the key, where nothing is said", "", []any{door("a", "1"), door("a", "2")}, unique.Repeats{Different: unique.Summary{Count: 1, Example: `"a"`}}},
		{"the first field is missing, or null", `, "unique": ["house", "door"]`, []any{object{"door": "1"}, object{"door": "1"}, door(nil, "1"), door(nil, "1")}, unique.Repeats{}},
		{
			"another field is missing, or null", `, "unique": ["house", "door"]`,
			[]any{object{"house": "a"}, door("a", "1"), object{"house": "a"}, door("a", nil), door("b", nil)},
			unique.Repeats{Same: unique.Summary{Count: 1, Example: `"a", none`}, Different: unique.Summary{Count: 1, Example: `"a", none`}},
		},
		{
			"fields that are no texts", `, "unique": ["house", "door"]`,
			[]any{door("1", 1), door(1, "1"), door(1, 1), door(1, 1)},
			unique.Repeats{Same: unique.Summary{Count: 1, Example: `1, 1`}},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := must.Get(unique.Of(dataset(t, test.facts)).Search(t.Context(), bundle(t, test.records...), "our.doors", 1, records.Options{}))(t)
			expect.Equal(t, []unique.Summary{test.want.Same, test.want.Different}, []unique.Summary{got.Same, got.Different})
		})
	}
	if unique.Of(dataset(t, `, "unique": []`)) != nil {
		t.Error("records are told apart where nothing tells them apart")
	}
}

// TestOrderOfMembers holds that records which say the same in another order of their members are the same.
func TestOrderOfMembers(t *testing.T) {
	doors := unique.Of(dataset(t, ""))
	keys, loose := doors.Keys([]int{0}), records.NewViewer(doors.Projected())
	candidates := map[unique.Key]bool{}
	var met []unique.Occurrence
	for i, text := range []string{`{"house": "a", "door": {"x": 1, "y": [2]}}`, `{"door":{"y":[2],"x":1},"house":"\u0061"}`, `{"house": "a", "door": {"x": 1, "y": [3]}}`} {
		record := must.Get(loose.View([]byte(text)))(t)
		key, ok := keys.Of(record)
		if !ok {
			t.Fatalf("%s has no key", text)
		}
		candidates[key] = true
		m, _ := keys.Occurrence(record, int64(i), candidates)
		met = append(met, m)
	}
	collector := unique.NewCollector()
	got := ""
	for _, m := range met {
		first, same := collector.Add(m)
		got += fmt.Sprint(first, same, " ")
	}
	if want := "-1 false 0 true 0 false "; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestDetector holds that a detector returns every key that is added twice, and hardly any other,
// however many there are.
func TestDetector(t *testing.T) {
	for _, size := range []struct{ keys, expected int64 }{{0, 0}, {1, 100}, {100_000, 100_000}, {100_000, 10}, {70_000, -5}} {
		random := rand.New(rand.NewPCG(1, uint64(size.keys)))
		w := unique.NewDetector(size.expected)
		var keys []unique.Key
		for range size.keys {
			keys = append(keys, unique.Key(random.Uint64()))
		}
		w.Add(keys)
		if got := len(w.Candidates()); got > 0 {
			t.Errorf("%+v: %d keys are candidates that were added once", size, got)
		}
		w.Add(keys)
		if got := len(w.Candidates()); int64(got) != size.keys {
			t.Errorf("%+v: %d keys are candidates, want all", size, got)
		}
	}
}

// TestSearchInParts compares what is found in a large dataset, by any number of workers, with what
// a map finds.
func TestSearchInParts(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	var list []any
	versions := map[string]map[string]bool{}
	same := int64(0)
	for range 20_000 {
		house, open := fmt.Sprint(random.IntN(30_000)), fmt.Sprint(random.IntN(2))
		list = append(list, door(house, "1", "open", open))
		if versions[house] == nil {
			versions[house] = map[string]bool{}
		} else if versions[house][open] {
			same++
		}
		versions[house][open] = true
	}
	different := int64(0)
	for _, v := range versions {
		if len(v) > 1 {
			different++
		}
	}
	b := bundle(t, list...)
	for _, options := range []records.Options{{Workers: 1}, {Workers: 4, BlockSize: 2000}} {
		got := must.Get(unique.Of(dataset(t, "")).Search(t.Context(), b, "our.doors", 20_000, options))(t)
		if got.Same.Count != same || got.Different.Count != different {
			t.Errorf("%d workers: %+v and %+v, want %d and %d", options.Workers, got.Same, got.Different, same, different)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := unique.Of(dataset(t, "")).Search(ctx, b, "our.doors", 1, records.Options{}); err == nil {
		t.Error("the search goes on after the context")
	}
}
