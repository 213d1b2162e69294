package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/actions"
	"github.com/posture-score/posture/internal/decisions"
	"github.com/posture-score/posture/internal/inspect"
	"github.com/posture-score/posture/internal/register"
	"github.com/posture-score/posture/internal/report"
)

// registerFlags say which register is read, what it is compared with, and as of when.
type registerFlags struct {
	assessmentFlags
	printFlags
}

func (f *registerFlags) register(cmd *cobra.Command, page report.Page) {
	f.assessmentFlags.register(cmd)
	f.current, f.texts, f.dated = true, true, true
	cmd.Flags().Lookup("now").Usage = "tell what holds as of this `TIME`, such as 2026-01-31T12:00:00Z, or day (default: that of the assessment, or now)"
	cmd.Flags().Lookup("register").Usage = "the register `FILE`"
	f.printFlags.register(cmd, page)
	f.registerOutput(cmd)
}

// inspector returns what the register is compared with: the catalog, and evidence or a saved assessment if a path is given.
func (f *registerFlags) inspector(ctx context.Context, t terminal, paths []string) (*inspect.Inspector, error) {
	now, err := dateFlag("now", f.now, false)
	if err != nil {
		return nil, err
	}
	in := &inspect.Inspector{Now: now}
	if in.Catalog, err = f.load(ctx); err != nil {
		return nil, err
	}
	if len(paths) > 0 {
		if in.Assessment, err = openAssessment(ctx, t, paths[0], &f.assessmentFlags); err != nil {
			return nil, err
		}
		if in.Now.IsZero() {
			in.Now = in.Assessment.EvaluatedAt
		}
	}
	if in.Now.IsZero() {
		in.Now = time.Now().UTC()
	}
	return in, nil
}

// open reads the register.
func (f *registerFlags) open() (*register.Register, error) {
	if f.decisions.path == "" {
		return nil, usageError{errors.New("name a register: --register FILE")}
	}
	r, err := register.Open(f.decisions.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, noRegister(f.decisions.path)
	}
	return r, err
}

// noRegister says that a file is not there.
func noRegister(path string) error {
	return fmt.Errorf("there is no register %s: name one with --register, or begin one with 'posture action set'", path)
}

// page returns the page of what was decided, and all of it.
func (f *registerFlags) page(ctx context.Context, t terminal, paths []string) (report.Decided, *inspect.Inspector, *register.Register, error) {
	r, err := f.open()
	if err != nil {
		return report.Decided{}, nil, nil, err
	}
	in, err := f.inspector(ctx, t, paths)
	if err != nil {
		return report.Decided{}, nil, nil, err
	}
	page := report.Decided{Register: f.decisions.path, Assessment: in.Assessment, Now: in.Now, Entries: in.Entries(r.Decisions(), r.Line)}
	return page, in, r, nil
}

type registerListFlags struct {
	registerFlags
	filter         actionsFlags
	owners, states []string
}

func newRegisterList(t terminal) *cobra.Command {
	var f registerListFlags
	cmd := &cobra.Command{
		Use:   "list [PATH]",
		Short: "List what was decided: status, owner, approver, reason, end, and where it stands",
		Long: `List every decision of the register: the status of an action or an excluded record, who owns and who approved it, why, until when, and where
that stands now: expired, overdue, expiring or due within 30 days, planned, standing, open, or without effect, and why.

PATH is evidence, as for assess, or an assessment that was saved with assess --format json. Without it the decisions are compared with the
catalog alone, which does not know what is completed or does not apply.`,
		Example: `  posture register list
  posture register list --state expired --state overdue
  posture register list testdata/contoso --owner ada@contoso.example --format csv --output decisions.csv`,
		Args: atMostOne("PATH"),
		RunE: func(cmd *cobra.Command, args []string) error { return registerList(cmd.Context(), t, &f, args) },
	}
	f.register(cmd, report.Decided{})
	f.filter.registerFilters(cmd)
	cmd.Flags().Lookup("status").Usage = "those with this `STATUS`, such as planned, or excluded for records (repeatable, as all filters below)"
	cmd.Flags().StringArrayVar(&f.owners, "owner", nil, "those of this owner, by `NAME`; an empty one is nobody")
	cmd.Flags().StringArrayVar(&f.states, "state", nil, "those in this `STATE`, such as expired, overdue, expiring or no_effect")
	return cmd
}

func registerList(ctx context.Context, t terminal, f *registerListFlags, paths []string) error {
	if err := f.check(len(paths) > 0); err != nil {
		return err
	}
	page, in, r, err := f.page(ctx, t, paths)
	if err != nil {
		return err
	}
	query := f.filter.query
	query.Statuses = nil // those of an entry, which may be of a record
	found, err := query.Find(in.Decided(r.Decisions()))
	if err != nil {
		return misspelt(err)
	}
	ids := map[string]bool{}
	for _, action := range found {
		ids[action.ID] = true
	}
	page.Nothing = "Nothing is decided."
	if len(page.Entries) > 0 {
		page.Nothing = "No decision matches."
	}
	page.Entries = slices.DeleteFunc(page.Entries, func(e inspect.Entry) bool { return !ids[e.ID] || !f.matches(e) })
	return t.show(f.printFlags, page)
}

// check validates the filters.
func (f *registerListFlags) check(evidence bool) error {
	query := &f.filter.query
	for _, status := range query.Statuses {
		if status == string(inspect.Excluded) {
			continue
		}
		if err := misspelt((&actions.Query{Statuses: []string{status}}).Check()); err != nil {
			return err
		}
	}
	states := make([]string, 0, len(decisions.States()))
	for _, state := range decisions.States() {
		states = append(states, string(state))
	}
	for _, state := range f.states {
		if err := oneOf("state", state, states...); err != nil {
			return err
		}
	}
	if !evidence && len(query.Outcomes)+len(query.Licenses) > 0 {
		return usageError{errors.New("--outcome and --license need evidence, or a saved assessment: name its PATH")}
	}
	return nil
}

// matches reports whether an entry has one of the statuses, owners and states that are asked for.
func (f *registerListFlags) matches(e inspect.Entry) bool {
	among := func(asked []string, is func(string) bool) bool {
		return len(asked) == 0 || slices.ContainsFunc(asked, is)
	}
	return among(f.filter.query.Statuses, func(s string) bool { return engine.Status(s) == e.Status }) &&
		among(f.owners, func(name string) bool { return decisions.SameOwner(name, e.Owner) }) &&
		among(f.states, func(s string) bool { return decisions.State(s) == e.State })
}
