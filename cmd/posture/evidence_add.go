package main

import (
	"bufio"
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/importer/manual"
	"github.com/posture-score/posture/internal/inputfile"
	"github.com/posture-score/posture/internal/report"
	"github.com/posture-score/posture/internal/suggest"
	"github.com/posture-score/posture/schemas"
)

// manualFlags are those of commands that write a new bundle by hand.
type manualFlags struct {
	claims claimFlags
	bundle string
	output string
}

func (f *manualFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.claims.tenant, "tenant", "", "the `ID` of the tenant, or ID=NAME, where --bundle does not say it")
	flags.StringVar(&f.claims.collectedAt, "collected-at", "", "when this was found out, as a `TIME` such as 2026-01-31T12:00:00Z (default now)")
	flags.StringVar(&f.bundle, "bundle", "", "take over the datasets of the evidence at this `PATH`, which stays as it is")
	registerOutput(cmd, &f.output)
}

// write opens the evidence that is taken over, has the new bundle written, and shows what it holds.
func (f *manualFlags) write(ctx context.Context, t terminal, add func(manual.Options) (*evidence.Bundle, error)) error {
	said, err := f.claims.read()
	if err != nil {
		return err
	}
	if f.output == "" {
		return usageError{fmt.Errorf("say where to write the new bundle: -o DIR")}
	}
	options := manual.Options{Tenant: said.tenant, CollectedAt: said.collectedAt, Limits: evidence.DefaultLimits()}
	if options.CollectedAt.IsZero() {
		options.CollectedAt = time.Now().UTC().Truncate(time.Second)
	}
	if f.bundle != "" {
		base, err := openEvidence(ctx, t, f.bundle, &claimFlags{tenant: f.claims.tenant}, time.Time{})
		if err != nil {
			return err
		}
		defer base.Close()
		options.Base = base
	}
	bundle, err := add(options)
	if err != nil {
		return err
	}
	defer bundle.Close()
	if options.Base == nil {
		t.compare(bundle.Manifest(), claims{})
	}
	return t.show(printFlags{}, report.Bundle{Bundle: bundle})
}

func newEvidenceAdd(t terminal) *cobra.Command {
	var (
		f     manualFlags
		known catalogFlags
	)
	cmd := &cobra.Command{
		Use:   "add [DATASET] PATH --output DIR",
		Short: "Write a bundle with datasets from files that were made by hand",
		Long: `Write a bundle with datasets from files that were made by hand. A file is JSON: a list of records, one object, or one record
a line; - is standard input. Every record is checked against the schema of the dataset. Digests and counts are written for you.

PATH is a file of the DATASET. Without DATASET it is a folder of files that are named after their datasets, such as
inventory.servers.ndjson or saas.apps.json, or one such file. A file of a folder that has a mistake costs its dataset: that is listed
as failed, with the reason, and the others are written. A file that is named after a dataset that nobody knows stops the command.

With --bundle the new bundle takes over the other datasets of that evidence, which stays as it is. --catalog names a catalog whose own
datasets the files may be of.`,
		Example: `  posture evidence add saas.apps apps.json -o evidence --tenant 5f0c7a52-1c0e-4a54-9a0e-6a1f5f0f7b11
  posture evidence add saas.apps apps.json --bundle evidence -o evidence-with-apps
  posture evidence add ./exports --catalog ./our-controls -o evidence --tenant 5f0c7a52=Contoso`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 && len(args) != 2 {
				return usageError{fmt.Errorf("%s takes a DATASET and a FILE, or a FOLDER, and was given %d arguments; see '%s --help'", cmd.CommandPath(), len(args), cmd.CommandPath())}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			registry, err := known.datasets(cmd.Context())
			if err != nil {
				return err
			}
			if len(args) == 2 {
				return f.addFile(cmd.Context(), t, registry, args[0], args[1])
			}
			if info, err := os.Stat(args[0]); err == nil && info.IsDir() {
				return f.addFolder(cmd.Context(), t, registry, args[0])
			}
			name, ok := manual.DatasetOf(args[0])
			if !ok {
				return usageError{fmt.Errorf("%s is no folder, and no file that is named after its dataset, such as inventory.servers.ndjson: name a DATASET and a FILE, or a FOLDER", args[0])}
			}
			return f.addFile(cmd.Context(), t, registry, name, args[0])
		},
	}
	f.register(cmd)
	known.registerDatasets(cmd)
	return cmd
}

// addFile writes a bundle with the records of one file.
func (f *manualFlags) addFile(ctx context.Context, t terminal, registry *schemas.Registry, name, path string) error {
	dataset, err := manual.Find(registry, name)
	if err != nil {
		return usageError{err}
	}
	return f.write(ctx, t, func(options manual.Options) (*evidence.Bundle, error) {
		in, shown := t.in, "standard input"
		if path != importer.Stdin {
			file, err := inputfile.Open(path)
			if err != nil {
				return nil, fmt.Errorf("opening the file: %w", err)
			}
			defer file.Close()
			in, shown = bufio.NewReader(file), path
		}
		file := manual.File{Name: shown, Dataset: dataset, Limits: options.Limits, Unknown: func(field string) { t.unknown(dataset, field) }}
		return t.add(ctx, options, f.output, nil, manual.Part{From: shown, Dataset: dataset, Records: file.Records(ctx, in)})
	})
}

// addFolder writes a bundle with the records of the files of a folder.
func (f *manualFlags) addFolder(ctx context.Context, t terminal, registry *schemas.Registry, dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("opening the folder: %w", err)
	}
	defer root.Close()
	files, others, err := manual.Folder(inputfile.FS(root), dir, registry, evidence.DefaultLimits())
	if err != nil {
		return err
	}
	for _, name := range others {
		t.skipped(name, "it is no file that is named after a dataset, such as inventory.servers.ndjson")
	}
	return f.write(ctx, t, func(options manual.Options) (*evidence.Bundle, error) {
		var parts []manual.Part
		for _, file := range files {
			file.Unknown = func(field string) { t.unknown(file.Dataset, field) }
			parts = append(parts, file.Part(ctx, inputfile.FS(root)))
		}
		failed := func(dataset string, err error) { t.warn("%s is left out: %v", dataset, err) }
		return t.add(ctx, options, f.output, failed, parts...)
	})
}

// add writes a bundle, and says which datasets of the base it replaces and which records repeat others.
func (t terminal) add(ctx context.Context, options manual.Options, dir string, failed func(dataset string, err error), parts ...manual.Part) (*evidence.Bundle, error) {
	for _, part := range parts {
		if options.Base == nil {
			break
		}
		if had, ok := options.Base.Dataset(part.Dataset.Name); ok && had.Status == evidence.Collected {
			t.say("%s of %s is left out: that of %s takes its place", part.Dataset.Name, options.Base.Name(), part.From)
		}
	}
	bundle, err := options.Add(ctx, dir, failed, parts...)
	if err != nil {
		return nil, err
	}
	for _, part := range parts {
		warnings, err := manual.Repeats(ctx, bundle, part.Dataset)
		if err != nil {
			_ = bundle.Close()
			return nil, err
		}
		for _, warning := range warnings {
			t.warn("%s", warning)
		}
	}
	return bundle, nil
}

// unknown tells of a field that nothing will read.
func (t terminal) unknown(dataset *schemas.Dataset, field string) {
	properties, _ := dataset.Shape()["properties"].(map[string]any)
	t.warn("%s has no field %q: nothing reads it.%s", dataset.Name, suggest.Clip(field), suggest.Hint(field, slices.Sorted(maps.Keys(properties))))
}
