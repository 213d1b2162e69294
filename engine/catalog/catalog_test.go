package catalog_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/schemas"
)

var update = flag.Bool("update", false, "write what tests expect anew")

func registry(t testing.TB) *schemas.Registry {
	t.Helper()
	return must.Get(schemas.Builtin())(t)
}

func builtinSource(t testing.TB) catalog.Source {
	t.Helper()
	return must.Get(catalog.Builtin())(t)
}

func builtinCatalog(t testing.TB) *catalog.Catalog {
	t.Helper()
	return mustLoad(t, builtinSource(t))
}

// folder writes files, by their paths, below a new folder.
func folder(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		must.Do(t, os.MkdirAll(filepath.Dir(name), 0o755))
		must.Do(t, os.WriteFile(name, []byte(text), 0o644))
	}
	return dir
}

// source reads files as a catalog of that name.
func source(t testing.TB, name string, files map[string]string) catalog.Source {
	t.Helper()
	s := must.Get(catalog.Dir(folder(t, files)))(t)
	s.Name = name
	return s
}

// load loads sources on top of the built-in products.
func load(t testing.TB, sources ...catalog.Source) (*catalog.Catalog, error) {
	t.Helper()
	products := must.Get(catalog.Products())(t)
	return catalog.Load(t.Context(), registry(t), append([]catalog.Source{products}, sources...)...)
}

func mustLoad(t testing.TB, sources ...catalog.Source) *catalog.Catalog {
	t.Helper()
	return must.Get(load(t, sources...))(t)
}

// control returns the one control of a catalog.
func control(t testing.TB, cat *catalog.Catalog, id string) *catalog.Control {
	t.Helper()
	c, ok := cat.Control(id)
	if !ok {
		t.Fatalf("the catalog has no control %s", id)
	}
	return c
}

// printed is what a user is shown of an error.
func printed(t testing.TB, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	var problems *catalog.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("the error is a %T: %v", err, err)
	}
	var text bytes.Buffer
	must.Do(t, problems.Write(&text, 0, false))
	return text.String()
}

// archived returns the files of a txtar archive below a folder of it, which is "" for all.
func archived(archive *txtar.Archive, below string) map[string]string {
	files := map[string]string{}
	for _, file := range archive.Files {
		if name, ok := bytes.CutPrefix([]byte(file.Name), []byte(below)); ok && file.Name != "want" {
			files[string(name)] = string(file.Data)
		}
	}
	return files
}

// settingHCL and settingRego are a small control that loads, to be changed by tests.
const (
	settingHCL = `control "Defaults" {
  title    = "Turn on security defaults"
  category = "identity"
  product  = "entra_id"
  points   = 5
  tier     = "core"
  threats  = []
  setting {}
  context  = ["entra.security_defaults"]
  implementation {
    steps = ["Turn them on."]
  }
  source = "Invented for tests"
}
`
	settingRego = `package policies.entra.defaults

default compliant := false

compliant if data.evidence.entra.security_defaults.isEnabled == true
`
)

// attestedHCL is a control that needs no Rego.
func attestedHCL(id string) string {
	text := strings.Replace(settingHCL, `"Defaults"`, strconv.Quote(id), 1)
	text = strings.Replace(text, `context  = ["entra.security_defaults"]`, "", 1)
	return strings.Replace(text, "setting {}", "attested {}", 1)
}
