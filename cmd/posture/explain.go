package main

import (
	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/actions"
	"github.com/posture-score/posture/internal/report"
)

func newExplain(t terminal) *cobra.Command {
	var f actionFlags
	cmd := &cobra.Command{
		Use:   "explain ID PATH",
		Short: "Compute the points of one action, line by line",
		Long: `Compute the points of one action of evidence, or of an assessment that was saved with assess --format json: the rule, the records, the
formula with its numbers and its rounding, the effect of the status, of licenses and of prerequisites, what the action adds to the
score and to each view, its share of the total, and its rank.

The numbers are computed once more. Those of an assessment that don't add up are an error.`,
		Example: `  posture explain MFARegistrationV2 testdata/contoso
  posture explain MFARegistrationV2 assessment.json --format json`,
		Args: idAndPath,
		RunE: func(cmd *cobra.Command, args []string) error {
			page, err := f.open(cmd.Context(), t, args[0], args[1])
			if err != nil {
				return err
			}
			explanation, err := actions.Explain(page.Assessment, page.Action)
			if err != nil {
				return err
			}
			return t.show(f.printFlags, report.Explanation{Action: page, Explanation: explanation})
		},
	}
	f.register(cmd, report.Explanation{})
	return cmd
}
