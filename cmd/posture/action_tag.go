package main

import (
	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/register"
)

func newActionTag(t terminal) *cobra.Command {
	var (
		f      editFlags
		remove bool
	)
	cmd := &cobra.Command{
		Use:     "tag ID TAG...",
		Short:   "Tag an action",
		Long:    "Add tags to an action, or remove them. Tags say what the organization wants to find together: a quarter, a team, a project.",
		Example: "  posture action tag AdminMFAV2 q4 board\n  posture action tag AdminMFAV2 q4 --remove",
		Args:    twoArgs("an ID and at least one TAG", true),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, tags := args[0], args[1:]
			if remove {
				return f.edit(cmd, t, id, func(d *register.Editor) error { return d.Untag(id, tags...) })
			}
			if _, err := f.control(cmd, id); err != nil {
				return err
			}
			return f.edit(cmd, t, id, func(d *register.Editor) error { return d.Tag(id, tags...) })
		},
	}
	f.register(cmd)
	cmd.Flags().BoolVar(&remove, "remove", false, "remove the tags instead")
	return cmd
}
