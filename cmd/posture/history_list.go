package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/report"
)

type historyListFlags struct {
	pastFlags
	printFlags
}

func newHistoryList(t terminal) *cobra.Command {
	var f historyListFlags
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the entries of the history with their scores",
		Long: `List the entries of a tenant with their scores, newest first.

The number of an entry says when it was added; its time says when the evidence was collected. Of an entry that retention pruned only
the score is kept.`,
		Example: `  posture history list
  posture history list --from 2026-01-01 --format csv --output scores.csv`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.with(cmd.Context(), func(s *history.Store) error { return listEntries(cmd.Context(), t, &f, s) })
		},
	}
	f.pastFlags.register(cmd)
	f.printFlags.register(cmd, report.Entries{})
	f.registerOutput(cmd)
	return cmd
}

func listEntries(ctx context.Context, t terminal, f *historyListFlags, s *history.Store) error {
	filter, err := f.filter(ctx, s)
	if err != nil {
		return err
	}
	page := report.Entries{Tenant: engine.Tenant{ID: filter.Tenant}}
	for entry, err := range s.Entries(ctx, filter) {
		if err != nil {
			return err
		}
		page.Entries = append(page.Entries, entry)
	}
	return t.show(f.printFlags, page)
}
