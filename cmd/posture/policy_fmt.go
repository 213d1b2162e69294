package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine/catalog"
)

type policyFmtFlags struct{ check, diff bool }

func newPolicyFmt(t terminal) *cobra.Command {
	var f policyFmtFlags
	cmd := &cobra.Command{
		Use:   "fmt [DIR|FILE...]",
		Short: "Format controls: HCL and Rego",
		Long: `Rewrite the .hcl and .rego files of folders, or the files named, in the layout of their languages' own formatters (terraform fmt, opa fmt),
and print the names of those that changed. Without arguments it formats the current folder.

Formatting never changes what a file means. One that can't be formatted without that is left as it is, and named with the place.

--check and --diff write no file. With --check the exit code is 4 if a file is not formatted.`,
		Example: "  posture policy fmt our-controls\n  posture policy fmt --check --diff our-controls",
		RunE: func(cmd *cobra.Command, paths []string) error {
			if len(paths) == 0 {
				paths = []string{"."}
			}
			return f.run(cmd.Context(), t, paths)
		},
	}
	cmd.Flags().BoolVar(&f.check, "check", false, "write nothing, and exit with 4 if a file is not formatted")
	cmd.Flags().BoolVar(&f.diff, "diff", false, "write nothing, and print what would change")
	return cmd
}

func (f *policyFmtFlags) run(ctx context.Context, t terminal, paths []string) error {
	var sources []catalog.Source
	for _, path := range paths {
		source, err := openPolicies(path)
		if err != nil {
			return err
		}
		sources = append(sources, source)
	}
	changed := false
	var failed error
	for _, source := range sources {
		if err := ctx.Err(); err != nil {
			return err
		}
		files, err := catalog.Format(ctx, source)
		if err != nil {
			if failed != nil {
				t.report(ctx, failed)
			}
			failed = err // the rest is formatted all the same
		}
		for _, file := range files {
			if !file.Changed() {
				continue
			}
			changed = true
			if err := f.write(t, file); err != nil {
				return err
			}
		}
	}
	if failed == nil && changed && f.check {
		return failure(exitDiffers)
	}
	return failed
}

// write writes a file, or shows what would change.
func (f *policyFmtFlags) write(t terminal, file catalog.Formatted) error {
	if f.diff {
		_, err := t.out.Write(diff.Diff(file.Path, file.Before, file.Path+" (formatted)", file.After))
		return err
	}
	if !f.check {
		if err := t.overwrite(file.Path, file.After); err != nil {
			return unwritten(file.Path, err)
		}
	}
	_, err := fmt.Fprintln(t.out, file.Path)
	return err
}

// openPolicies reads the policy files of a folder, or one of them.
func openPolicies(path string) (catalog.Source, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return catalog.Source{}, fmt.Errorf("there is no %s", path)
	case err != nil:
		return catalog.Source{}, err
	case info.IsDir():
		return catalog.Dir(path)
	}
	return catalog.File(path)
}
