package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/report"
)

type policyTryFlags struct {
	assessmentFlags
	record string
	trace  string
	as     printFlags
}

func newPolicyTry(t terminal) *cobra.Command {
	var f policyTryFlags
	cmd := &cobra.Command{
		Use:   "try ID PATH",
		Short: "Show what the rule of one control sees in evidence, what it decides and why",
		Long: `Evaluate one control over evidence, and show how its rule comes to its decisions: the input, what it reads at data, the parameters,
each decision, and the expressions that did not hold with the values of what they name. PATH is evidence of any kind that
'posture assess' reads.

A rule of a coverage control is tried on one record: the first that fails or, if none does, the first. --record chooses another by
its key. The input has only what the rule reads, just as in an assessment. Long lists are cut; JSON has up to 1,000 elements.

--trace full shows every step of the evaluation, as OPA writes them.`,
		Example: `  posture policy try AdminMFAV2 testdata/contoso
  posture policy try ContosoGuestReview testdata/contoso --catalog our-controls --record 3b1b81bb-3811-4621-ae6f-1c1b877bd94b
  posture policy try PWAgePolicyNew testdata/contoso --trace full`,
		Args: idAndPath,
		RunE: func(cmd *cobra.Command, args []string) error {
			trial, err := f.try(cmd.Context(), t, args[0], args[1])
			if err != nil {
				return err
			}
			return t.show(f.as, report.Trial{Trial: trial, Trace: f.trace})
		},
	}
	f.register(cmd)
	f.as.register(cmd, report.Trial{})
	f.as.registerOutput(cmd)
	cmd.Flags().StringVar(&f.record, "record", "", "try the record of the population with this `KEY`")
	registerChoice(cmd.Flags(), &f.trace, "trace", "fails", []string{"fails", "full", "off"}, "explain decisions by `HOW` much: fails, full or off")
	return cmd
}

func (f *policyTryFlags) try(ctx context.Context, t terminal, id, path string) (*engine.Trial, error) {
	settings, err := f.settings()
	if err != nil {
		return nil, err
	}
	var trial *engine.Trial
	err = f.withEvidence(ctx, t, path, settings, func(e *engine.Engine, bundle *evidence.Bundle, options engine.AssessOptions) (err error) {
		trial, err = e.Try(ctx, bundle, id, engine.TryOptions{AssessOptions: options, Record: f.record, Steps: f.trace == "full"})
		return err
	})
	return trial, err
}
