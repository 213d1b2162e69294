package schemas

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed evidence *.json
var files embed.FS

// Registry is a set of datasets. It is immutable and safe for concurrent use.
type Registry struct {
	datasets map[string]func() (*Dataset, error)
	names    []string   // sorted
	own      []*Dataset // that With added, sorted by name
	digest   func() string
}

// Builtin returns the schemas that come with the program. Most runs need few of them, so each is parsed
// on first use; a test parses all of them.
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

// Open returns a registry of other datasets than those that come with the program. Every file of the
// tree is the schema of one dataset, <area>/<dataset>.json, as in the folder evidence of this package.
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

// With returns a registry that has the datasets of a catalog, too; see [Parse]. A name that is known
// already is an error.
func (r *Registry) With(own ...*Dataset) (*Registry, error) {
	if len(own) == 0 {
		return r, nil
	}
	all := &Registry{datasets: maps.Clone(r.datasets), names: slices.Clone(r.names), own: slices.Concat(r.own, own)}
	for _, dataset := range own {
		if _, known := all.datasets[dataset.Name]; known {
			return nil, fmt.Errorf("schemas: the dataset %s is declared twice", dataset.Name)
		}
		all.datasets[dataset.Name] = func() (*Dataset, error) { return dataset, nil }
		all.names = append(all.names, dataset.Name)
	}
	slices.Sort(all.names)
	slices.SortFunc(all.own, func(a, b *Dataset) int { return strings.Compare(a.Name, b.Name) })
	all.digest = sync.OnceValue(func() string {
		h := sha256.New()
		_, _ = fmt.Fprintln(h, r.Digest())
		for _, dataset := range own {
			_, _ = fmt.Fprintln(h, dataset.Name, dataset.Digest)
		}
		return hex.EncodeToString(h.Sum(nil))
	})
	if r.Digest() == "" {
		all.digest = r.digest
	}
	return all, nil
}

// find lists the schemas of a tree. Each is parsed by read on first use.
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

// digest returns the SHA-256, in hexadecimal, of the paths and texts of a tree, without files that can't be read.
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

// Digest returns a digest of all schemas of a registry that begins with [Builtin], in hexadecimal; ""
// of other registries.
func (r *Registry) Digest() string { return r.digest() }

// Names returns the names of all datasets, sorted.
func (r *Registry) Names() []string { return slices.Clone(r.names) }

// Own returns the datasets that [Registry.With] added, sorted by name.
func (r *Registry) Own() []*Dataset { return slices.Clone(r.own) }

// nameOf returns "entra.users" for "entra/users.json".
func nameOf(file string) (string, error) {
	area, base, nested := strings.Cut(file, "/")
	if !nested || strings.Contains(base, "/") || path.Ext(base) != ".json" {
		return "", fmt.Errorf("%s: want <area>/<dataset>.json", file)
	}
	return area + "." + strings.TrimSuffix(base, ".json"), nil
}
