package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer/folder"
	"github.com/posture-score/posture/internal/importer/scubagear"
	"github.com/posture-score/posture/internal/report"
)

func newEvidenceImport(t terminal) *cobra.Command {
	return group("import", "Turn a foreign export into a bundle",
		"  posture evidence import scubagear ProviderSettingsExport.json -o evidence\n  posture evidence import graph ./responses -o evidence --collected-at 2026-01-31T12:00:00Z\n  posture evidence import powershell ./exports -o evidence --collected-at 2026-01-31T12:00:00Z",
		newImportScubaGear(t), newImportGraph(t), newImportPowerShell(t))
}

func newImportScubaGear(t terminal) *cobra.Command {
	return newImporter(t, &cobra.Command{
		Use:     "scubagear FILE --output DIR",
		Short:   "Turn ScubaGear's ProviderSettingsExport.json into a bundle",
		Example: "  posture evidence import scubagear ProviderSettingsExport.json -o evidence",
		Args:    oneArg("FILE"),
	}, func(ctx context.Context, path, dir string, c claims) (*evidence.Bundle, error) {
		file, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("opening the export: %w", err)
		}
		defer file.Close()
		options := scubagear.Options{CollectedAt: c.collectedAt, Tenant: c.tenant, Limits: evidence.DefaultLimits()}
		return scubagear.Import(ctx, file, dir, options)
	})
}

func newImportGraph(t terminal) *cobra.Command {
	return newImportFolder(t, &cobra.Command{
		Use:   "graph DIR --output DIR --collected-at TIME",
		Short: "Turn a folder or an archive of saved Microsoft Graph responses into a bundle",
		Long: `Turn a folder of saved Microsoft Graph responses into a bundle. What a file answers is read from its @odata.context; the pages of a
list are put together. Files that are named after a PowerShell cmdlet are read as "posture evidence import powershell" reads them. Responses
don't say when they were asked for: --collected-at does.`,
		Example: "  posture evidence import graph ./responses -o evidence --collected-at 2026-01-31T12:00:00Z",
	})
}

func newImportPowerShell(t terminal) *cobra.Command {
	return newImportFolder(t, &cobra.Command{
		Use:   "powershell DIR --output DIR --collected-at TIME",
		Short: "Turn a folder or an archive of saved answers of PowerShell cmdlets into a bundle",
		Long: `Turn a folder of saved answers of PowerShell cmdlets into a bundle. Each file is what ConvertTo-Json made of one cmdlet's answer and
is named after the cmdlet, such as Get-SafeLinksPolicy.json. Saved responses of Microsoft Graph in the same folder become a part of the
bundle. Neither says when it was saved: --collected-at does. The organization's response, Get-ConnectionInformation, Get-CsTenant or
Get-MgContext says which tenant it is; where none was saved, --tenant does.`,
		Example: "  posture evidence import powershell ./exports -o evidence --collected-at 2026-01-31T12:00:00Z",
	})
}

// newImportFolder makes the command that imports a folder of exports, whatever mixture they are.
func newImportFolder(t terminal, cmd *cobra.Command) *cobra.Command {
	cmd.Args = oneArg("DIR")
	return newImporter(t, cmd, func(ctx context.Context, path, dir string, c claims) (*evidence.Bundle, error) {
		bundle, skipped, err := folder.Import(ctx, path, dir, folder.Options{CollectedAt: c.collectedAt, Tenant: c.tenant})
		for _, s := range skipped {
			t.skipped(s.Path, s.Reason)
		}
		return bundle, err
	})
}

// newImporter makes the command that writes a bundle by one importer and shows what it holds.
func newImporter(t terminal, cmd *cobra.Command, write func(ctx context.Context, path, dir string, c claims) (*evidence.Bundle, error)) *cobra.Command {
	var (
		dir   string
		flags claimFlags
	)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		claims, err := flags.read()
		if err != nil {
			return err
		}
		return written(t, dir, claims, func() (*evidence.Bundle, error) { return write(cmd.Context(), args[0], dir, claims) })
	}
	registerOutput(cmd, &dir)
	flags.register(cmd.Flags())
	return cmd
}

func registerOutput(cmd *cobra.Command, dir *string) {
	cmd.Flags().StringVarP(dir, "output", "o", "", "the `DIR` to write the bundle to: new or empty")
}

// written writes a bundle and shows what it holds.
func written(t terminal, dir string, c claims, write func() (*evidence.Bundle, error)) error {
	if dir == "" {
		return usageError{fmt.Errorf("say where to write the bundle: -o DIR")}
	}
	bundle, err := write()
	if err != nil {
		return err
	}
	defer bundle.Close()
	t.compare(bundle.Manifest(), c)
	return t.show(printFlags{}, report.Bundle{Bundle: bundle})
}
