package watch

import (
	"context"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// poll is how often files are looked at whose file system tells nothing.
const poll = time.Second

// Files are files and the files in folders, whose names or content change. Hidden ones are left out, unless they are named.
type Files struct {
	paths  []string
	ignore func(name string, info fs.FileInfo) bool
	events <-chan struct{}
	seen   state
}

// New watches files and folders until the context ends. Changes from now on are told. The function says which files in folders don't
// count; it may be nil.
func New(ctx context.Context, paths []string, ignore func(name string, info fs.FileInfo) bool) *Files {
	f := &Files{paths: paths, ignore: ignore}
	f.events = Events(ctx, f.folders)
	f.seen = f.look()
	return f
}

// state is size and time of files by name.
type state map[string]stamp

type stamp struct{ size, changed int64 }

// each calls a function with each file and folder that is watched.
func (f *Files) each(visit func(name string, folder bool)) {
	for _, path := range f.paths {
		root := path
		if info, err := os.Stat(path); err == nil && info.IsDir() && !os.IsPathSeparator(path[len(path)-1]) {
			root += string(filepath.Separator) // where it is a link to a folder, WalkDir goes into that
		}
		// What can't be read now is told by who reads it, and may be there the next time.
		_ = filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return nil //nolint:nilerr // see above
			case name == root:
				name = path
			case strings.HasPrefix(entry.Name(), ".") && entry.IsDir():
				return fs.SkipDir
			case strings.HasPrefix(entry.Name(), "."):
				return nil
			}
			visit(name, entry.IsDir())
			return nil
		})
	}
}

func (f *Files) look() state {
	now := state{}
	f.each(func(name string, folder bool) {
		if folder {
			return
		}
		info, err := os.Stat(name)
		if err != nil || info.IsDir() || !slices.Contains(f.paths, name) && f.ignore != nil && f.ignore(name, info) {
			return
		}
		now[name] = stamp{info.Size(), info.ModTime().UnixNano()}
	})
	return now
}

// folders returns the folders that are watched, and those of files: a file may be replaced by another one.
func (f *Files) folders() []string {
	var list []string
	f.each(func(name string, folder bool) {
		if folder {
			list = append(list, name)
		}
	})
	for _, path := range f.paths {
		list = append(list, filepath.Dir(path))
		if real, err := filepath.EvalSymlinks(path); err == nil && real != filepath.Clean(path) {
			list = append(list, real, filepath.Dir(real))
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Names returns the names of the files that are there, as far as changes were told, sorted.
func (f *Files) Names() []string { return slices.Sorted(maps.Keys(f.seen)) }

// Next waits until files have changed and stay as they are for a moment. It returns the names of those that changed, sorted; the error
// is that of the context.
func (f *Files) Next(ctx context.Context) ([]string, error) {
	ticker := time.NewTicker(poll)
	defer ticker.Stop()
	for {
		now := f.look()
		for !maps.Equal(now, f.seen) {
			Settle(ctx, f.events)
			last := now
			if now = f.look(); ctx.Err() == nil && maps.Equal(now, last) && !maps.Equal(now, f.seen) {
				changed := difference(f.seen, now)
				f.seen = now
				return changed, nil
			}
			if ctx.Err() != nil {
				break
			}
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-f.events:
		case <-ticker.C:
		}
	}
}

// difference returns the names of the files that differ between two states.
func difference(before, after state) []string {
	var names []string
	for name, was := range before {
		if after[name] != was {
			names = append(names, name)
		}
	}
	for name := range after {
		if _, known := before[name]; !known {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
