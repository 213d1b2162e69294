package main

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/report"
	"github.com/posture-score/posture/internal/securescore"
)

type reconcileFlags struct {
	assessmentFlags
	printFlags
	with     []string
	exitCode bool
}

func newReconcile(t terminal) *cobra.Command {
	var f reconcileFlags
	cmd := &cobra.Command{
		Use:   "reconcile PATH --with FILE",
		Short: "Compare the score with Microsoft's, action by action",
		Long: `Compare the score of evidence, or of an assessment that was saved with assess --format json, with what Microsoft's Secure Score says of
the same tenant, action by action: the same, different, only theirs, only ours.

--with names saved answers of Microsoft Graph: GET /security/secureScores and, for what each control is worth,
/security/secureScoreControlProfiles, together or alone, as pages, lists, single entries or one a line. Of several days the one nearest
to the time of the assessment is compared. Actions of several instances of a connected app are added up.

The points of the groups add up to the difference of both scores, to the hundredth. Where a result differs, what either side
rests on is shown, and what the catalog knows of how Microsoft's result differs.

The exit code is 0, whether there are differences or not; with --exit-code it is 4 if there are any.`,
		Example: `  posture reconcile testdata/contoso --with testdata/graph/contoso/secureScores.json --with testdata/graph/contoso/secureScoreControlProfiles.json
  posture reconcile assessment.json --with secureScores.json --with secureScoreControlProfiles.json --format csv --output differences.csv`,
		Args: oneArg("PATH"),
		RunE: func(cmd *cobra.Command, args []string) error { return runReconcile(cmd, t, &f, args[0]) },
	}
	f.assessmentFlags.register(cmd)
	f.texts = true
	f.printFlags.register(cmd, report.Reconciliation{})
	f.registerOutput(cmd)
	cmd.Flags().StringArrayVar(&f.with, "with", nil, "a `FILE` of Microsoft's numbers (repeatable)")
	cmd.Flags().BoolVar(&f.exitCode, "exit-code", false, "exit with 4 if there are differences")
	return cmd
}

func runReconcile(cmd *cobra.Command, t terminal, f *reconcileFlags, path string) error {
	if len(f.with) == 0 {
		return usageError{errors.New("say where Microsoft's numbers are: --with FILE")}
	}
	answers, err := t.readAnswers(cmd.Context(), f.with)
	if err != nil {
		return err
	}
	a, err := openAssessment(cmd.Context(), t, path, &f.assessmentFlags)
	if err != nil {
		return err
	}
	cat, err := f.load(cmd.Context())
	if err != nil {
		return err
	}
	day, err := securescore.Nearest(answers.Days(), a.Tenant.ID, a.EvaluatedAt)
	if err != nil {
		return err
	}
	r := securescore.Reconcile(a, day, answers.Profiles(day.Tenant), cat)
	err = t.show(f.printFlags, report.Reconciliation{Tenant: a.Tenant, Reconciliation: r})
	if err == nil && f.exitCode && r.Differs() {
		return failure(exitDiffers)
	}
	return err
}
