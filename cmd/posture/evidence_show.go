package main

import (
	"github.com/spf13/cobra"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/report"
)

func newEvidenceShow(t terminal) *cobra.Command {
	var (
		as     printFlags
		claims claimFlags
		known  catalogFlags
	)
	cmd := &cobra.Command{
		Use:     "show PATH",
		Short:   "List the datasets of evidence, and what could not be collected",
		Example: "  posture evidence show testdata/tailspin\n  posture evidence show ProviderSettingsExport.json --format json",
		Args:    oneArg("PATH"),
		RunE: func(cmd *cobra.Command, args []string) error {
			registry, err := known.datasets(cmd.Context())
			if err != nil {
				return err
			}
			return withBundle(cmd, t, args[0], &claims, func(bundle *evidence.Bundle) error {
				for _, dataset := range bundle.Manifest().Datasets {
					if _, ok := registry.Dataset(dataset.Name); !ok {
						t.warn("no schema of %s is known, so nothing reads it; --catalog DIR names a catalog that brings one", dataset.Name)
					}
				}
				return t.show(as, report.Bundle{Bundle: bundle})
			})
		},
	}
	claims.register(cmd.Flags())
	known.registerDatasets(cmd)
	as.register(cmd, report.Bundle{})
	as.registerOutput(cmd)
	return cmd
}
