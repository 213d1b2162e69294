package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/report"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/internal/snapshot"
	"github.com/posture-score/posture/internal/trend"
)

type trendsFlags struct {
	pastFlags
	printFlags
	benchmark benchmarkFlags
	every     string
}

func newTrends(t terminal) *cobra.Command {
	var f trendsFlags
	cmd := &cobra.Command{
		Use:   "trends [PATH...]",
		Short: "Show the score over time: gains, losses and their causes, and when it reaches the goal",
		Long: `Show the score over time with what could be reached (planned, with the current licenses, achievable), what was gained and lost and by
which causes, accepted risk, a comparison, and when the score reaches the goal at the current pace.

The assessments are those of the history. PATH is an assessment that was saved with assess --format json instead, or a folder with such
files (*.json).

Zones, goal and comparison are those of posture.hcl. The pace is the slope of the line through the scores of the range by
least squares; from the last score on it is taken to go on.

On a terminal there is a chart, too. The table has a line for each assessment, day, week or month, so that it has no more than
31 lines; --every chooses. JSON and CSV have every assessment, unless --every is given.`,
		Example: `  posture trends
  posture trends --from 2026-07-01 --to 2026-09-30 --benchmark microsoft
  posture trends monday.json today.json
  posture trends --format csv --output trends.csv`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runTrends(cmd.Context(), t, &f, args)
		},
	}
	f.pastFlags.register(cmd)
	f.printFlags.register(cmd, report.Trends{})
	f.registerOutput(cmd)
	f.benchmark.register(cmd)
	registerChoice(cmd.Flags(), &f.every, "every", "", []string{"each", "day", "week", "month"}, "have a line for `EACH` assessment, or each day, week or month")
	return cmd
}

func runTrends(ctx context.Context, t terminal, f *trendsFlags, paths []string) error {
	s := configured(ctx).settings
	options, err := f.options(s)
	if err != nil {
		return err
	}
	tenant, moments, err := f.moments(ctx, t, paths)
	if err != nil {
		return err
	}
	if s.Organization.Name != "" {
		tenant.Name = s.Organization.Name
	}
	page := report.Trends{Trend: trend.New(tenant, moments, options), Period: trend.Period(f.every), Chart: f.output == "" && isTerminal(t.out)}
	return t.show(f.printFlags, page)
}

// moments returns the moments of the history, or of saved assessments.
func (f *trendsFlags) moments(ctx context.Context, t terminal, paths []string) (tenant engine.Tenant, moments []trend.Moment, err error) {
	if len(paths) > 0 {
		return f.saved(ctx, t, paths)
	}
	err = f.with(ctx, func(store *history.Store) error {
		filter, err := f.filter(ctx, store)
		if err != nil {
			return err
		}
		record, err := snapshot.ReadRecord(ctx, store, filter)
		if err != nil {
			return err
		}
		tenant, moments = record.Tenant(filter.Tenant), record.Moments
		return nil
	})
	return tenant, moments, err
}

// options returns what the settings add to a score.
func (f *trendsFlags) options(s *settings.Settings) (trend.Options, error) {
	benchmark, choice, err := f.benchmark.read(s)
	return snapshot.TrendOptions(s, benchmark, choice), err
}

// saved returns the moments of saved assessments.
func (f *trendsFlags) saved(ctx context.Context, t terminal, paths []string) (engine.Tenant, []trend.Moment, error) {
	if typed(f.flags, "store") || slices.ContainsFunc(paths, isStore) {
		return engine.Tenant{}, nil, usageError{errors.New("trends shows a history, or saved assessments: name a history with --store, and no PATH with it")}
	}
	from, to, err := f.span()
	if err != nil {
		return engine.Tenant{}, nil, err
	}
	list := map[string][]*engine.Assessment{} // by tenant
	err = t.savedAssessments(ctx, paths, func(a *engine.Assessment) error {
		id := strings.ToLower(a.Tenant.ID)
		list[id] = append(list[id], a)
		return nil
	})
	if err != nil {
		return engine.Tenant{}, nil, err
	}
	id, err := oneTenant(f.tenant, slices.Sorted(maps.Keys(list)))
	if err != nil {
		return engine.Tenant{}, nil, err
	}
	found := list[id]
	slices.SortStableFunc(found, func(a, b *engine.Assessment) int {
		return cmp.Or(a.EvaluatedAt.Compare(b.EvaluatedAt), cmp.Compare(a.Evidence.Digest, b.Evidence.Digest))
	})
	tenant := found[len(found)-1].Tenant
	found = slices.DeleteFunc(found, func(a *engine.Assessment) bool {
		return a.EvaluatedAt.Before(from) || !to.IsZero() && !a.EvaluatedAt.Before(to)
	})
	return tenant, trend.Of(found), nil
}

// oneTenant returns the one of some tenants that is asked for, in lower case.
func oneTenant(asked string, tenants []string) (string, error) {
	switch {
	case asked != "" && !slices.Contains(tenants, strings.ToLower(asked)):
		return "", fmt.Errorf("there is no assessment of the tenant %q", asked)
	case asked != "":
		return strings.ToLower(asked), nil
	case len(tenants) > 1:
		return "", usageError{fmt.Errorf("these are assessments of %d tenants: choose one with --tenant, such as %s", len(tenants), tenants[0])}
	}
	return tenants[0], nil
}
