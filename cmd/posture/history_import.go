package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/assessmentfile"
	"github.com/posture-score/posture/internal/atomicfile"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/inputfile"
	"github.com/posture-score/posture/internal/report"
)

type historyImportFlags struct {
	storeFlags
	printFlags
}

func newHistoryImport(t terminal) *cobra.Command {
	var f historyImportFlags
	cmd := &cobra.Command{
		Use:   "import FILE...",
		Short: "Add exported histories and saved assessments to the history",
		Long: `Add entries to the history: those of files that 'posture history export' wrote, and assessments that were saved with
assess --format json. - is standard input.

What is there already is not added again, so an import that was interrupted can be repeated. Every line is checked: its hash, its
assessment, and its place in the chain. A line that is damaged costs one entry: it is left out and told, and the exit code is 1. Where the
exported chain goes on where that of the store ends, its links stay as they are; otherwise entries get new ones.`,
		Example: `  posture history import history.ndjson
  posture history import 2026-*.json --store postgres://server/posture`,
		Args: takes("at least one FILE", 1, true),
		RunE: func(cmd *cobra.Command, args []string) error { return importHistory(cmd.Context(), t, &f, args) },
	}
	f.storeFlags.register(cmd, "the store to add to, which is made if it is missing")
	f.printFlags.register(cmd, report.Imported{})
	f.registerOutput(cmd)
	cmd.AddCommand(newHistoryImportGraph(t))
	return cmd
}

func importHistory(ctx context.Context, t terminal, f *historyImportFlags, paths []string) error {
	url, err := f.find(ctx, "")
	if err != nil {
		return err
	}
	s, err := history.Open(ctx, url)
	if err != nil {
		return err
	}
	page := report.Imported{Store: history.Shown(url)}
	for _, path := range paths {
		done, failed := importFile(ctx, t, s, path)
		if failed != nil {
			err = fmt.Errorf("%s: %w", path, failed)
			break
		}
		page.Files = append(page.Files, report.ImportedFile{Path: path, Importing: done})
	}
	if err := errors.Join(err, s.Close()); err != nil {
		return err
	}
	if err := t.show(f.printFlags, page); err != nil {
		return err
	}
	if page.Damaged() {
		return failure(exitFailure)
	}
	return nil
}

// importFile adds a saved assessment, or the lines of an export.
func importFile(ctx context.Context, t terminal, s *history.Store, path string) (history.Importing, error) {
	in := t.in
	if path != importer.Stdin {
		file, err := inputfile.Open(path)
		if err != nil {
			return history.Importing{}, atomicfile.Bare(err)
		}
		defer file.Close()
		in = file
	}
	var seen bytes.Buffer
	found := assessmentfile.Recognise(io.TeeReader(in, &seen))
	in = io.MultiReader(&seen, in)
	if !found {
		lines := bufio.NewReader(in)
		if begin, _ := lines.Peek(512); bytes.IndexByte(begin, 0) >= 0 { // JSON has no such byte
			return history.Importing{}, errors.New("it is no export of a history, and no saved assessment")
		}
		if mark, _ := lines.Peek(3); string(mark) == "\ufeff" { // which editors write before the text
			_, _ = lines.Discard(len(mark))
		}
		return s.Import(ctx, lines)
	}
	a, err := assessmentfile.Read(in)
	if err != nil {
		return history.Importing{}, err
	}
	_, isNew, err := s.Append(ctx, a, history.Posture)
	if isNew {
		return history.Importing{Lines: 1, Added: 1}, err
	}
	return history.Importing{Lines: 1, Known: 1}, err
}
