package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/register"
)

func newActionSet(t terminal) *cobra.Command {
	var (
		f      editFlags
		values = map[string]*string{}
	)
	cmd := &cobra.Command{
		Use:   "set ID",
		Short: "Set the status of an action, and who, why and until when",
		Long: `Write what the organization decided about an action into the register. What is not named stays as it is; an empty text removes it.

Another status is another decision: the reason, end and approval of the one before go, unless new ones are given. The statuses
risk_accepted, third_party and alternate_mitigation need a reason. An end is the first day on which the status no longer holds.`,
		Example: `  posture action set AdminMFAV2 --status planned --owner ada@contoso.example --due 2026-12-31
  posture action set OneAdmin --status risk_accepted --reason "one-person company" --expires 2027-01-31 --approved-by ciso@contoso.example
  posture action set AdminMFAV2 --ticket ""`,
		Args: oneArg("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			fields, err := setFields(cmd, values)
			if err != nil {
				return err
			}
			control, err := f.control(cmd, args[0])
			if err != nil {
				return err
			}
			if control.Exception != "" && fields.Status != nil && *fields.Status != "" {
				return fmt.Errorf("%s takes no status by hand: exceptions in the evidence (%s) decide it", control.ID, catalog.ExceptionDataset)
			}
			return f.edit(cmd, t, control.ID, func(d *register.Editor) error { return d.Set(control.ID, fields) })
		},
	}
	f.register(cmd)
	for _, flag := range []struct{ name, usage string }{
		{"status", "the `STATUS`: to_address, planned, risk_accepted, third_party or alternate_mitigation"},
		{"reason", "why, in a `TEXT`"},
		{"owner", "the `NAME` of who does it"},
		{"due", "the last `DATE` on which it may be done"},
		{"expires", "the first `DATE` on which the status no longer holds"},
		{"approved-by", "the `NAME` of who approved it"},
		{"ticket", "where it is followed up: an `ID` or address"},
	} {
		values[flag.name] = cmd.Flags().String(flag.name, "", flag.usage)
	}
	return cmd
}

// setFields returns the fields whose flags were given.
func setFields(cmd *cobra.Command, values map[string]*string) (register.Fields, error) {
	given := func(name string) *string {
		if cmd.Flags().Changed(name) {
			return values[name]
		}
		return nil
	}
	fields := register.Fields{
		Status: given("status"), Reason: given("reason"), Owner: given("owner"), Due: given("due"), Expires: given("expires"),
		ApprovedBy: given("approved-by"), Ticket: given("ticket"),
	}
	if fields == (register.Fields{}) {
		return fields, usageError{fmt.Errorf("say what to set: see '%s --help'", cmd.CommandPath())}
	}
	if fields.Status == nil || *fields.Status == "" {
		return fields, nil
	}
	return fields, oneOf("status", *fields.Status, register.Statuses()...)
}
