package main

import (
	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/register"
)

func newActionUndo() *cobra.Command {
	var f editFlags
	cmd := &cobra.Command{
		Use:     "undo",
		Short:   "Take the last change of the register back",
		Long:    "Restore what the register held before the last command that changed it: one step, and only if nobody changed it since. Older states are git's.",
		Example: "  posture action undo\n  posture action undo --register registers/contoso.hcl",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return register.Undo(cmd.Context(), f.path) },
	}
	f.registerPath(cmd, "the register `FILE` to change")
	return cmd
}
