package catalog_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/schemas"
)

// loadAttested loads a catalog of one control with a fact of its own.
func loadAttested(t *testing.T, cat, fact string) (*catalog.Catalog, error) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"catalog.hcl": cat, "c.hcl": `control "C" {
  title    = "A control"
  category = "device"
  product  = "test"
  points   = 1
  tier     = "core"
  threats  = []
  source   = "a test"
  attested {}
  implementation {
    steps = ["do it"]
  }
  ` + fact + "\n}\n"} {
		path := filepath.Join(dir, "test", name)
		must.Do(t, os.MkdirAll(filepath.Dir(path), 0o755))
		must.Do(t, os.WriteFile(path, []byte(text), 0o644))
	}
	datasets := must.Get(schemas.Builtin())(t)
	source := must.Get(catalog.Dir(dir))(t)
	return catalog.Load(t.Context(), datasets, source)
}

func TestException(t *testing.T) {
	const product = "product \"test\" {\n  title = \"Test\"\n}\n"
	cat := must.Get(loadAttested(t, product, `exception = "sca-_-scid-96"`))(t)
	if control, _ := cat.Control("C"); control.Exception != "sca-_-scid-96" {
		t.Errorf("exception %q", control.Exception)
	}
	for _, empty := range []string{`exception = ""`, `exception = " "`} {
		if _, err := loadAttested(t, product, empty); err == nil || !strings.Contains(err.Error(), "Invalid exception") {
			t.Errorf("%s: %v", empty, err)
		}
	}
	if _, ok := cat.Datasets().Dataset(catalog.ExceptionDataset); !ok {
		t.Errorf("%s has no schema", catalog.ExceptionDataset)
	}
}

// The plans of a product decide whether its controls apply, so they are part of the catalog's digest.
func TestDigestCoversProducts(t *testing.T) {
	digests := map[string]string{}
	for _, product := range []string{
		`title = "Test"`, `title = "Other"`, "title = \"Test\"\n  service_plans = [\"A\"]", "title = \"Test\"\n  service_plans = [\"A\", \"B\"]",
	} {
		cat := must.Get(loadAttested(t, "product \"test\" {\n  "+product+"\n}\n", ""))(t)
		if other, seen := digests[cat.Digest()]; seen {
			t.Errorf("%s and %s have the same digest", product, other)
		}
		digests[cat.Digest()] = product
	}
}
