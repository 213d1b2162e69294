package catalog_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/must"
)

// FuzzLoad reads any text as a policy file beside a fixed rule: it loads, or every problem says
// which file it is in.
func FuzzLoad(f *testing.F) {
	f.Add(settingHCL)
	f.Add(attestedHCL("A"))
	f.Add(sharedDefaults + "control \"A\" {}\n")
	f.Add("license \"a\" {\n title = \"A\"\n plans = { X = null, Y = 7 }\n includes = [\"a\", \"b\"]\n}\nproduct \"p\" {\n title = \"P\"\n license = \"a\"\n}\n")
	names := must.Get(filepath.Glob("testdata/diagnostics/*.txtar"))(f)
	for _, name := range names {
		examples := must.Get(txtar.ParseFile(name))(f)
		for _, file := range examples.Files {
			if strings.HasSuffix(file.Name, ".hcl") {
				f.Add(string(file.Data))
			}
		}
	}
	for _, expression := range expressions() {
		f.Add(strings.Replace(settingHCL, "setting {}", "setting {}\n  parameter \"p\" {\n    type = any\n    default = "+expression(3_000)+"\n  }\n", 1))
	}
	datasets, products := registry(f), source(f, "products", map[string]string{"catalog.hcl": "product \"entra_id\" {\n  title = \"Entra\"\n}\n"})
	dir := folder(f, map[string]string{"entra/defaults.rego": settingRego})
	f.Fuzz(func(t *testing.T, text string) {
		must.Do(t, os.WriteFile(filepath.Join(dir, "entra", "defaults.hcl"), []byte(text), 0o644))
		ours, err := catalog.Dir(dir)
		if err != nil {
			t.Skip(err) // too large
		}
		cat, err := catalog.Load(t.Context(), datasets, products, ours)
		if err != nil {
			placed(t, err)
			return
		}
		if problems := must.Get(catalog.Check(t.Context(), cat))(t); problems != nil {
			placed(t, problems)
		}
		for _, c := range cat.Controls() {
			if c.Points < 0 || c.Points > 1000 || c.Digest == "" || c.Kind == "" || len(c.Datasets()) == 0 {
				t.Errorf("loaded %+v", c)
			}
		}
	})
}

// FuzzParameters reads any text as a file of parameters.
func FuzzParameters(f *testing.F) {
	cat := parametric(f)
	for _, text := range []string{
		"", `control "A" { limit = 2 }`, `control "A" { anything = { a = [1, null, "b"] } }`, `control "Nobody" {}`, `control "A" { limit = }`,
		`control "A" { rows = { x = [1, 2], y = [] } }`, `control "A" { names = [for x in ["a"] : x] }`, `control "A" { word = "${1 + 1}" }`,
	} {
		f.Add(text)
	}
	for _, expression := range expressions() {
		f.Add("control \"A\" {\n  anything = " + expression(2) + "\n}\n")
		f.Add("control \"A\" {\n  anything = " + expression(3_000) + "\n}\n")
	}
	f.Fuzz(func(t *testing.T, text string) {
		changed, err := cat.WithParameters("parameters.hcl", []byte(text))
		if err != nil {
			placed(t, err)
			return
		}
		if len(changed.Controls()) != len(cat.Controls()) {
			t.Error("controls came or went")
		}
	})
}

// FuzzArchive reads anything as an archive of a catalog: it loads, or is refused with words.
func FuzzArchive(f *testing.F) {
	files := map[string]string{
		"entra/defaults.hcl": settingHCL, "entra/defaults.rego": settingRego, "lib/a.rego": "package policies.lib.a\n\nx := " + strings.Repeat("[", 1000),
	}
	whole := archive(f, files)
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add(archive(f, map[string]string{"../../a.hcl": "", "a/b/c/d/e/f/g/h/i/j.hcl": "", ".hidden.hcl": ""}))
	f.Add(archive(f, map[string]string{"schemas/our/servers.json": strings.Repeat("[", 10_000), "entra/deep.hcl": "a = " + strings.Repeat("(", 10_000)}))
	f.Add([]byte{0x1f, 0x8b})
	datasets, products := registry(f), source(f, "products", map[string]string{"catalog.hcl": "product \"entra_id\" {\n  title = \"Entra\"\n}\n"})
	f.Fuzz(func(t *testing.T, data []byte) {
		ours, err := catalog.Archive("ours.tar.gz", bytes.NewReader(data))
		if err != nil {
			if !strings.Contains(err.Error(), "ours.tar.gz") || len(err.Error()) > 2000 {
				t.Errorf("no place, or too many words: %.3000v", err)
			}
			return
		}
		if _, err := catalog.Load(t.Context(), datasets, products, ours); err != nil {
			placed(t, err)
		}
	})
}

// archive returns files as a .tar.gz.
func archive(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var data bytes.Buffer
	zip := gzip.NewWriter(&data)
	tape := tar.NewWriter(zip)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		must.Do(t, tape.WriteHeader(&tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o644, Size: int64(len(files[name]))}))
		must.Get(tape.Write([]byte(files[name])))(t)
	}
	must.Do(t, tape.Close())
	must.Do(t, zip.Close())
	return data.Bytes()
}

// placed says that every problem has a place, and that all can be printed.
func placed(t *testing.T, err error) {
	t.Helper()
	var problems *catalog.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("the error is a %T: %v", err, err)
	}
	for _, d := range problems.Diagnostics {
		if d.Subject == nil || d.Subject.Filename == "" || d.Subject.Start.Line < 1 || d.Summary == "" || d.Detail == "" {
			t.Errorf("no place or no words: %+v", d)
		}
	}
	var text bytes.Buffer
	if err := problems.Write(&text, 80, true); err != nil {
		t.Error(err)
	}
}
