package main

import (
	"github.com/spf13/cobra"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/report"
)

func newEvidenceShow(t terminal) *cobra.Command {
	var (
		print  printFlags
		claims claimFlags
	)
	cmd := &cobra.Command{
		Use:     "show PATH",
		Short:   "List the datasets of evidence, and what could not be collected",
		Example: "  posture evidence show testdata/tailspin\n  posture evidence show ProviderSettingsExport.json --format json",
		Args:    oneArg("PATH"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withBundle(cmd, t, args[0], &claims, func(bundle *evidence.Bundle) error {
				return t.show(print, report.Bundle{Bundle: bundle})
			})
		},
	}
	claims.register(cmd.Flags())
	print.register(cmd, report.Bundle{})
	return cmd
}
