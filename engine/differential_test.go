package engine_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/randpolicy"
	"github.com/posture-score/posture/schemas"
)

// The tests here invent policies and evidence, and hold that everything that makes the engine fast
// changes nothing: closures, projection, memo, joins, blocks and workers against OPA's topdown over
// whole records, one after another.

// FuzzDifferential invents from two numbers; the third says how the evidence is laid out.
func FuzzDifferential(f *testing.F) {
	for seed := range uint64(40) {
		f.Add(seed, seed*7+1, uint8(seed))
	}
	f.Fuzz(func(t *testing.T, first, second uint64, layout uint8) {
		differential(t, rand.New(rand.NewPCG(first, second)), layout, 0)
	})
}

// TestDifferential is the same over a fixed series.
func TestDifferential(t *testing.T) {
	t.Parallel()
	tried, used := 0, 0
	for seed := range uint64(400) {
		tried++
		if differential(t, rand.New(rand.NewPCG(seed, 1)), uint8(seed), 0) {
			used++
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	if used*4 < tried {
		t.Errorf("only %d of %d invented policies compile: the test has little to compare", used, tried)
	}
}

// TestDifferentialWithManyValues is the same over so many records that fields have more values than are
// remembered, so that verdicts are remembered by what premises say.
func TestDifferentialWithManyValues(t *testing.T) {
	t.Parallel()
	wanted, used := 20, 0
	if raceDetector {
		wanted = 2 // make test runs it without the race detector
	}
	for seed := uint64(0); used < wanted && !t.Failed(); seed++ {
		if differential(t, rand.New(rand.NewPCG(seed, 2)), uint8(seed), 3000) {
			used++
		}
	}
}

// differential says whether the policy that it invented could be used. At least so many records are invented.
func differential(t *testing.T, random *rand.Rand, layout uint8, records int) bool {
	t.Helper()
	policy := randpolicy.Generator{Rand: random}.Policy()
	cat, err := inventedCatalog(t, policy)
	if err != nil {
		return false // what nobody can load has nothing to be compared
	}
	b := inventedBundle(t, random, layout, records)
	want := assessed(t, cat, b, engine.Options{Interpreter: true, Workers: 1, DisableMemo: true})
	for name, options := range map[string]engine.Options{
		"one worker":    {Workers: 1},
		"two workers":   engine.Options{Workers: 2}.WithBlockSize(64 + random.IntN(2000)),
		"eight workers": engine.Options{Workers: 8}.WithBlockSize(1 + random.IntN(500)),
		"no memo":       {Workers: 1, DisableMemo: true},
	} {
		if diff := cmp.Diff(want, assessed(t, cat, b, options)); diff != "" {
			t.Errorf("%s, layout %d (-topdown +%s):\n%s\n%s", name, layout, name, diff, policy)
			return true
		}
	}
	return true
}

// assessed is what an assessment says of each control, as text.
func assessed(t *testing.T, cat *catalog.Catalog, b *evidence.Bundle, options engine.Options) []string {
	t.Helper()
	var failures []string
	settings := engine.AssessOptions{Failures: func(f engine.Failure) error {
		failures = append(failures, fmt.Sprint("failure: ", f))
		return nil
	}}
	a := assess(t, cat, b, options, settings)
	var told []string
	for _, action := range a.Actions {
		text := must.Get(json.Marshal(action))(t)
		told = append(told, string(text))
	}
	for _, d := range a.Evidence.Datasets {
		told = append(told, fmt.Sprint(d))
	}
	return append(append(told, a.Evidence.Warnings...), failures...)
}

// inventedCatalog is a catalog of two controls over the invented datasets, which differ in a parameter.
// Their schemas allow anything in any field.
func inventedCatalog(t *testing.T, policy string) (*catalog.Catalog, error) {
	t.Helper()
	schema := func(name, kind string) *fstest.MapFile {
		return &fstest.MapFile{Data: fmt.Appendf(nil, `{"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "urn:posture:evidence:%s", "title": "t", "description": "d",
			"x-posture": {"kind": %q, "key": "id", "sources": [{"endpoint": "GET /x"}]}, "type": "object",
			"properties": {"id": {"description": "d"}, "a": {"description": "d"}, "b": {"description": "d"}, "c": {"description": "d"}, "d": {"description": "d"}, "e": {"description": "d"}}}`, name, kind)}
	}
	registry := must.Get(schemas.Open(fstest.MapFS{
		"fuzz/records.json": schema("fuzz.records", "population"), "fuzz/joined.json": schema("fuzz.joined", "population"), "fuzz/docs.json": schema("fuzz.docs", "list"),
	}))(t)
	dir := t.TempDir()
	for name, text := range map[string]string{
		"catalog.hcl": `product "test" { title = "Test" }`,
		"test/c.hcl": "defaults {\n" + facts + `
			coverage "fuzz.records" {
				when_empty = "not_applicable"
				join "one" { dataset = "fuzz.joined" }
				join "many" {
					dataset = "fuzz.joined"
					on      = "id"
					many    = true
				}
			}
			context = ["fuzz.docs"]
			parameter "p" {
				type    = number
				default = 2
			}
		}
		control "C" {}
		control "D" {
			parameters = { p = 1 }
		}`,
		"test/c.rego": policy,
	} {
		path := filepath.Join(dir, name)
		must.Do(t, os.MkdirAll(filepath.Dir(path), 0o755))
		must.Do(t, os.WriteFile(path, []byte(text), 0o644))
	}
	source := must.Get(catalog.Dir(dir))(t)
	return catalog.Load(t.Context(), registry, source)
}

// inventedBundle writes evidence by hand: as odd as JSON may be.
func inventedBundle(t *testing.T, random *rand.Rand, layout uint8, records int) *evidence.Bundle {
	t.Helper()
	dir := t.TempDir()
	manifest := evidence.Manifest{SchemaVersion: evidence.SchemaVersion, Tenant: evidence.Tenant{ID: "t1"}, CollectedAt: collected}
	for _, d := range []struct {
		name  string
		count int
	}{{"fuzz.records", records + 1 + random.IntN(40)}, {"fuzz.joined", random.IntN(30)}, {"fuzz.docs", random.IntN(5)}} {
		var all []string
		for range d.count {
			all = append(all, randpolicy.Generator{Rand: random}.Record())
		}
		text := []byte(laidOut(all, layout))
		must.Do(t, os.WriteFile(filepath.Join(dir, d.name+".json"), text, 0o644))
		manifest.Datasets = append(manifest.Datasets, evidence.Dataset{
			Name: d.name, Status: evidence.Collected, Path: d.name + ".json", SHA256: fmt.Sprintf("%x", sha256.Sum256(text)), Records: int64(d.count), CollectedAt: collected,
		})
	}
	text := must.Get(json.Marshal(manifest))(t)
	must.Do(t, os.WriteFile(filepath.Join(dir, "manifest.json"), text, 0o644))
	b := must.Get(evidence.Open(t.Context(), dir, evidence.DefaultLimits()))(t)
	t.Cleanup(func() { _ = b.Close() })
	return b
}

// laidOut puts records into one of the layouts of a file.
func laidOut(records []string, layout uint8) string {
	switch layout % 4 {
	case 0:
		return strings.Join(records, "\n")
	case 1:
		return "[" + strings.Join(records, ",") + "]"
	case 2:
		return "[\n  " + strings.Join(records, ",\n  ") + "\n]\n"
	default:
		return `{"@odata.context": "x", "value": [` + strings.Join(records, " , ") + `]}`
	}
}
