package main

import (
	"github.com/spf13/cobra"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/report"
	"github.com/posture-score/posture/internal/validate"
)

func newEvidenceCheck(t terminal) *cobra.Command {
	var (
		as     printFlags
		most   int
		claims claimFlags
		known  catalogFlags
	)
	cmd := &cobra.Command{
		Use:   "check PATH",
		Short: "Check every record against its schema",
		Long: `Check a bundle, or a foreign export as it would be imported: digests, counts, and every record against its schema.

--catalog names the catalog whose own datasets the evidence holds. The exit code is 1 if anything is amiss.`,
		Example: "  posture evidence check testdata/contoso\n  posture evidence check evidence.tar.zst --max 500 --format json\n  posture evidence check evidence --catalog ./our-controls",
		Args:    oneArg("PATH"),
		RunE: func(cmd *cobra.Command, args []string) error {
			registry, err := known.datasets(cmd.Context())
			if err != nil {
				return err
			}
			return withBundle(cmd, t, args[0], &claims, func(bundle *evidence.Bundle) error {
				checked, err := validate.Bundle(cmd.Context(), bundle, registry, most)
				if err != nil {
					return err
				}
				err = t.show(as, report.Validation{Report: checked})
				if err == nil && checked.Total > 0 {
					return failure(exitFailure)
				}
				return err
			})
		},
	}
	claims.register(cmd.Flags())
	known.registerDatasets(cmd)
	as.register(cmd, report.Validation{})
	as.registerOutput(cmd)
	cmd.Flags().IntVar(&most, "max", 20, "show at most `N` violations; all are counted")
	return cmd
}
