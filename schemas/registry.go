package schemas

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

//go:embed evidence *.json
var files embed.FS

// Registry holds the datasets that are known. It is safe for concurrent use.
type Registry struct {
	datasets map[string]*Dataset
	names    []string
}

// Builtin reads the schemas that come with the program. Validators are compiled when they are first needed.
func Builtin() (*Registry, error) {
	tree, err := fs.Sub(files, "evidence")
	if err != nil {
		return nil, fmt.Errorf("schemas: %w", err)
	}
	return Open(tree)
}

// Open reads the schemas of other datasets than those that come with the program: every file of the tree is the schema of
// one, <area>/<dataset>.json, as in the folder evidence of this package.
func Open(tree fs.FS) (*Registry, error) {
	registry := &Registry{datasets: map[string]*Dataset{}}
	err := fs.WalkDir(tree, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		return registry.add(tree, file)
	})
	if err != nil {
		return nil, fmt.Errorf("schemas: %w", err)
	}
	slices.Sort(registry.names)
	return registry, nil
}

// add reads the schema of one dataset.
func (r *Registry) add(tree fs.FS, file string) error {
	name, err := nameOf(file)
	if err != nil {
		return err
	}
	raw, err := fs.ReadFile(tree, file)
	if err != nil {
		return err
	}
	dataset, err := parse(name, raw)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	r.datasets[name] = dataset
	r.names = append(r.names, name)
	return nil
}

// Dataset returns the dataset of that name, such as "entra.users".
func (r *Registry) Dataset(name string) (*Dataset, bool) {
	dataset, ok := r.datasets[name]
	return dataset, ok
}

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
