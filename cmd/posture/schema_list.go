package main

import (
	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/report"
)

func newSchemaList(t terminal) *cobra.Command {
	var (
		known catalogFlags
		as    printFlags
	)
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the datasets that evidence may hold",
		Example: "  posture schema list\n  posture schema list --catalog ./our-controls --format json",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			registry, err := known.datasets(cmd.Context())
			if err != nil {
				return err
			}
			return t.show(as, report.Datasets{Registry: registry})
		},
	}
	known.registerDatasets(cmd)
	as.register(cmd, report.Datasets{})
	as.registerOutput(cmd)
	return cmd
}
