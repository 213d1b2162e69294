package engine_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/schemas"
)

// readInFull reads the built-in catalog without its cache, which is not for schemas from a folder.
func readInFull() (*catalog.Catalog, error) {
	return readWith(schemas.Open(os.DirFS(filepath.Join("..", "schemas", "evidence"))))
}

// loadInFull is readInFull, once for all tests.
var loadInFull = sync.OnceValues(readInFull)

func inFull(t testing.TB) *catalog.Catalog {
	t.Helper()
	return must.Get(loadInFull())(t)
}

// TestCachedCatalog holds that an assessment by the cached catalog is the one by the catalog loaded in full.
func TestCachedCatalog(t *testing.T) {
	t.Parallel()
	full, restored := inFull(t), builtin(t)
	if full.Ready() != "" {
		t.Fatal("the cache was used for schemas that it was not made of")
	}
	if restored.Ready() == "" {
		t.Fatal("the cache is out of date: go run ./internal/catalogcache")
	}
	for _, tenant := range []string{"contoso", "fabrikam", "tailspin"} {
		b := must.Get(evidence.Open(t.Context(), filepath.Join("..", "testdata", tenant), evidence.DefaultLimits()))(t)
		want, got := assessment(t, full, b), assessment(t, restored, b)
		if !bytes.Equal(want, got) {
			t.Errorf("%s (-full +restored):\n%s", tenant, cmp.Diff(string(want), string(got)))
		}
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}
}

func assessment(t *testing.T, cat *catalog.Catalog, b *evidence.Bundle) []byte {
	t.Helper()
	return must.Get(json.Marshal(assess(t, cat, b, engine.Options{}, engine.AssessOptions{})))(t)
}

// TestCachedCatalogFallbacks holds that all built-in rules are compiled, with the cache and without it.
func TestCachedCatalogFallbacks(t *testing.T) {
	t.Parallel()
	for name, cat := range map[string]*catalog.Catalog{"in full": inFull(t), "from its cache": builtin(t)} {
		e := must.Get(engine.Compile(t.Context(), cat, engine.Options{}))(t)
		if list := e.Fallbacks(); len(list) > 0 {
			t.Errorf("loaded %s: %v", name, list)
		}
	}
}
