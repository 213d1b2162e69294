package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/report"
	"github.com/posture-score/posture/internal/suggest"
)

// storeFlags say which store a command uses.
type storeFlags struct {
	url   string
	flags *pflag.FlagSet
}

func (f *storeFlags) register(cmd *cobra.Command, usage string) {
	f.flags = cmd.Flags()
	cmd.Flags().StringVar(&f.url, "store", "", usage+": the PATH of a file, or a `URL` that begins with postgres:// (default: that of posture.hcl, or posture.db beside the register)")
}

// find returns the store of the flag, of posture.hcl, or that beside a register. Without a path the register is the one that is configured.
func (f *storeFlags) find(ctx context.Context, registerPath string) (string, error) {
	c := configured(ctx)
	if f.url != "" {
		return f.url, nil
	}
	if c.settings.Store != "" {
		return c.settings.Store, c.reaches(c.settings.Store, "store")
	}
	return filepath.Join(filepath.Dir(cmp.Or(registerPath, c.register())), history.Name), nil
}

// open opens a store that is there.
func (f *storeFlags) open(ctx context.Context) (*history.Store, error) {
	url, err := f.find(ctx, "")
	if err != nil {
		return nil, err
	}
	store, err := history.OpenExisting(ctx, url)
	if errors.Is(err, history.ErrNone) {
		err = fmt.Errorf("there is no store %s: 'posture assess PATH --record' begins one, and --store names another", history.Shown(url))
	}
	return store, err
}

// with opens a store that is there for as long as a function runs.
func (f *storeFlags) with(ctx context.Context, use func(*history.Store) error) error {
	store, err := f.open(ctx)
	if err != nil {
		return err
	}
	return errors.Join(use(store), store.Close())
}

// pastFlags say which part of the past a command shows.
type pastFlags struct {
	storeFlags
	tenant   string
	origin   string
	from, to string
}

func (f *pastFlags) register(cmd *cobra.Command) {
	f.storeFlags.register(cmd, "the store to read")
	f.registerTenant(cmd)
	registerChoice(cmd.Flags(), &f.origin, "origin", string(history.Posture), []string{string(history.Posture), string(history.Microsoft)}, "what `WHO` counted: posture or microsoft")
	cmd.Flags().StringVar(&f.from, "from", "", "from this `DATE` on, such as 2026-01-31, or time")
	cmd.Flags().StringVar(&f.to, "to", "", "up to this `DATE`, or time")
}

func (f *pastFlags) registerTenant(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.tenant, "tenant", "", "the `ID` of the tenant, where the store has several")
}

// filter returns the filter of the flags, newest first. The tenant is the only one of the store if no flag names one.
func (f *pastFlags) filter(ctx context.Context, s *history.Store) (history.Filter, error) {
	filter := history.Filter{Origin: history.Origin(f.origin), Newest: true}
	var err error
	if filter.From, filter.To, err = f.span(); err != nil {
		return filter, err
	}
	filter.Tenant, err = f.only(ctx, s)
	return filter, err
}

// span returns the first time that the flags mean, and the first one that is too late; zero for none.
func (f *pastFlags) span() (from, to time.Time, err error) {
	if from, err = dateFlag("from", f.from, false); err != nil {
		return from, to, err
	}
	if to, err = dateFlag("to", f.to, true); err != nil {
		return from, to, err
	}
	if !from.IsZero() && !to.IsZero() && !from.Before(to) {
		return from, to, usageError{fmt.Errorf("--from %s is after --to %s: nothing lies between them", f.from, f.to)}
	}
	return from, to, nil
}

// only returns the id of the tenant that is meant.
func (f *pastFlags) only(ctx context.Context, s *history.Store) (string, error) {
	tenants, err := s.Tenants(ctx)
	if err != nil {
		return "", err
	}
	var ids []string
	for _, t := range tenants {
		if t.ID == f.tenant || strings.EqualFold(t.ID, f.tenant) && strings.Count(f.tenant, "-") == 4 {
			return t.ID, nil
		}
		ids = append(ids, t.ID)
	}
	switch {
	case len(tenants) == 0:
		return "", fmt.Errorf("the store %s has no entries yet: 'posture assess PATH --record' adds one", s)
	case f.tenant != "":
		return "", unknownTenant(s, f.tenant, ids)
	case len(tenants) > 1:
		return "", usageError{fmt.Errorf("the store %s has several tenants: name one with --tenant: %s", s, suggest.List(ids))}
	}
	return tenants[0].ID, nil
}

// unknownTenant is the error for an id that no tenant of a store has.
func unknownTenant(s *history.Store, id string, known []string) error {
	return &suggest.UnknownError{Where: "the store " + s.String(), Kind: "tenant", Name: id, Known: known}
}

// dateFlag returns the value of a flag that takes a date or a time; a date that ends a range is meant with the whole day.
func dateFlag(flag, value string, end bool) (time.Time, error) {
	if at, err := time.Parse(time.DateOnly, value); err == nil {
		if end {
			at = at.AddDate(0, 0, 1)
		}
		return at, nil
	}
	at, err := timeFlag(flag, value)
	if err != nil {
		return at, usageError{fmt.Errorf("--%s has to be a date such as 2026-01-31, or a time such as 2026-01-31T12:00:00Z; it is %q", flag, value)}
	}
	if end && value != "" {
		at = at.Add(time.Microsecond) // the time itself is meant, too
	}
	return at, nil
}

type historyFlags struct {
	pastFlags
	printFlags
	filter report.ChangeFilter
	causes []string
}

func newHistory(t terminal) *cobra.Command {
	var f historyFlags
	cmd := &cobra.Command{
		Use:   "history",
		Short: "List what changed, and keep the history: every assessment, in a store",
		Long: `List what changed of the actions of a tenant, newest first: when, by how many points, what the action has since, and why.

The history is in a store: a file posture.db beside the register, the one that posture.hcl names, or that of --store, which may be a
database of PostgreSQL. 'posture assess PATH --record' adds an entry. Each entry is compared with the one before it in time; the causes
are those of 'posture diff'. Actions that moved no points are left out without --all.`,
		Example: `  posture history
  posture history --from 2026-01-01 --to 2026-03-31 --category identity --cause configuration
  posture history --action AdminMFAV2 --format json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runHistory(cmd.Context(), t, &f) },
	}
	f.pastFlags.register(cmd)
	f.printFlags.register(cmd, report.Changes{})
	f.registerOutput(cmd)
	cmd.Flags().StringArrayVar(&f.filter.Categories, "category", nil, "those of this `CATEGORY`, such as identity (repeatable, as the two below)")
	cmd.Flags().StringArrayVar(&f.filter.Actions, "action", nil, "those of the action `ID`")
	cmd.Flags().StringArrayVar(&f.causes, "cause", nil, "those with this `CAUSE`, such as configuration")
	cmd.Flags().BoolVar(&f.filter.All, "all", false, "too those that moved no points")
	cmd.AddCommand(newHistoryList(t), newHistoryShow(t), newHistoryVerify(t), newHistoryExport(t), newHistoryImport(t), newHistoryPrune(t))
	return cmd
}

func runHistory(ctx context.Context, t terminal, f *historyFlags) error {
	for _, cause := range f.causes {
		if err := oneOf("cause", cause, plainWords(attribution.Causes())...); err != nil {
			return err
		}
		f.filter.Causes = append(f.filter.Causes, attribution.Cause(cause))
	}
	return f.with(ctx, func(s *history.Store) error {
		filter, err := f.pastFlags.filter(ctx, s)
		if err != nil {
			return err
		}
		page := report.Changes{Tenant: engine.Tenant{ID: filter.Tenant}}
		for change, err := range s.Changes(ctx, filter) {
			if err != nil {
				return err
			}
			page.Add(change, f.filter)
		}
		if page.Gone, err = countPruned(ctx, s, filter); err != nil {
			return err
		}
		return t.show(f.printFlags, page)
	})
}

// countPruned counts the entries of a filter of which retention dropped the assessments.
func countPruned(ctx context.Context, s *history.Store, filter history.Filter) (int, error) {
	count := 0
	for entry, err := range s.Entries(ctx, filter) {
		if err != nil {
			return 0, err
		}
		if entry.Pruned {
			count++
		}
	}
	return count, nil
}
