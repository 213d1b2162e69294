package main

import (
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/evidence/graph"
	"github.com/posture-score/posture/evidence/scubagear"
	"github.com/posture-score/posture/internal/report"
)

func newEvidenceImport(t terminal) *cobra.Command {
	return group("import", "Turn a foreign export into a bundle",
		"  posture evidence import scubagear ProviderSettingsExport.json -o evidence\n  posture evidence import graph ./responses -o evidence --collected-at 2026-01-31T12:00:00Z",
		newImportScubaGear(t), newImportGraph(t))
}

func newImportScubaGear(t terminal) *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:     "scubagear FILE --output DIR",
		Short:   "Turn ScubaGear's ProviderSettingsExport.json into a bundle",
		Example: "  posture evidence import scubagear ProviderSettingsExport.json -o evidence",
		Args:    oneArg("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := os.Open(args[0])
			if err != nil {
				return fmt.Errorf("opening the export: %w", err)
			}
			defer file.Close()
			return importInto(t, dir, func() (*evidence.Bundle, error) {
				return scubagear.Import(cmd.Context(), file, dir)
			})
		},
	}
	registerOutput(cmd, &dir)
	return cmd
}

func newImportGraph(t terminal) *cobra.Command {
	var dir, collectedAt string
	cmd := &cobra.Command{
		Use:   "graph DIR --output DIR --collected-at TIME",
		Short: "Turn a folder of saved Microsoft Graph responses into a bundle",
		Long: `Turn a folder of saved Microsoft Graph responses into a bundle. What a file answers is read from its @odata.context; the pages of a
list are put together. Responses don't say when they were asked for: --collected-at does.`,
		Example: "  posture evidence import graph ./responses -o evidence --collected-at 2026-01-31T12:00:00Z",
		Args:    oneArg("DIR"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return importInto(t, dir, func() (*evidence.Bundle, error) {
				if collectedAt == "" {
					return nil, usageError{fmt.Errorf("say when the responses were saved, which they don't: --collected-at TIME")}
				}
				at, err := time.Parse(time.RFC3339, collectedAt)
				if err != nil {
					return nil, usageError{fmt.Errorf("--collected-at has to be a time such as 2026-01-31T12:00:00Z; it is %q", collectedAt)}
				}
				bundle, skipped, err := graph.Import(cmd.Context(), args[0], dir, graph.Options{CollectedAt: at})
				for _, s := range skipped {
					t.skipped(s.Path, s.Reason)
				}
				return bundle, err
			})
		},
	}
	registerOutput(cmd, &dir)
	cmd.Flags().StringVar(&collectedAt, "collected-at", "", "when the responses were saved, as a `TIME` such as 2026-01-31T12:00:00Z")
	return cmd
}

func registerOutput(cmd *cobra.Command, dir *string) {
	cmd.Flags().StringVarP(dir, "output", "o", "", "the `DIR` to write the bundle to: new or empty")
}

// importInto writes a bundle and shows what it holds.
func importInto(t terminal, dir string, write func() (*evidence.Bundle, error)) error {
	if dir == "" {
		return usageError{fmt.Errorf("say where to write the bundle: -o DIR")}
	}
	bundle, err := write()
	if err != nil {
		return err
	}
	defer bundle.Close()
	return report.Bundle(t.out, bundle, t.style())
}
