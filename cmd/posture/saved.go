package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/assessmentfile"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/importer"
)

// savedAssessments calls a function with each assessment that was saved at some paths: files, and folders with files of that kind whose
// names end in .json. One that can't be read, or that the function refuses, is named on standard error and left out; if none is left, that
// is an error.
func (t terminal) savedAssessments(ctx context.Context, paths []string, function func(*engine.Assessment) error) error {
	files, err := savedFiles(paths)
	if err != nil {
		return err
	}
	used := 0
	for _, path := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		a, err := t.readSaved(path)
		if err == nil {
			err = function(a)
		}
		if err != nil {
			t.warn("%s is left out: %v", path, err)
			continue
		}
		used++
	}
	if used == 0 {
		return errors.New("no assessment is left: name files that were saved with assess --format json")
	}
	return nil
}

func (t terminal) readSaved(path string) (*engine.Assessment, error) {
	if path == importer.Stdin {
		return assessmentfile.Read(t.in)
	}
	file, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return assessmentfile.Read(file)
}

// savedFiles returns the files at some paths.
func savedFiles(paths []string) ([]string, error) {
	var files []string
	for _, path := range paths {
		info, err := os.Stat(path)
		if path == importer.Stdin || err != nil || !info.IsDir() {
			files = append(files, path) // what is not there is reported when it is opened
			continue
		}
		entries, err := os.ReadDir(path)
		if err != nil {
			return nil, fmt.Errorf("opening %s: %w", path, err)
		}
		found := len(files)
		for _, entry := range entries {
			if !entry.IsDir() && filepath.Ext(entry.Name()) == ".json" {
				files = append(files, filepath.Join(path, entry.Name()))
			}
		}
		if len(files) == found {
			return nil, fmt.Errorf("the folder %s has no .json file", path)
		}
	}
	slices.Sort(files)
	return slices.Compact(files), nil
}

// isStore reports whether a path is a history: the URL of a database, or a file of SQLite.
func isStore(path string) bool { return history.Remote(path) || history.IsFile(path) }

// latestAssessments calls a function with the latest assessment of each tenant in a history.
func (t terminal) latestAssessments(ctx context.Context, url string, function func(*engine.Assessment) error) error {
	store, err := history.OpenExisting(ctx, url)
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }() // it was only read
	tenants, err := store.Tenants(ctx)
	if err != nil {
		return err
	}
	for _, tenant := range tenants {
		a, err := latestAssessment(ctx, store, tenant.ID)
		if err == nil && a != nil {
			err = function(a)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			t.warn("the latest assessment of %s in %s is left out: %v", tenant.ID, store, err)
		}
	}
	return nil
}

// latestAssessment returns the latest assessment of a tenant that posture made and that retention did not drop, or nil.
func latestAssessment(ctx context.Context, store *history.Store, tenant string) (*engine.Assessment, error) {
	for entry, err := range store.Entries(ctx, history.Filter{Tenant: tenant, Newest: true}) {
		if err != nil {
			return nil, err
		}
		if !entry.Pruned {
			return store.Assessment(ctx, tenant, entry.ID)
		}
	}
	return nil, nil
}
