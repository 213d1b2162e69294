package main

import (
	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/report"
)

func newPolicyList(t terminal) *cobra.Command {
	var (
		f  catalogFlags
		as printFlags
	)
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the controls of the catalog",
		Example: "  posture policy list\n  posture policy list --catalog ./our-controls --format json",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			catalog, err := f.load(cmd.Context())
			if err != nil {
				return err
			}
			return t.show(as, report.Controls{Controls: catalog.Controls()})
		},
	}
	f.register(cmd)
	as.register(cmd, report.Controls{})
	as.registerOutput(cmd)
	return cmd
}
