package main

import (
	"context"
	"errors"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/register"
	"github.com/posture-score/posture/internal/report"
)

func newRegisterCheck(t terminal) *cobra.Command {
	var f registerFlags
	cmd := &cobra.Command{
		Use:   "check [PATH]",
		Short: "Check the register: its syntax, ids, keys, days, and what contradicts itself",
		Long: `Check the register. Errors are what can't be read, decisions about actions that the catalog does not have, and decisions that can't have an
effect or contradict themselves. Warnings are days that are over, decisions that hold for ever or lack what they should have, and
retired actions. All are printed at once, each with its place and how to mend it; the exit code is 1 if there are errors.

PATH is evidence, as for assess, or an assessment that was saved with assess --format json: with it exclusions are found whose key no
record in scope has. Days are counted from the time of the assessment, or from now without one, unless --now says another time.`,
		Example: `  posture register check
  posture register check testdata/contoso
  posture register check --now 2026-12-01 --format sarif --output register.sarif`,
		Args: atMostOne("PATH"),
		RunE: func(cmd *cobra.Command, args []string) error { return registerCheck(cmd.Context(), t, &f, args) },
	}
	f.register(cmd, report.RegisterCheck{})
	return cmd
}

func registerCheck(ctx context.Context, t terminal, f *registerFlags, paths []string) error {
	page := report.RegisterCheck{Register: f.decisions.path}
	r, err := f.open()
	if errors.As(err, &page.Problems) {
		return showCheck(t, f.printFlags, page, page.Problems)
	}
	if err != nil {
		return err
	}
	in, err := f.inspector(ctx, t, paths)
	if err != nil {
		return err
	}
	page.Actions = len(r.Decisions())
	page.Problems, err = register.LintFile(f.decisions.path, in.Facts())
	if errors.Is(err, fs.ErrNotExist) {
		err = noRegister(f.decisions.path)
	}
	if err != nil {
		return err
	}
	return showCheck(t, f.printFlags, page, page.Problems)
}
