package main

import (
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/evidence/folder"
	"github.com/posture-score/posture/evidence/scubagear"
	"github.com/posture-score/posture/internal/report"
)

func newEvidenceImport(t terminal) *cobra.Command {
	return group("import", "Turn a foreign export into a bundle",
		"  posture evidence import scubagear ProviderSettingsExport.json -o evidence\n  posture evidence import graph ./responses -o evidence --collected-at 2026-01-31T12:00:00Z\n  posture evidence import powershell ./exports -o evidence --collected-at 2026-01-31T12:00:00Z",
		newImportScubaGear(t), newImportGraph(t), newImportPowerShell(t))
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
	return newImportFolder(t, &cobra.Command{
		Use:   "graph DIR --output DIR --collected-at TIME",
		Short: "Turn a folder of saved Microsoft Graph responses into a bundle",
		Long: `Turn a folder of saved Microsoft Graph responses into a bundle. What a file answers is read from its @odata.context; the pages of a
list are put together. Files that are named after a PowerShell cmdlet are read as "posture evidence import powershell" reads them. Responses
don't say when they were asked for: --collected-at does.`,
		Example: "  posture evidence import graph ./responses -o evidence --collected-at 2026-01-31T12:00:00Z",
	})
}

func newImportPowerShell(t terminal) *cobra.Command {
	return newImportFolder(t, &cobra.Command{
		Use:   "powershell DIR --output DIR --collected-at TIME",
		Short: "Turn a folder of saved answers of PowerShell cmdlets into a bundle",
		Long: `Turn a folder of saved answers of PowerShell cmdlets into a bundle. Each file is what ConvertTo-Json made of one cmdlet's answer and
is named after the cmdlet, such as Get-SafeLinksPolicy.json. Saved responses of Microsoft Graph in the same folder become a part of the
bundle. Neither says when it was saved: --collected-at does. The organization's response, Get-ConnectionInformation, Get-CsTenant or
Get-MgContext says which tenant it is; where none was saved, --tenant does.`,
		Example: "  posture evidence import powershell ./exports -o evidence --collected-at 2026-01-31T12:00:00Z",
	})
}

// newImportFolder makes the command that imports a folder of exports, whatever mixture they are.
func newImportFolder(t terminal, cmd *cobra.Command) *cobra.Command {
	var dir, collectedAt, tenant string
	cmd.Args = oneArg("DIR")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return importInto(t, dir, func() (*evidence.Bundle, error) {
			if collectedAt == "" {
				return nil, usageError{fmt.Errorf("say when the files were saved, which they don't: --collected-at TIME")}
			}
			at, err := time.Parse(time.RFC3339, collectedAt)
			if err != nil {
				return nil, usageError{fmt.Errorf("--collected-at has to be a time such as 2026-01-31T12:00:00Z; it is %q", collectedAt)}
			}
			options := folder.Options{CollectedAt: at, Tenant: evidence.Tenant{ID: tenant}}
			bundle, skipped, err := folder.Import(cmd.Context(), args[0], dir, options)
			for _, s := range skipped {
				t.skipped(s.Path, s.Reason)
			}
			return bundle, err
		})
	}
	registerOutput(cmd, &dir)
	cmd.Flags().StringVar(&collectedAt, "collected-at", "", "when the files were saved, as a `TIME` such as 2026-01-31T12:00:00Z")
	cmd.Flags().StringVar(&tenant, "tenant", "", "the `ID` of the tenant; an error if a file says another")
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
