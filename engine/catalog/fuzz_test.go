package catalog_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
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
		archive := must.Get(txtar.ParseFile(name))(f)
		for _, file := range archive.Files {
			if strings.HasSuffix(file.Name, ".hcl") {
				f.Add(string(file.Data))
			}
		}
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
