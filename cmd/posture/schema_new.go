package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/infer"
	"github.com/posture-score/posture/internal/inputfile"
	"github.com/posture-score/posture/schemas"
)

func newSchemaNew(t terminal) *cobra.Command {
	var kind, sample, dir string
	cmd := &cobra.Command{
		Use:   "new DATASET --sample FILE",
		Short: "Propose a schema from a sample of records",
		Long: `Propose the schema of a dataset of your own from a sample of its records: the fields and their types, those that every record has,
formats, enumerations, and a key. DATASET is <product>.<dataset>, such as inventory.servers. The sample is JSON: a list of records, one
record a line, or one object, which is a document then; - is standard input.

The schema goes to standard output, or with --dir into a catalog as schemas/<product>/<dataset>.json, where nothing is overwritten.
Texts such as "<replace: ...>" are for you to write: 'posture policy check' refuses them. A sample shows what was seen and not what may
come: look at what is required, at enumerations and at the key.`,
		Example: `  posture schema new inventory.servers --sample servers.ndjson --dir our-controls
  posture schema show inventory.servers --catalog our-controls`,
		Args: oneArg("DATASET"),
		RunE: func(cmd *cobra.Command, args []string) error {
			name := args[0]
			if err := newDatasetName(name); err != nil {
				return err
			}
			if sample == "" {
				return usageError{errors.New("give --sample: see 'posture schema new --help'")}
			}
			in, closeSample, err := openSample(t, sample)
			if err != nil {
				return err
			}
			defer closeSample()
			proposal, err := infer.Propose(cmd.Context(), name, schemas.Kind(kind), in)
			var placed *infer.Error
			if errors.As(err, &placed) {
				return fmt.Errorf("%s:%d:%d: %w", sample, placed.Line, placed.Column, placed.Err)
			}
			if err != nil {
				return err
			}
			for _, advice := range proposal.Advice {
				t.say("%s", advice)
			}
			if dir == "" {
				_, err := t.out.Write(proposal.Schema)
				return err
			}
			return writeSchema(t, dir, name, proposal.Schema)
		},
	}
	cmd.Flags().StringVar(&sample, "sample", "", "the `FILE` of records to look at")
	registerChoice(cmd.Flags(), &kind, "kind", "", []string{string(schemas.Document), string(schemas.List), string(schemas.Population)},
		"the `KIND` of dataset: document, list (that rules may read whole) or population (default: what the sample shows)")
	cmd.Flags().StringVar(&dir, "dir", "", "the `DIR` of the catalog to write into, instead of standard output")
	return cmd
}

// newDatasetName wants the name of a dataset that is not built in.
func newDatasetName(name string) error {
	if !catalog.ValidDataset(name) {
		return usageError{fmt.Errorf("the name %q is not <product>.<dataset>, such as inventory.servers: two names of lower-case letters, digits and underscores around one dot", name)}
	}
	builtin, err := schemas.Builtin()
	if err != nil {
		return err
	}
	if _, known := builtin.Dataset(name); known {
		return usageError{fmt.Errorf("the dataset %s is built in: see 'posture schema show %s', or choose another name", name, name)}
	}
	return nil
}

func openSample(t terminal, path string) (io.Reader, func(), error) {
	if path == importer.Stdin {
		return t.in, func() {}, nil
	}
	file, err := inputfile.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("opening the sample: %w", err)
	}
	return bufio.NewReader(file), func() { _ = file.Close() }, nil
}

// writeSchema writes the schema of a dataset into a catalog.
func writeSchema(t terminal, dir, name string, text []byte) error {
	path := filepath.Join(dir, "schemas", filepath.FromSlash(strings.Replace(name, ".", "/", 1))+".json")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("writing the schema: %w", err)
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already, and is left as it is: choose another name or folder", path)
	}
	if err != nil {
		return fmt.Errorf("writing the schema: %w", err)
	}
	_, err = file.Write(text)
	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("writing the schema: %w", err)
	}
	fmt.Fprintln(t.out, path)
	return nil
}
