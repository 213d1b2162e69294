package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/register"
)

func newActionNote(t terminal) *cobra.Command {
	var f editFlags
	cmd := &cobra.Command{
		Use:     "note ID TEXT",
		Short:   "Add a note to an action",
		Long:    "Add a note to an action, with the time and its author. The author is whom git would name, unless --author says otherwise.",
		Example: `  posture action note AdminMFAV2 "Two admins still have no phone." --author "Ada <ada@contoso.example>"`,
		Args:    twoArgs("an ID and a TEXT", false),
		RunE: func(cmd *cobra.Command, args []string) error {
			who, err := f.who(cmd.Context())
			if err != nil {
				return err
			}
			if who.Name == "" {
				return usageError{fmt.Errorf("git knows no user.name or user.email: say who writes the note with --author")}
			}
			control, err := f.control(cmd, args[0])
			if err != nil {
				return err
			}
			note := engine.Note{Time: who.Time, Author: who.Name, Text: args[1]}
			return f.edit(cmd, t, control.ID, func(d *register.Editor) error { return d.Note(control.ID, note) })
		},
	}
	f.register(cmd)
	return cmd
}
