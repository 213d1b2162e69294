package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/decisions"
	"github.com/posture-score/posture/internal/gate/rule"
	"github.com/posture-score/posture/internal/inspect"
	"github.com/posture-score/posture/internal/report"
)

type registerExpiringFlags struct {
	registerFlags
	within string
}

func newRegisterExpiring(t terminal) *cobra.Command {
	var f registerExpiringFlags
	cmd := &cobra.Command{
		Use:   "expiring [PATH]",
		Short: "List by owner which decisions and exclusions run out soon",
		Long: `List by owner which statuses and exclusions of the register end within 30 days, or what --within says, the next one first. What has ended
already is counted below the list.

PATH is evidence, as for assess, or an assessment that was saved with assess --format json: with it what has no effect is left out. Days
are counted from the time of the assessment, or from now without one, unless --now says another time.`,
		Example: `  posture register expiring
  posture register expiring --within 90d --format csv
  posture register expiring testdata/contoso --now 2026-12-01`,
		Args: atMostOne("PATH"),
		RunE: func(cmd *cobra.Command, args []string) error { return registerExpiring(cmd.Context(), t, &f, args) },
	}
	f.register(cmd, report.Decided{})
	cmd.Flags().StringVar(&f.within, "within", "30d", "list what ends within this `TIME`, such as 48h, 30d or 2w")
	return cmd
}

func registerExpiring(ctx context.Context, t terminal, f *registerExpiringFlags, paths []string) error {
	within, err := rule.ParseAge(f.within)
	if err != nil {
		return usageError{fmt.Errorf("--within: %w", err)}
	}
	page, _, _, err := f.page(ctx, t, paths)
	if err != nil {
		return err
	}
	days := int((within + 24*time.Hour - 1) / (24 * time.Hour))
	over := 0
	page.Entries = slices.DeleteFunc(page.Entries, func(e inspect.Entry) bool {
		if e.State == decisions.Expired {
			over++
		}
		return e.EndsIn == nil || *e.EndsIn <= 0 || *e.EndsIn > days
	})
	slices.SortStableFunc(page.Entries, func(a, b inspect.Entry) int { return *a.EndsIn - *b.EndsIn })
	page.ByOwner = true
	page.Nothing = fmt.Sprintf("Nothing runs out within %s.", f.within)
	if over > 0 {
		page.After = fmt.Sprintf("%d more ended already: 'posture register list --state expired' lists them.", over)
	}
	return t.show(f.printFlags, page)
}
