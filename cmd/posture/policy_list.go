package main

import (
	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/report"
)

func newPolicyList(t terminal) *cobra.Command {
	var (
		f      catalogFlags
		format string
	)
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the controls of the catalog",
		Example: "  posture policy list\n  posture policy list --catalog ./our-controls --format json",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("format", format, "table", "json"); err != nil {
				return err
			}
			catalog, err := f.load(cmd.Context())
			if err != nil {
				return err
			}
			if format == "json" {
				return report.ControlsJSON(t.out, catalog.Controls())
			}
			return report.Controls(t.out, catalog.Controls(), t.style())
		},
	}
	f.register(cmd)
	cmd.Flags().StringVar(&format, "format", "table", "print as `FORMAT`: table or json")
	return cmd
}
