package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/report"
	"github.com/posture-score/posture/internal/settings"
)

type historyPruneFlags struct {
	storeFlags
	printFlags
	tenant string
	keep   string
	dryRun bool
}

func newHistoryPrune(t terminal) *cobra.Command {
	var f historyPruneFlags
	cmd := &cobra.Command{
		Use:   "prune",
		Short: "Drop old assessments, and keep their scores and the chain",
		Long: `Drop assessments that rules do not keep. Each rule keeps the last entry of a period, for so many periods that have one, from the latest
entry back: daily:90,weekly:52,monthly:* keeps one a day for 90 days, one a week for 52 weeks, and one a month for ever. Periods are
those of UTC, weeks those of ISO 8601.

The scores of dropped entries stay, and so do their places in the chain, which a checkpoint in it explains. What is kept is compared
anew with what is kept before it.`,
		Example: `  posture history prune --keep daily:90,weekly:52,monthly:* --dry-run
  posture history prune`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return pruneHistory(cmd.Context(), t, &f) },
	}
	f.storeFlags.register(cmd, "the store to prune")
	f.printFlags.register(cmd, report.Pruned{})
	f.registerOutput(cmd)
	cmd.Flags().StringVar(&f.tenant, "tenant", "", "prune the entries of the tenant with this `ID` alone")
	cmd.Flags().StringVar(&f.keep, "keep", "", "keep what these `RULES` say, such as daily:90,weekly:52,monthly:* (default: those of posture.hcl)")
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "say what would be dropped, and drop nothing")
	return cmd
}

func pruneHistory(ctx context.Context, t terminal, f *historyPruneFlags) error {
	var keep settings.Keep
	if f.keep != "" {
		var err error
		if keep, err = settings.ParseKeep(f.keep); err != nil {
			return usageError{fmt.Errorf("--keep: %w", err)}
		}
	}
	s, err := f.open(ctx)
	if err != nil {
		return err
	}
	if keep == nil {
		keep = configured(ctx).settings.Keep
	}
	err = f.prune(ctx, t, s, keep)
	return errors.Join(err, s.Close())
}

func (f *historyPruneFlags) prune(ctx context.Context, t terminal, s *history.Store, keep settings.Keep) error {
	if len(keep) == 0 {
		return usageError{errors.New("say what to keep, with --keep or in posture.hcl, as in daily:90,weekly:52,monthly:*")}
	}
	tenants, err := s.Tenants(ctx)
	if err != nil {
		return err
	}
	page := report.Pruned{Keep: keep.String(), DryRun: f.dryRun}
	for _, tenant := range tenants {
		if f.tenant != "" && !strings.EqualFold(f.tenant, tenant.ID) {
			continue
		}
		pruning, err := s.Prune(ctx, tenant.ID, keep, f.dryRun)
		if err != nil {
			return err
		}
		page.Tenants = append(page.Tenants, report.PrunedTenant{Tenant: tenant.Tenant, Pruning: pruning})
	}
	if f.tenant != "" && len(page.Tenants) == 0 {
		return unknownTenant(s, f.tenant, nil)
	}
	return t.show(f.printFlags, page)
}
