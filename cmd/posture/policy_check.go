package main

import (
	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/report"
	"github.com/posture-score/posture/policies"
)

func newPolicyCheck(t terminal) *cobra.Command {
	var f catalogFlags
	cmd := &cobra.Command{
		Use:   "check [DIR...]",
		Short: "Check controls: HCL, Rego, types and metadata",
		Long: `Check the controls of folders or .tar.gz files, on top of the built-in catalog; without any, the built-in catalog alone.

All problems are printed at once, each with its place and how to mend it; the exit code is 1 if there are any.`,
		Example: "  posture policy check\n  posture policy check ./our-controls\n  posture policy check --no-builtin policies",
		RunE: func(cmd *cobra.Command, dirs []string) error {
			f.dirs = dirs
			catalog, err := f.load(cmd.Context())
			if err != nil {
				return err
			}
			if problems := policies.Check(catalog); problems != nil {
				return problems
			}
			return report.Checked(t.out, len(catalog.Controls()))
		},
	}
	f.registerNoBuiltin(cmd)
	return cmd
}
