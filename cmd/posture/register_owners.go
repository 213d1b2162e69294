package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/decisions"
	"github.com/posture-score/posture/internal/report"
)

type registerOwnersFlags struct {
	assessmentFlags
	printFlags
	asOf string
}

func newRegisterOwners(t terminal) *cobra.Command {
	var f registerOwnersFlags
	cmd := &cobra.Command{
		Use:   "owners PATH",
		Short: "List what each owner has planned, and what is overdue, expires or has expired",
		Long: `List the decisions of the register by owner: what is planned, by when, and what is overdue; which decisions expire within 30 days, and
which have expired. What nobody owns comes last.

PATH is evidence, as for assess, or an assessment that was saved with assess --format json. A saved assessment has the decisions that
it was made with; with --register they are those of a register as it is now. Days are counted from the time of the assessment,
unless --as-of or --now says another day.`,
		Example: `  posture register owners testdata/contoso
  posture register owners assessment.json --register register.hcl --as-of 2026-12-01
  posture register owners testdata/contoso --format xlsx --output owners.xlsx`,
		Args: oneArg("PATH"),
		RunE: func(cmd *cobra.Command, args []string) error { return registerOwners(cmd.Context(), t, &f, args[0]) },
	}
	f.assessmentFlags.register(cmd)
	f.current, f.dated = true, true
	f.printFlags.register(cmd, report.Owners{})
	f.registerOutput(cmd)
	cmd.Flags().StringVar(&f.asOf, "as-of", "", "count days from this `DATE`, or time")
	return cmd
}

func registerOwners(ctx context.Context, t terminal, f *registerOwnersFlags, path string) error {
	now, err := dateFlag("as-of", f.asOf, false)
	if err == nil && now.IsZero() {
		now, err = dateFlag("now", f.now, false)
	}
	if err != nil {
		return err
	}
	a, err := openAssessment(ctx, t, path, &f.assessmentFlags)
	if err != nil {
		return err
	}
	decided, err := f.decisions.read()
	if err != nil {
		return err
	}
	if !typed(f.flags, "register") && !a.MadeWith(decided) {
		decided = nil // those of the assessment, which lacks only those about actions that it does not have
	}
	if now.IsZero() {
		now = a.EvaluatedAt
	}
	list := decisions.List(a, decided, now)
	return t.show(f.printFlags, report.Owners{Assessment: a, Now: now, Owners: decisions.ByOwner(list)})
}
