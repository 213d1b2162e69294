package tenant

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/schemas"
)

var update = flag.Bool("update", false, "rewrite the sample tenants in testdata")

// Committed bytes are a promise to everybody who clones the project.
const mostSampleBytes = 1_500_000

func sampleDir(name string) string { return filepath.Join("..", "..", "testdata", name) }

func TestSamplesAreWhatTheCodeGenerates(t *testing.T) {
	for _, spec := range Samples() {
		t.Run(spec.Name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), spec.Name)
			write(t, spec, dir)
			if *update {
				replace(t, dir, sampleDir(spec.Name))
			}
			want, got := files(t, dir), files(t, sampleDir(spec.Name))
			if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))); diff != "" {
				t.Errorf("files (-generated +committed); run go test ./internal/tenant -update:\n%s", diff)
			}
			size := 0
			for name, content := range want {
				size += len(content)
				if got[name] != content {
					t.Errorf("%s is not what the code generates; run go test ./internal/tenant -update", name)
				}
			}
			if size > mostSampleBytes {
				t.Errorf("%d bytes, want at most %d", size, mostSampleBytes)
			}
		})
	}
}

func TestSamplesFollowTheSchemas(t *testing.T) {
	registry := must.Get(schemas.Builtin())(t)
	for _, spec := range Samples() {
		t.Run(spec.Name, func(t *testing.T) {
			bundle := must.Get(evidence.Open(t.Context(), sampleDir(spec.Name), evidence.DefaultLimits()))(t)
			defer func() { _ = bundle.Close() }()
			if err := bundle.Verify(t.Context()); err != nil {
				t.Error(err)
			}
			for _, listed := range bundle.Manifest().Datasets {
				if listed.Status == evidence.Collected {
					validate(t, registry, bundle, listed.Name)
				}
			}
		})
	}
}

func validate(t *testing.T, registry *schemas.Registry, bundle *evidence.Bundle, name string) {
	t.Helper()
	dataset, ok := registry.Dataset(name)
	if !ok {
		t.Errorf("dataset %s has no schema", name)
		return
	}
	for record, err := range bundle.Records(t.Context(), name) {
		if err != nil {
			t.Error(err)
			return
		}
		value, err := records.Decode(record.JSON, records.Limits{})
		if err != nil {
			t.Error(err)
			return
		}
		for _, v := range dataset.Validate(value) {
			t.Errorf("%s record %d, %s: %s", name, record.Index, v.Pointer, v.Message)
		}
		if object, ok := value.(map[string]any); ok {
			unknown(t, name, object, dataset.Shape())
		}
	}
}

// unknown reports fields that no schema describes: in invented evidence they are misspelt.
func unknown(t *testing.T, name string, record, shape map[string]any) {
	t.Helper()
	described, _ := shape["properties"].(map[string]any)
	for field := range record {
		if _, ok := described[field]; !ok {
			t.Errorf("%s: field %s is not in the schema", name, field)
		}
	}
}

func TestTenantsHaveEveryDataset(t *testing.T) {
	registry := must.Get(schemas.Builtin())(t)
	tenant := invent(t, Spec{Name: "contoso", Profile: "mixed", Users: 60})
	// Of ScubaGear alone: a part of entra.role_assignments, which a tenant has whole, and what its
	// configuration leaves out.
	scubagear := []string{"attestation.baseline_exceptions", "entra.privileged_role_assignments"}
	described := slices.DeleteFunc(registry.Names(), func(name string) bool { return slices.Contains(scubagear, name) })
	if diff := cmp.Diff(described, tenant.Datasets()); diff != "" {
		t.Errorf("datasets (-described +invented):\n%s", diff)
	}
	for _, name := range tenant.Datasets() {
		dataset, ok := registry.Dataset(name)
		if !ok {
			continue
		}
		_, err := tenant.Document(name)
		if isDocument := dataset.Kind == schemas.Document; isDocument != (err == nil) {
			t.Errorf("%s is a %s, but Document says %v", name, dataset.Kind, err)
		}
	}
}

func invent(t testing.TB, spec Spec) *Tenant {
	t.Helper()
	if spec.CollectedAt.IsZero() {
		spec.CollectedAt = CollectedAt()
	}
	return must.Get(New(spec))(t)
}

func write(t testing.TB, spec Spec, dir string) {
	t.Helper()
	must.Do(t, invent(t, spec).Write(t.Context(), dir))
}

func files(t testing.TB, dir string) map[string]string {
	t.Helper()
	entries := must.Get(os.ReadDir(dir))(t)
	contents := map[string]string{}
	for _, entry := range entries {
		content := must.Get(os.ReadFile(filepath.Join(dir, entry.Name())))(t)
		contents[entry.Name()] = string(content)
	}
	return contents
}

func replace(t *testing.T, from, to string) {
	t.Helper()
	must.Do(t, os.RemoveAll(to))
	must.Do(t, os.CopyFS(to, os.DirFS(from)))
}

// Controls for device settings are families of one id each: a default tenant has evidence for all of them.
func TestSettingsAreThoseOfThePolicies(t *testing.T) {
	cat := must.Get(catalog.Load(t.Context(), must.Get(schemas.Builtin())(t), must.Get(catalog.Builtin())(t)))(t)
	var want, got []string
	for _, control := range cat.Controls() {
		if control.Coverage == nil {
			continue
		}
		for _, match := range control.Coverage.Match {
			if id, ok := match.Value.(string); ok && match.Field == "configurationId" {
				want = append(want, id)
			}
		}
	}
	for _, s := range invent(t, Spec{Name: "contoso", Profile: "good", Users: 60}).settings {
		got = append(got, s.ID)
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(slices.Compact(want), got); diff != "" {
		t.Errorf("device settings (-of policies +of data/settings.json):\n%s", diff)
	}
}
