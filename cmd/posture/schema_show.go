package main

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/importer/manual"
	"github.com/posture-score/posture/internal/report"
)

func newSchemaShow(t terminal) *cobra.Command {
	var (
		f  catalogFlags
		as printFlags
	)
	cmd := &cobra.Command{
		Use:   "show DATASET",
		Short: "Show the fields of a dataset, where it comes from, and which controls read it",
		Long: `Show the fields of a dataset with their types and enumerations, its kind and key, where it comes from, and which controls read it.

Where two records have the same "unique" fields they are the same record. A field without "required" may be absent.`,
		Example: "  posture schema show entra.users\n  posture schema show inventory.servers --catalog ./our-controls --format markdown",
		Args:    oneArg("DATASET"),
		RunE: func(cmd *cobra.Command, args []string) error {
			registry, err := f.datasets(cmd.Context())
			if err != nil {
				return err
			}
			dataset, err := manual.Find(registry, args[0])
			if err != nil {
				return usageError{err}
			}
			cat, err := f.load(cmd.Context())
			if err != nil {
				return err
			}
			var readers []string
			for _, control := range cat.InForce() {
				if slices.Contains(control.Datasets(), dataset.Name) {
					readers = append(readers, control.ID)
				}
			}
			return t.show(as, report.Dataset{Dataset: dataset, Readers: readers})
		},
	}
	f.register(cmd)
	as.register(cmd, report.Dataset{})
	as.registerOutput(cmd)
	return cmd
}
