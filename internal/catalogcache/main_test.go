package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
)

// TestSnapshotIsFresh works the catalog out once more: what is committed has to be the same, byte for byte.
func TestSnapshotIsFresh(t *testing.T) {
	want, err := catalog.Snapshot(t.Context(), engine.Precompile)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join("..", "..", path))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, got) {
		t.Errorf("%s is out of date, and programs start slowly without it: run `make update`", path)
	}
}
