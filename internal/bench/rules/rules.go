package rules

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/schemas"
)

//go:embed catalog schemas trivial whole
var files embed.FS

// Count is how many rules there are.
const Count = 50

// Queries of the plain Rego.
const (
	QueryWhole   = "data.main.results"    // of Whole: by id, how many are in scope and how many of them fail
	QueryTrivial = "data.trivial.present" // of Trivial
)

// Load loads the catalog.
func Load(ctx context.Context) (*catalog.Catalog, error) {
	tree, err := fs.Sub(files, "schemas")
	if err != nil {
		return nil, fmt.Errorf("loading the rules of the bench: %w", err)
	}
	datasets, err := schemas.Open(tree)
	if err != nil {
		return nil, fmt.Errorf("loading the rules of the bench: %w", err)
	}
	packed, err := pack("catalog")
	if err != nil {
		return nil, fmt.Errorf("loading the rules of the bench: %w", err)
	}
	source, err := catalog.Archive("catalog", packed)
	if err != nil {
		return nil, fmt.Errorf("loading the rules of the bench: %w", err)
	}
	cat, err := catalog.Load(ctx, datasets, source)
	if err != nil {
		return nil, fmt.Errorf("loading the rules of the bench: %w", err)
	}
	return cat, nil
}

// pack makes a .tar.gz catalog of a folder.
func pack(folder string) (*bytes.Buffer, error) {
	tree, err := fs.Sub(files, folder)
	if err != nil {
		return nil, err
	}
	var packed bytes.Buffer
	zipped, err := gzip.NewWriterLevel(&packed, gzip.NoCompression)
	if err != nil {
		return nil, err
	}
	w := tar.NewWriter(zipped)
	if err := w.AddFS(tree); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return &packed, zipped.Close()
}

// WriteWhole writes the plain Rego of the rules, with the data that they look things up in, into a
// folder for other programs.
func WriteWhole(dir string) error { return write("whole", dir) }

// WriteTrivial writes a rule that costs nothing into a folder, for other programs.
func WriteTrivial(dir string) error { return write("trivial", dir) }

func write(folder, dir string) error {
	paths, err := fs.Glob(files, folder+"/*")
	if err != nil {
		return fmt.Errorf("writing plain Rego: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("writing plain Rego: %w", err)
	}
	for _, path := range paths {
		text, err := files.ReadFile(path)
		if err != nil {
			return fmt.Errorf("writing plain Rego: %w", err)
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(path)), text, 0o644); err != nil {
			return fmt.Errorf("writing plain Rego: %w", err)
		}
	}
	return nil
}
