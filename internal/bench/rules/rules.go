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
	"github.com/posture-score/posture/internal/bench/synthetic"
	"github.com/posture-score/posture/schemas"
)

//go:embed alike distinct trivial
var files embed.FS

// Set is one of the sets of rules, by the name of its folder.
type Set string

// The sets.
const (
	Alike    Set = "alike"    // 50 rules, mostly over fields with few different values
	Distinct Set = "distinct" // 20 rules over fields that differ in every record
)

// Sets returns all of them.
func Sets() []Set { return []Set{Alike, Distinct} }

// Count is how many rules there are.
func (s Set) Count() int {
	if s == Distinct {
		return 20
	}
	return 50
}

// Tenant returns the tenant that the rules are about.
func (s Set) Tenant(users int) synthetic.Tenant {
	return synthetic.Tenant{Users: users, Distinct: s == Distinct}
}

// Queries of the plain Rego.
const (
	QueryWhole   = "data.main.results"    // of Whole: by id, how many are in scope and how many of them fail
	QueryTrivial = "data.trivial.present" // of Trivial
)

// Load loads the catalog.
func (s Set) Load(ctx context.Context) (*catalog.Catalog, error) {
	tree, err := fs.Sub(files, string(s)+"/schemas")
	if err != nil {
		return nil, fmt.Errorf("loading the rules of the bench: %w", err)
	}
	datasets, err := schemas.Open(tree)
	if err != nil {
		return nil, fmt.Errorf("loading the rules of the bench: %w", err)
	}
	packed, err := pack(string(s) + "/catalog")
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
func (s Set) WriteWhole(dir string) error { return write(string(s)+"/whole", dir) }

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
