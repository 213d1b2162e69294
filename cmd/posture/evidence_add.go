package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/diag"
	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/importer/manual"
	"github.com/posture-score/posture/internal/report"
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
	var f manualFlags
	cmd := &cobra.Command{
		Use:   "add DATASET FILE --output DIR",
		Short: "Write a bundle with a dataset from a file that was made by hand",
		Long: `Write a bundle with a dataset from a file that was made by hand. The file is JSON: a list of records, one object, or one record
a line; - is standard input. Every record is checked against the schema of the dataset. Digests and counts are written for you.

With --bundle the new bundle takes over the other datasets of that evidence, which stays as it is.`,
		Example: "  posture evidence add saas.apps apps.json -o evidence --tenant 5f0c7a52-1c0e-4a54-9a0e-6a1f5f0f7b11\n  posture evidence add saas.apps apps.json --bundle evidence -o evidence-with-apps",
		RunE: func(cmd *cobra.Command, args []string) error {
			dataset, err := datasetNamed(args[0])
			if err != nil {
				return err
			}
			return f.write(cmd.Context(), t, func(options manual.Options) (*evidence.Bundle, error) {
				return addFile(cmd.Context(), t, options, dataset, args[1], f.output)
			})
		},
	}
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) != 2 {
			return usageError{fmt.Errorf("%s takes a DATASET and a FILE, and was given %d arguments; see '%s --help'", cmd.CommandPath(), len(args), cmd.CommandPath())}
		}
		return nil
	}
	f.register(cmd)
	return cmd
}

// datasetNamed finds the dataset of that name.
func datasetNamed(name string) (*schemas.Dataset, error) {
	registry, err := schemas.Builtin()
	if err != nil {
		return nil, err
	}
	dataset, ok := registry.Dataset(name)
	if ok {
		return dataset, nil
	}
	hint := ""
	if near := diag.Nearest(name, registry.Names()); near != "" {
		hint = fmt.Sprintf(" Did you mean %q?", near)
	}
	return nil, usageError{fmt.Errorf("there is no dataset %q.%s 'posture evidence plan' lists those that controls read", name, hint)}
}

// addFile writes a bundle with the records of one file.
func addFile(ctx context.Context, t terminal, options manual.Options, dataset *schemas.Dataset, path, dir string) (*evidence.Bundle, error) {
	in, name := t.in, "standard input"
	if path != importer.Stdin {
		file, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("opening the file: %w", err)
		}
		defer file.Close()
		in, name = io.Reader(bufio.NewReader(file)), path
	}
	file := manual.File{Name: name, Dataset: dataset, Limits: options.Limits, Unknown: func(field string) { t.unknown(dataset, field) }}
	if options.Base != nil {
		if had, ok := options.Base.Dataset(dataset.Name); ok && had.Status == evidence.Collected {
			t.say("%s of %s is left out: that of %s takes its place", dataset.Name, options.Base.Name(), name)
		}
	}
	return options.Add(ctx, dir, dataset, file.Records(ctx, in))
}

// unknown tells of a field that nothing will read.
func (t terminal) unknown(dataset *schemas.Dataset, field string) {
	properties, _ := dataset.Shape()["properties"].(map[string]any)
	hint := ""
	if near := diag.Nearest(field, slices.Sorted(maps.Keys(properties))); near != "" {
		hint = fmt.Sprintf(" Did you mean %q?", near)
	}
	t.say("%s has no field %q: nothing reads it.%s", dataset.Name, field, hint)
}
