package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/atomicfile"
	"github.com/posture-score/posture/internal/history"
)

type historyExportFlags struct {
	storeFlags
	output string
	tenant string
}

func newHistoryExport(t terminal) *cobra.Command {
	var f historyExportFlags
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write the history as NDJSON",
		Long: `Write the history as NDJSON, to standard output or a file: each entry with its assessment on a line, and its place in the chain.

'posture history import' reads it, into a store of any kind: in an empty one the chains are the same as before. Anybody can check a line:
its hash is the SHA-256 of its "link", and the link's "content" that of its "assessment", both as compact JSON. An export names who fails,
as assessments do.`,
		Example: `  posture history export --output history.ndjson
  posture history export --output history.ndjson && posture history import history.ndjson --store postgres://server/posture`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return exportHistory(cmd.Context(), t, &f) },
	}
	f.register(cmd, "the store to read")
	cmd.Flags().StringVarP(&f.output, "output", "o", "", "write to a `FILE` instead of standard output")
	cmd.Flags().StringVar(&f.tenant, "tenant", "", "write the chain of the tenant with this `ID` alone")
	return cmd
}

func exportHistory(ctx context.Context, t terminal, f *historyExportFlags) error {
	url, err := f.find(ctx, "")
	if err != nil {
		return err
	}
	if !standardOutput(f.output) && !history.Remote(url) && atomicfile.Same(f.output, url) {
		return usageError{fmt.Errorf("--output would replace the store %s: name another file", url)}
	}
	return f.with(ctx, func(s *history.Store) error {
		if standardOutput(f.output) {
			_, err := s.Export(ctx, t.out, history.Filter{Tenant: f.tenant})
			return err
		}
		file, err := t.create(f.output)
		if err != nil {
			return unwritten(f.output, err)
		}
		defer file.Discard()
		_, err = s.Export(ctx, file, history.Filter{Tenant: f.tenant})
		if err != nil && !errors.As(err, new(*history.PartialError)) {
			return err
		}
		return errors.Join(err, unwritten(f.output, file.Commit()))
	})
}
