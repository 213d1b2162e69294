package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/report"
)

// builtinName stands for the built-in catalog among names of files.
const builtinName = "builtin"

type policyDiffFlags struct {
	printFlags
	exitCode  bool
	onBuiltin bool
}

func newPolicyDiff(t terminal) *cobra.Command {
	var f policyDiffFlags
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Tell what changed between two catalogs, in words and in points",
		Long: `Tell what changed from one catalog to another: controls that were added or removed, and of each that both have its points, its rule,
what it reads, its parameters, what it requires and what is said of it.

OLD and NEW are folders or .tar.gz files, or the word builtin for the built-in catalog; a folder of that name is ./builtin. Each is
read by itself, as with --no-builtin. Controls that refer to built-in ones, or to their shared rules, need --on-builtin.

A rule is told to have changed if it, or a shared rule that it refers to, says something else; comments and layout are told apart.
What a change does to the score of a tenant is not in it: assess with both catalogs for that.

The exit code is 0, whether there are differences or not; with --exit-code it is 4 if there are any.`,
		Example: `  posture policy diff our-controls-1.0.tar.gz our-controls
  posture policy diff old/policies builtin --format json
  posture policy diff our-controls-1.0.tar.gz our-controls --on-builtin --exit-code`,
		Args: twoArgs("an OLD and a NEW catalog", false),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runPolicyDiff(cmd.Context(), t, &f, args[0], args[1])
		},
	}
	f.register(cmd, report.Diff{})
	f.registerOutput(cmd)
	cmd.Flags().BoolVar(&f.exitCode, "exit-code", false, "exit with 4 if there are differences")
	cmd.Flags().BoolVar(&f.onBuiltin, "on-builtin", false, "read both on top of the built-in catalog")
	return cmd
}

func runPolicyDiff(ctx context.Context, t terminal, f *policyDiffFlags, old, latest string) error {
	before, err := f.load(ctx, old)
	after, errAfter := f.load(ctx, latest)
	switch {
	case err != nil && errAfter != nil && old != latest && ctx.Err() == nil:
		t.report(ctx, err) // what is wrong with both is told at once
		return errAfter
	case err != nil:
		return err
	case errAfter != nil:
		return errAfter
	}
	d := catalog.Compare(before, after)
	err = t.show(f.printFlags, report.Diff{Old: old, New: latest, Diff: d})
	if err == nil && f.exitCode && !d.Same() {
		return failure(exitDiffers)
	}
	return err
}

// load reads one of the catalogs.
func (f *policyDiffFlags) load(ctx context.Context, name string) (*catalog.Catalog, error) {
	var flags catalogFlags
	if name != builtinName {
		flags.dirs, flags.noBuiltin = []string{name}, !f.onBuiltin
	}
	return flags.load(ctx)
}
