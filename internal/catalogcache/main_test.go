package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/must"
)

// TestSnapshotIsFresh works the catalog out once more: what is committed has to be the same, byte for byte.
func TestSnapshotIsFresh(t *testing.T) {
	want := must.Get(catalog.Snapshot(t.Context(), engine.Precompile))(t)
	got := must.Get(os.ReadFile(filepath.Join("..", "..", path)))(t)
	if !bytes.Equal(want, got) {
		t.Errorf("%s is out of date, and programs start slowly without it: run `make update`", path)
	}
}
