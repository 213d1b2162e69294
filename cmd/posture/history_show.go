package main

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/report"
	"github.com/posture-score/posture/internal/suggest"
)

type historyShowFlags struct {
	pastFlags
	printFlags
}

func newHistoryShow(t terminal) *cobra.Command {
	var f historyShowFlags
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Show everything that happened to one action",
		Long: `Show everything that happened to one action, newest first: what it was before and after, why, and what the organization decided.

Who changed a setting is not in evidence. Who made a decision is what the register says.`,
		Example: `  posture history show AdminMFAV2
  posture history show AdminMFAV2 --from 2026-01-01 --format json`,
		Args: oneArg("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.with(cmd.Context(), func(s *history.Store) error { return showAction(cmd.Context(), t, &f, s, args[0]) })
		},
	}
	f.pastFlags.register(cmd)
	f.printFlags.register(cmd, report.Past{})
	f.registerOutput(cmd)
	return cmd
}

func showAction(ctx context.Context, t terminal, f *historyShowFlags, s *history.Store, id string) error {
	filter, err := f.filter(ctx, s)
	if err != nil {
		return err
	}
	page := report.Past{Tenant: engine.Tenant{ID: filter.Tenant}, Action: id}
	for change, err := range s.Changes(ctx, filter) {
		if err != nil {
			return err
		}
		page.Add(change)
	}
	if page.Gone, err = countPruned(ctx, s, filter); err != nil {
		return err
	}
	results := filter
	results.Action = id
	for row, err := range s.Rows(ctx, results) {
		if err != nil {
			return err
		}
		if page.Results++; page.Results == 1 {
			page.Latest = row
		}
		page.First = row
	}
	if page.Results == 0 && len(page.Events) == 0 {
		return unknownPast(ctx, s, filter, id)
	}
	if page.Results > 0 {
		if page.Begin, err = s.Entry(ctx, filter.Tenant, page.First.Entry); err != nil {
			return err
		}
	}
	return t.show(f.printFlags, page)
}

// unknownPast is the error for an id that no assessment of a time has. What was meant may be an action of the latest one, or an entry.
func unknownPast(ctx context.Context, s *history.Store, filter history.Filter, id string) error {
	unknown := &suggest.UnknownError{Where: "the store " + s.String(), Kind: "action", Name: id, Help: "'posture history' lists what changed"}
	if _, err := strconv.Atoi(id); err == nil {
		unknown.Help = "'posture diff OLD NEW' compares entries by their numbers"
	}
	latest := int64(0)
	for row, err := range s.Rows(ctx, filter) {
		if err != nil {
			return err
		}
		if latest == 0 {
			latest = row.Entry
		}
		if row.Entry != latest {
			break
		}
		unknown.Known = append(unknown.Known, row.Action)
	}
	return unknown
}
