package main

import (
	"github.com/spf13/cobra"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/report"
)

func newEvidenceShow(t terminal) *cobra.Command {
	var (
		format string
		claims claimFlags
	)
	cmd := &cobra.Command{
		Use:     "show PATH",
		Short:   "List the datasets of evidence, and what could not be collected",
		Example: "  posture evidence show testdata/tailspin\n  posture evidence show ProviderSettingsExport.json --format json",
		Args:    oneArg("PATH"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("format", format, "table", "json"); err != nil {
				return err
			}
			return withBundle(cmd, t, args[0], &claims, func(bundle *evidence.Bundle) error {
				if format == "json" {
					return report.JSON(t.out, bundle.Manifest())
				}
				return report.Bundle(t.out, bundle, t.style())
			})
		},
	}
	claims.register(cmd.Flags())
	cmd.Flags().StringVar(&format, "format", "table", "print as `FORMAT`: table or json")
	return cmd
}
