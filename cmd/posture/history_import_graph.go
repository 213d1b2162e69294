package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/report"
	"github.com/posture-score/posture/internal/securescore"
)

type importGraphFlags struct {
	storeFlags
	printFlags
	catalogFlags
	decisions string
	averages  string
}

func newHistoryImportGraph(t terminal) *cobra.Command {
	var f importGraphFlags
	cmd := &cobra.Command{
		Use:   "graph FILE...",
		Short: "Add what Microsoft's Secure Score said of past days to the history",
		Long: `Add the days of saved answers of Microsoft Graph to the history, as entries of the origin microsoft: GET /security/secureScores has 90
days, and /security/secureScoreControlProfiles says what each control is worth. Files may be pages, lists, single entries or one a line, as
Graph, PowerShell and the SDKs save them; - is standard input. All files are read together, whatever their order.

Sums of Microsoft's that do not add up are kept as reported, and told. Texts are shown, and no status is taken from them. Of a day that is
in several files the one with the most details is taken. A day that the history has is not added again. What is damaged is left out
and told, and so is a file without entries; the rest is added, and the exit code is 1.

--decisions writes what was decided in Microsoft's portal as a register, for you to review: it is new, and your register is not
touched. What can't be said in a register is told. --averages writes the averages of other tenants as a benchmark.`,
		Example: `  posture history import graph secureScores.json secureScoreControlProfiles.json
  posture history import graph 2026-*.json secureScoreControlProfiles.json --decisions proposed.hcl --averages averages.json
  posture history --origin microsoft`,
		Args: takes("at least one FILE", 1, true),
		RunE: func(cmd *cobra.Command, args []string) error { return importGraph(cmd.Context(), t, &f, args) },
	}
	f.storeFlags.register(cmd, "the store to add to, which is made if it is missing")
	f.printFlags.register(cmd, report.GraphImport{})
	f.registerOutput(cmd)
	f.catalogFlags.register(cmd)
	cmd.Flags().StringVar(&f.decisions, "decisions", "", "write the decisions as a register into a new `FILE`")
	cmd.Flags().StringVar(&f.averages, "averages", "", "write the averages as a benchmark into a `FILE`")
	return cmd
}

func importGraph(ctx context.Context, t terminal, f *importGraphFlags, paths []string) error {
	if info, err := os.Stat(f.decisions); err == nil && info.Mode().IsRegular() {
		return usageError{fmt.Errorf("--decisions: %s is there already, and decisions are not put over others: name a new file", f.decisions)}
	}
	answers, err := t.readAnswers(ctx, paths)
	if err != nil {
		return err
	}
	var page report.GraphImport
	if f.decisions != "" {
		if page.Proposals, err = f.propose(ctx, t, answers); err != nil {
			return err
		}
		page.Decisions = f.decisions
	}
	if f.averages != "" {
		if page.Averages, err = f.average(t, answers.Days()); err != nil {
			return err
		}
	}
	if len(answers.Days()) > 0 {
		if err := f.keep(ctx, answers, &page); err != nil {
			return err
		}
	}
	if err := t.show(f.printFlags, page); err != nil {
		return err
	}
	if answers.Damaged {
		return failure(exitFailure)
	}
	return nil
}

// keep adds the days to the store.
func (f *importGraphFlags) keep(ctx context.Context, answers *securescore.Answers, page *report.GraphImport) error {
	url, err := f.find(ctx, "")
	if err != nil {
		return err
	}
	s, err := history.Open(ctx, url)
	if err != nil {
		return err
	}
	page.Store = history.Shown(url)
	for _, day := range answers.Days() {
		imported, failed := keepDay(ctx, s, day, answers.Profiles(day.Tenant))
		if failed != nil {
			err = failed
			break
		}
		page.Days = append(page.Days, imported)
	}
	return errors.Join(err, s.Close())
}

// keepDay adds a day, unless the store has one of that date: later answers have fewer details.
func keepDay(ctx context.Context, s *history.Store, day *securescore.Day, profiles securescore.Profiles) (report.ImportedDay, error) {
	a := day.Assessment(profiles)
	imported := report.ImportedDay{
		Tenant: a.Tenant.ID, Date: a.EvaluatedAt.Format(time.DateOnly),
		Achieved: a.Score.Achieved, Total: a.Score.Total, Percent: a.Score.Percent, Findings: a.Findings,
	}
	midnight := a.EvaluatedAt.Truncate(24 * time.Hour)
	filter := history.Filter{Tenant: a.Tenant.ID, Origin: history.Microsoft, From: midnight, To: midnight.AddDate(0, 0, 1)}
	for entry, err := range s.Entries(ctx, filter) {
		if err != nil {
			return imported, err
		}
		imported.Entry = entry.ID
		if entry.Score.Achieved != a.Score.Achieved || entry.Score.Total != a.Score.Total {
			imported.Findings = append(imported.Findings, fmt.Sprintf("the history has %s of %s points for the day: they stay", entry.Score.Achieved, entry.Score.Total))
		}
		return imported, nil
	}
	entry, isNew, err := s.Append(ctx, a, history.Microsoft)
	imported.Entry, imported.Added = entry.ID, isNew
	return imported, err
}

// propose writes the decisions of the one tenant whose profiles there are.
func (f *importGraphFlags) propose(ctx context.Context, t terminal, answers *securescore.Answers) ([]securescore.Proposal, error) {
	tenant := ""
	for _, id := range answers.Tenants() {
		if id != "" && tenant != "" {
			return nil, usageError{fmt.Errorf("the profiles are of several tenants, such as %s and %s: a register is of one: import each by itself", tenant, id)}
		}
		tenant = id
	}
	cat, err := f.load(ctx)
	if err != nil {
		return nil, err
	}
	text, proposals, err := securescore.Propose(answers.Profiles(tenant), cat)
	if err != nil {
		return nil, err
	}
	return proposals, unwritten(f.decisions, t.overwrite(f.decisions, text))
}

// average writes the averages as a benchmark, and returns what is said of it.
func (f *importGraphFlags) average(t terminal, days []*securescore.Day) (string, error) {
	benchmark, problems := securescore.Benchmark(days)
	for _, problem := range problems {
		t.warn("%s", problem)
	}
	if benchmark == nil {
		return "", errors.New("the answers have no averages of other tenants: leave out --averages")
	}
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(benchmark); err != nil {
		return "", err
	}
	return f.averages, unwritten(f.averages, t.overwrite(f.averages, []byte(text.String())))
}
