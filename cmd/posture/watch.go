package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// pollInterval is how often watched files are looked at. Polling works on every file system, and a catalog has few files.
const pollInterval = 200 * time.Millisecond

// watchFlags say whether a command runs again when files change.
type watchFlags struct{ watch bool }

func (f *watchFlags) register(cmd *cobra.Command) {
	cmd.Flags().BoolVarP(&f.watch, "watch", "w", false, "run again whenever a file changes, until you press Ctrl-C")
}

// run calls a function once or, with --watch, again whenever a .hcl or .rego file of the paths changes. Errors of the function are
// printed then, and end nothing.
func (f *watchFlags) run(ctx context.Context, t terminal, paths []string, text bool, function func(context.Context) error) error {
	switch {
	case !f.watch:
		return function(ctx)
	case len(paths) == 0:
		return usageError{errors.New("--watch needs a folder: the built-in catalog does not change")}
	case !text:
		return usageError{errors.New("--watch prints text: leave out --format")}
	}
	for seen := stateOf(paths); ; {
		err := function(ctx)
		if ctx.Err() != nil {
			return failure(exitInterrupted)
		}
		t.report(err)
		fmt.Fprintf(t.err, "\nwatching %s (Ctrl-C to end)\n", strings.Join(paths, ", "))
		changed, err := nextChange(ctx, paths, &seen)
		if err != nil {
			return failure(exitInterrupted)
		}
		fmt.Fprintf(t.out, "\n──── changed: %s\n\n", changed)
	}
}

// stateOf returns the state of the policy files of folders, and of the other files named.
func stateOf(paths []string) map[string]string {
	state := map[string]string{}
	for _, path := range paths {
		// What can't be read now is told by the command, and may be there the next time.
		_ = filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return nil //nolint:nilerr // see above
			case entry.IsDir() && name != path && strings.HasPrefix(entry.Name(), "."):
				return fs.SkipDir
			case entry.IsDir(), name != path && !isWatched(name):
				return nil
			}
			if info, err := os.Stat(name); err == nil {
				state[name] = fmt.Sprint(info.Size(), info.ModTime().UnixNano())
			}
			return nil
		})
	}
	return state
}

func isWatched(name string) bool {
	return slices.Contains([]string{".hcl", ".rego", ".json"}, filepath.Ext(name)) && !strings.HasPrefix(filepath.Base(name), ".")
}

// nextChange waits until files have changed and stay as they are for one interval, so that a file is not read while it is being
// written. It returns the names of those that changed; the error is that of the context.
func nextChange(ctx context.Context, paths []string, seen *map[string]string) (string, error) {
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for last := *seen; ; {
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-ticker.C:
		}
		now := stateOf(paths)
		if maps.Equal(now, last) && !maps.Equal(now, *seen) {
			changed := difference(*seen, now)
			*seen = now
			return changed, nil
		}
		last = now
	}
}

// difference names the files that differ between two states: at most three of them.
func difference(a, b map[string]string) string {
	const most = 3
	var names []string
	for name := range a {
		if a[name] != b[name] {
			names = append(names, name)
		}
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}
