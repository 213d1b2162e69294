package snapshot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/assessmentfile"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/inputfile"
)

// ErrUnknownTenant is a tenant that the source does not have.
var ErrUnknownTenant = errors.New("there is no such tenant")

// origin is where assessments come from. It is used by one goroutine at a time, but for methods that say otherwise.
type origin interface {
	// mark tells the state of the files that read reads, and of the history of a tenant; of all tenants if the id is empty.
	mark(ctx context.Context, tenant string) (files, head string)
	// tenants returns the ids of at most two tenants, and how many there are.
	tenants(ctx context.Context) (ids []string, count int, err error)
	// read returns what there is of a tenant.
	read(ctx context.Context, tenant string, with *shared) (*found, error)
	// standings lists tenants. Several goroutines may use it.
	standings(ctx context.Context, query Query) ([]history.Standing, int, error)
	// folders returns the folders in which a change may be one of the state.
	folders() []string
	close() error
}

// found is what an origin has of a tenant.
type found struct {
	assessment *engine.Assessment
	live       bool
	since      *attribution.Attribution // nil if there is none
	record     *Record                  // nil without a history
	joins      bool                     // the assessment is later than the record, and none of its entries
	head       string                   // of the history when it was begun to be read
	state      string                   // of the record: more than head if that is empty
	tenants    int
	failing    func(ctx context.Context, action string, from, limit int) ([]engine.Record, int64, error)
}

// open returns the origin of what the options name, which is recognized by content.
func (o *Options) open(ctx context.Context) (origin, error) {
	switch {
	case o.Assessment != nil:
		return newEvidence(o), nil
	case history.Remote(o.Path), history.IsFile(o.Path):
		return openStored(ctx, o.Path)
	case o.Path == importer.Stdin:
		return o.openStdin()
	}
	files, err := savedAt(o.Path)
	if o.Path == o.Store && errors.Is(err, fs.ErrNotExist) {
		return openStored(ctx, o.Path) // it says how a store begins
	}
	if err != nil {
		return nil, err
	}
	if len(files) > 0 {
		return &saved{path: o.Path}, nil
	}
	return newEvidence(o), nil
}

// openStdin returns the origin of what standard input has.
func (o *Options) openStdin() (origin, error) {
	in := o.Stdin
	if in == nil {
		in = strings.NewReader("")
	}
	var seen bytes.Buffer
	known := assessmentfile.Recognise(io.TeeReader(in, &seen))
	in = io.MultiReader(&seen, in)
	if !known {
		o.Stdin = in
		return newEvidence(o), nil
	}
	a, err := assessmentfile.Read(in)
	if err != nil {
		return nil, fmt.Errorf("standard input: %w", err)
	}
	return &saved{list: []*engine.Assessment{a}}, nil
}

// savedAt returns the assessments that were saved at a path: that file, or those of a folder which has no other files of JSON. It returns
// none if something else is there.
func savedAt(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	if !info.IsDir() {
		if known, err := isSaved(path); !known || err != nil {
			return nil, err
		}
		return []string{path}, nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	var files []string
	for _, entry := range entries {
		if name := filepath.Join(path, entry.Name()); !entry.IsDir() && filepath.Ext(name) == ".json" {
			if known, err := isSaved(name); !known || err != nil {
				return nil, err
			}
			files = append(files, name)
		}
	}
	slices.Sort(files)
	return files, nil
}

// isSaved reports whether a file is an assessment, as far as its names tell.
func isSaved(path string) (bool, error) {
	file, err := inputfile.Open(path)
	if err != nil {
		return false, fmt.Errorf("opening %s: %w", path, err)
	}
	defer func() { _ = file.Close() }()
	return assessmentfile.Recognise(file), nil
}
