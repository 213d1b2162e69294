package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/importer/builtin"
	"github.com/posture-score/posture/internal/report"
)

// newEvidenceImport returns a command with one subcommand for each importer that describes one.
func newEvidenceImport(t terminal) *cobra.Command {
	var (
		examples []string
		commands []*cobra.Command
	)
	for _, i := range builtin.Importers() {
		if info := i.Info(); info.Command != nil {
			examples = append(examples, "  "+info.Command.Example)
			commands = append(commands, newImporter(t, i, info))
		}
	}
	return group("import", "Turn a foreign export into a bundle", strings.Join(examples, "\n"), commands...)
}

// newImporter returns the command that writes a bundle and shows what it holds. An importer of one file reads it
// whatever it looks like; a folder is read by all importers, since it may be a mixture.
func newImporter(t terminal, by importer.Importer, info importer.Info) *cobra.Command {
	var (
		dir   string
		flags claimFlags
	)
	cmd := &cobra.Command{
		Use:   strings.Join([]string{info.Name, info.Command.Args, info.Command.Flags}, " "),
		Short: info.Command.Short, Long: info.Command.Long, Example: "  " + info.Command.Example,
		Args: oneArg(info.Command.Args),
		RunE: func(cmd *cobra.Command, args []string) error {
			claims, err := flags.read()
			if err != nil {
				return err
			}
			if dir == "" {
				return usageError{fmt.Errorf("say where to write the bundle: -o DIR")}
			}
			options := importer.Options{
				Importers: builtin.Importers(), Limits: evidence.DefaultLimits(), CollectedAt: claims.collectedAt, Tenant: claims.tenant,
			}
			if info.Command.Args == "FILE" {
				options.Only = by
			}
			bundle, skipped, err := options.Import(cmd.Context(), args[0], dir)
			for _, s := range skipped {
				t.skipped(s.Path, s.Reason)
			}
			if err != nil {
				return err
			}
			defer bundle.Close()
			t.compare(bundle.Manifest(), claims)
			return t.show(printFlags{}, report.Bundle{Bundle: bundle})
		},
	}
	registerOutput(cmd, &dir)
	flags.register(cmd.Flags())
	return cmd
}

func registerOutput(cmd *cobra.Command, dir *string) {
	cmd.Flags().StringVarP(dir, "output", "o", "", "the `DIR` to write the bundle to: new or empty")
}
