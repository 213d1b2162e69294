package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/cohort"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/internal/snapshot"
)

// benchmarkFlags say with whom an assessment is compared.
type benchmarkFlags struct {
	path   string
	cohort string
}

func (f *benchmarkFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.path, "benchmark", "", "compare with the benchmark in a `FILE`, or with the averages of "+settings.Microsoft)
	cmd.Flags().StringVar(&f.cohort, "cohort", "", "compare with the cohort of this `ID` of the benchmark, too")
}

// read returns the benchmark, and which of its cohorts to compare with. The benchmark is nil if there is none.
func (f *benchmarkFlags) read(s *settings.Settings) (*cohort.Benchmark, cohort.Choice, error) {
	benchmark, choice, err := snapshot.Benchmark{Path: f.path, Cohort: f.cohort}.Read(s)
	if errors.Is(err, snapshot.ErrNoBenchmark) {
		err = usageError{errors.New("--cohort is of a benchmark: name one with --benchmark")}
	}
	if f.cohort != "" && errors.As(err, new(*cohort.UnknownCohortError)) {
		err = usageError{err}
	}
	return benchmark, choice, err
}

// comparer reads the benchmark, and returns a function that compares an assessment with it; its result is nil if there is none.
func (f *assessFlags) comparer(ctx context.Context) (func(*engine.Assessment) (*cohort.Comparison, error), error) {
	benchmark, choice, err := f.benchmark.read(configured(ctx).settings)
	if err != nil {
		return nil, err
	}
	return func(a *engine.Assessment) (*cohort.Comparison, error) {
		if benchmark == nil {
			return nil, nil
		}
		return benchmark.Compare(a, choice)
	}, nil
}
