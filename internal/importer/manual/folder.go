package manual

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/suggest"
	"github.com/posture-score/posture/schemas"
)

// Named is a file that is named after the dataset whose records it holds, such as inventory.servers.ndjson.
type Named struct {
	File
	Base string // the name of the file
}

// DatasetOf returns the name of the dataset that a file is named after; false for files that are not named so.
func DatasetOf(file string) (dataset string, ok bool) {
	base := filepath.Base(file)
	name, json := strings.CutSuffix(base, ".json")
	name, lines := strings.CutSuffix(name, ".ndjson")
	return name, (json || lines) && strings.Count(name, ".") == 1 && !strings.HasPrefix(name, ".")
}

// Folder returns the files of a folder that are named after datasets, sorted by name, and the names of the others. Files of datasets
// that nobody knows are an error that names all of them.
func Folder(files fs.FS, dir string, registry *schemas.Registry, limits evidence.Limits) (named []Named, others []string, err error) {
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, nil, fmt.Errorf("reading the folder %s: %w", dir, err)
	}
	var unknown []error
	byDataset := map[string]string{}
	for _, entry := range entries {
		base := entry.Name()
		if base == "manifest.json" {
			return nil, nil, fmt.Errorf("%s is a bundle already: it has a manifest.json. --bundle takes over its datasets", dir)
		}
		name, ok := DatasetOf(base)
		info, statErr := fs.Stat(files, base)
		if !ok || statErr != nil || !info.Mode().IsRegular() {
			if !strings.HasPrefix(base, ".") {
				others = append(others, base)
			}
			continue
		}
		dataset, err := Find(registry, name)
		switch {
		case err != nil:
			unknown = append(unknown, fmt.Errorf("%s: %s", filepath.Join(dir, base), err.Error())) // the name is of a file: nobody typed it
			continue
		case byDataset[name] != "":
			unknown = append(unknown, fmt.Errorf("%s: %s is of the dataset %s, too: put their records into one file", filepath.Join(dir, base), byDataset[name], name))
			continue
		}
		byDataset[name] = base
		named = append(named, Named{File: File{Name: filepath.Join(dir, base), Dataset: dataset, Limits: limits}, Base: base})
	}
	if len(unknown) == 0 && len(named) == 0 {
		unknown = append(unknown, fmt.Errorf("%s holds no file that is named after a dataset, such as inventory.servers.ndjson", dir))
	}
	return named, others, errors.Join(unknown...)
}

// Find returns the dataset of that name. The error names the nearest one that is known.
func Find(registry *schemas.Registry, name string) (*schemas.Dataset, error) {
	if dataset, ok := registry.Dataset(name); ok {
		return dataset, nil
	}
	return nil, &suggest.UnknownError{
		Where: "the catalog", Kind: "dataset", Name: name, Known: registry.Names(),
		Help: "'posture schema list' lists all; --catalog DIR adds those of a catalog",
	}
}

// Part returns the file as a part of a bundle. It is opened when its records are read.
func (n Named) Part(ctx context.Context, files fs.FS) Part {
	return Part{From: n.Name, Dataset: n.Dataset, Records: func(yield func(any, error) bool) {
		file, err := files.Open(n.Base)
		if err != nil {
			yield(nil, fmt.Errorf("opening %s: %w", n.Name, err))
			return
		}
		defer func() { _ = file.Close() }()
		n.Records(ctx, file)(yield)
	}}
}
