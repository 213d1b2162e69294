package main

import (
	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/register"
)

func newActionUnset(t terminal) *cobra.Command {
	var (
		f   editFlags
		all bool
	)
	cmd := &cobra.Command{
		Use:     "unset ID",
		Short:   "Take a decision about an action back",
		Long:    "Remove the status of an action from the register, with its reason, owner, dates, approval and ticket. Notes, tags and exclusions stay.",
		Example: "  posture action unset AdminMFAV2\n  posture action unset RetiredControl --all",
		Args:    oneArg("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.edit(cmd, t, func(d *register.Editor) error { return d.Unset(args[0], all) })
		},
	}
	f.registerPath(cmd, "the register `FILE` to change")
	cmd.Flags().BoolVar(&all, "all", false, "remove its notes, tags and exclusions, too")
	return cmd
}

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
