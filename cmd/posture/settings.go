package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/cohort"
	"github.com/posture-score/posture/internal/settings"
)

// settingsFlags say which file the organization's settings are in.
type settingsFlags struct {
	path string
	flag *pflag.Flag
}

func (f *settingsFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.path, "settings", "", "take the organization's settings from a `FILE` instead of the "+settings.Name+" here or above; an empty name is none")
	f.flag = cmd.Flags().Lookup("settings")
}

// read returns the settings; they are zero if there are none.
func (f *settingsFlags) read() (*settings.Settings, error) {
	switch {
	case !f.flag.Changed:
		return settings.Load(".")
	case f.path == "":
		return &settings.Settings{}, nil
	}
	return settings.Open(f.path)
}

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
	choice := cohort.Choice{Profile: cohort.Profile{Seats: s.Organization.Seats, Industry: s.Organization.Industry}, Cohort: f.cohort}
	path, benchmarkAt, cohortAt := f.path, "", ""
	if c := s.Comparison; c != nil && path == "" {
		path, benchmarkAt = c.Benchmark, c.BenchmarkAt
		if choice.Cohort == "" {
			choice.Cohort, choice.Name, cohortAt = c.Cohort, c.Name, c.CohortAt
		}
	}
	if path == "" && f.cohort != "" {
		return nil, choice, usageError{errors.New("--cohort is of a benchmark: name one with --benchmark")}
	}
	if path == "" {
		return nil, choice, nil
	}
	benchmark, err := openBenchmark(path)
	if err != nil {
		return nil, choice, placed(benchmarkAt, err)
	}
	if err := benchmark.Has(choice.Cohort); err != nil {
		return nil, choice, placed(cohortAt, fmt.Errorf("%s: %w", path, err))
	}
	return benchmark, choice, nil
}

// placed returns an error with the place in the settings that it comes from; without one it stays as it is.
func placed(at string, err error) error {
	if at == "" {
		return err
	}
	return fmt.Errorf("%s: %w", at, err)
}

func openBenchmark(path string) (*cohort.Benchmark, error) {
	if path == settings.Microsoft {
		return cohort.Microsoft()
	}
	return cohort.Open(path)
}

// comparer reads the benchmark, and returns a function that compares an assessment with it; its result is nil if there is none.
func (f *assessFlags) comparer() (func(*engine.Assessment) (*cohort.Comparison, error), error) {
	organization, err := f.store.settings.read()
	if err != nil {
		return nil, err
	}
	benchmark, choice, err := f.benchmark.read(organization)
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
