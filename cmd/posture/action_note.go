package main

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/register"
)

func newActionNote(t terminal) *cobra.Command {
	var (
		f           editFlags
		author, now string
	)
	cmd := &cobra.Command{
		Use:     "note ID TEXT",
		Short:   "Add a note to an action",
		Long:    "Add a note to an action, with the time and its author. The author is whom git would name, unless --author says otherwise.",
		Example: `  posture action note AdminMFAV2 "Two admins still have no phone." --author "Ada <ada@contoso.example>"`,
		Args:    twoArgs("an ID and a TEXT", false),
		RunE: func(cmd *cobra.Command, args []string) error {
			at, err := timeFlag("now", now)
			if err != nil {
				return err
			}
			if at.IsZero() {
				at = time.Now()
			}
			if author == "" {
				author = gitIdentity(cmd.Context())
			}
			if author == "" {
				return usageError{fmt.Errorf("git knows no user.name or user.email: say who writes the note with --author")}
			}
			control, err := f.control(cmd, args[0])
			if err != nil {
				return err
			}
			note := engine.Note{Time: at, Author: author, Text: args[1]}
			return f.edit(cmd, t, func(d *register.Editor) error { return d.Note(control.ID, note) })
		},
	}
	f.register(cmd)
	cmd.Flags().StringVar(&author, "author", "", "the `NAME` of who writes it, as in \"Ada <ada@contoso.example>\"")
	cmd.Flags().StringVar(&now, "now", "", "write it as of this `TIME`, such as 2026-01-31T12:00:00Z")
	return cmd
}

// gitIdentity returns the author that git would record for a commit made here, or "" if git is absent or has none configured.
func gitIdentity(ctx context.Context) string {
	name, email := gitConfig(ctx, "user.name"), gitConfig(ctx, "user.email")
	switch {
	case email == "":
		return name
	case name == "":
		return email
	}
	return name + " <" + email + ">"
}

func gitConfig(ctx context.Context, key string) string {
	const patience = 5 * time.Second
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "git", "config", "--get", key)
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}
