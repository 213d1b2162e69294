package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/watch"
)

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
	for files := watch.New(ctx, paths, isNoPolicy); ; {
		err := function(ctx)
		if ctx.Err() != nil {
			return failure(interrupted(ctx))
		}
		t.report(ctx, err)
		if watching := "watching " + strings.Join(paths, ", "); t.json() {
			t.say("%s", watching)
		} else {
			fmt.Fprintf(t.err, "\n%s (Ctrl-C to end)\n", watching)
		}
		changed, err := files.Next(ctx)
		if err != nil {
			return failure(interrupted(ctx))
		}
		fmt.Fprintf(t.out, "\n──── changed: %s\n\n", fewNames(changed))
	}
}

// isNoPolicy reports whether a file in a folder of policies is none of theirs.
func isNoPolicy(name string, _ fs.FileInfo) bool {
	return !slices.Contains([]string{".hcl", ".rego", ".json"}, filepath.Ext(name))
}

// fewNames names three of some files at most.
func fewNames(names []string) string {
	const most = 3
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}
