package main

import (
	"errors"
	"fmt"
	"math"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/plan"
	"github.com/posture-score/posture/internal/report"
	"github.com/posture-score/posture/internal/score"
)

type planFlags struct {
	assessmentFlags
	printFlags
	target  float64
	options plan.Options
}

func newPlan(t terminal) *cobra.Command {
	var f planFlags
	cmd := &cobra.Command{
		Use:   "plan PATH --target PERCENT",
		Short: "Find the cheapest actions that reach a score",
		Long: `Find the set of actions that lifts the score to a target at the least effort, in the order in which to take them.

PATH is evidence, as for assess, or an assessment that was saved with assess --format json.

An action costs 3 to 9: its difficulty, its impact on users and its complexity, each low (1), moderate (2) or high (3). Actions
that wait for others bring them along. Actions whose licenses the tenant lacks are left out, and so are those whose risk was
accepted. Actions that the evidence could not decide are planned with a mark: they may be done already.

If nothing reaches the target, the exit code is 3, and what stands in the way is told.`,
		Example: `  posture plan testdata/contoso --target 60
  posture plan assessment.json --target 80 --format json
  posture plan evidence.zip --target 90 --ignore-licenses --assessed-only`,
		Args: oneArg("PATH"),
		RunE: func(cmd *cobra.Command, args []string) error { return runPlan(cmd, t, &f, args[0]) },
	}
	f.assessmentFlags.register(cmd)
	f.printFlags.register(cmd, report.Plan{})
	f.registerOutput(cmd)
	cmd.Flags().Float64Var(&f.target, "target", 0, "the score to reach, in `PERCENT`")
	cmd.Flags().BoolVar(&f.options.IgnoreLicenses, "ignore-licenses", false, "plan actions whose licenses the tenant lacks, too")
	cmd.Flags().BoolVar(&f.options.IncludeAccepted, "include-accepted", false, "plan actions whose risk was accepted, too")
	cmd.Flags().BoolVar(&f.options.AssessedOnly, "assessed-only", false, "leave out actions that the evidence could not decide")
	return cmd
}

// check checks the flags and returns the target.
func (f *planFlags) check(cmd *cobra.Command) (score.Points, error) {
	if !cmd.Flags().Changed("target") {
		return 0, usageError{errors.New("--target is required: say which percentage to reach")}
	}
	if !(f.target >= 0 && f.target <= 100) {
		return 0, usageError{fmt.Errorf("--target has to be a percentage from 0 to 100; it is %v", f.target)}
	}
	return score.Points(math.Round(f.target * 100)), nil
}

func runPlan(cmd *cobra.Command, t terminal, f *planFlags, path string) error {
	target, err := f.check(cmd)
	if err != nil {
		return err
	}
	a, err := openAssessment(cmd.Context(), t, path, &f.assessmentFlags)
	if err != nil {
		return err
	}
	found, err := plan.Cheapest(a, target, f.options)
	var unreachable *plan.UnreachableError
	if err != nil && !errors.As(err, &unreachable) {
		return err
	}
	err = t.show(f.printFlags, report.Plan{Assessment: a, Plan: found, Unreachable: unreachable})
	if err == nil && unreachable != nil {
		t.fail(unreachable)
		return failure(exitGate)
	}
	return err
}
