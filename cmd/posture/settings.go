package main

import (
	"errors"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/cohort"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/internal/snapshot"
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
		return &settings.Settings{Off: true}, nil
	}
	return settings.Open(f.path)
}

// near is read, and takes the settings beside a register if there are none here or above: where a page makes them.
func (f *settingsFlags) near(register string) func() (*settings.Settings, error) {
	return func() (*settings.Settings, error) {
		if f.flag.Changed {
			return f.read()
		}
		return settings.LoadNear(".", register)
	}
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
	benchmark, choice, err := snapshot.Benchmark{Path: f.path, Cohort: f.cohort}.Read(s)
	if errors.Is(err, snapshot.ErrNoBenchmark) {
		err = usageError{errors.New("--cohort is of a benchmark: name one with --benchmark")}
	}
	return benchmark, choice, err
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
