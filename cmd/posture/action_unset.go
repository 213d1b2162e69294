package main

import (
	"cmp"

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
		Long:    "Remove the status of an action from the register, with its reason, owner, dates, approval and ticket. Notes, tags and exclusions stay,\nand so does who took the decision back.",
		Example: "  posture action unset AdminMFAV2\n  posture action unset RetiredControl --all",
		Args:    oneArg("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.edit(cmd, t, args[0], func(d *register.Editor) error { return d.Unset(args[0], all) })
		},
	}
	f.registerPath(cmd, "the register `FILE` to change")
	cmd.Flags().BoolVar(&all, "all", false, "remove all that is registered about it")
	return cmd
}

func newActionUndo(t terminal) *cobra.Command {
	var path string
	cmd := &cobra.Command{
		Use:     "undo",
		Short:   "Take the last change of the register back",
		Long:    "Restore what the register held before the last command that changed it: one step, and only if nobody changed it since. Older states are\ngit's. It is said whose change that was.",
		Example: "  posture action undo\n  posture action undo --register registers/contoso.hcl",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			done, err := register.Undo(cmd.Context(), path, "")
			if err != nil {
				return err
			}
			by := cmp.Or(done.Author.Name, "an unknown author")
			if len(done.Changes) == 0 {
				t.say("took back the change by %s, which was of comments or formatting alone (%s)", by, path)
			}
			for _, c := range done.Changes {
				t.say("took back the change by %s: %s", by, changeLine(path, c))
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&path, "register", register.Name, "the register `FILE` to change")
	return cmd
}
