package schemas

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed evidence *.json
var files embed.FS

// Registry holds the datasets that are known. It is safe for concurrent use.
type Registry struct {
	datasets map[string]func() (*Dataset, error)
	names    []string
	digest   func() string
}

// Builtin returns the schemas that come with the program. Most runs need few of them, so each is read when it is first asked for;
// that all of them can be is for a test to say.
func Builtin() (*Registry, error) { return shipped() }

var shipped = sync.OnceValues(func() (*Registry, error) {
	tree, err := fs.Sub(files, "evidence")
	if err != nil {
		return nil, fmt.Errorf("schemas: %w", err)
	}
	registry, err := find(tree, parseLate)
	if err == nil {
		registry.digest = sync.OnceValue(func() string { return digest(tree) })
	}
	return registry, err
})

// Open reads the schemas of other datasets than those that come with the program: every file of the tree is the schema of
// one, <area>/<dataset>.json, as in the folder evidence of this package.
func Open(tree fs.FS) (*Registry, error) {
	registry, err := find(tree, parse)
	if err != nil {
		return nil, err
	}
	for _, name := range registry.names {
		if _, err := registry.datasets[name](); err != nil {
			return nil, fmt.Errorf("schemas: %w", err)
		}
	}
	return registry, nil
}

// find lists the schemas of a tree, to be read in that way.
func find(tree fs.FS, read func(name string, raw []byte) (*Dataset, error)) (*Registry, error) {
	registry := &Registry{datasets: map[string]func() (*Dataset, error){}, digest: func() string { return "" }}
	err := fs.WalkDir(tree, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := nameOf(file)
		if err != nil {
			return err
		}
		registry.names = append(registry.names, name)
		registry.datasets[name] = sync.OnceValues(func() (*Dataset, error) {
			raw, err := fs.ReadFile(tree, file)
			if err != nil {
				return nil, err
			}
			dataset, err := read(name, raw)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			return dataset, nil
		})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("schemas: %w", err)
	}
	slices.Sort(registry.names)
	return registry, nil
}

// digest hashes the paths and texts of a tree. That of a file that can't be read is no part of it.
func digest(tree fs.FS) string {
	h := sha256.New()
	_ = fs.WalkDir(tree, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(tree, file)
		if err == nil {
			_, _ = fmt.Fprintf(h, "%q %d\n", file, len(raw))
			_, _ = h.Write(raw)
		}
		return err
	})
	return hex.EncodeToString(h.Sum(nil))
}

// Dataset returns the dataset of that name, such as "entra.users".
func (r *Registry) Dataset(name string) (*Dataset, bool) {
	read, ok := r.datasets[name]
	if !ok {
		return nil, false
	}
	dataset, err := read()
	return dataset, err == nil
}

// Digest names the schemas that come with the program by their content; it is empty for others.
func (r *Registry) Digest() string { return r.digest() }

// Names lists the datasets, sorted.
func (r *Registry) Names() []string { return slices.Clone(r.names) }

// nameOf turns "entra/users.json" into "entra.users".
func nameOf(file string) (string, error) {
	area, base, nested := strings.Cut(file, "/")
	if !nested || strings.Contains(base, "/") || path.Ext(base) != ".json" {
		return "", fmt.Errorf("%s: want <area>/<dataset>.json", file)
	}
	return area + "." + strings.TrimSuffix(base, ".json"), nil
}
