package snapshot

import (
	"errors"
	"fmt"
	"time"

	"github.com/posture-score/posture/internal/cohort"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/internal/trend"
)

// Benchmark says with whom to compare, before what the settings say.
type Benchmark struct {
	Path   string // of a file, or [settings.Microsoft]; empty for that of the settings
	Cohort string // id; empty for that of the settings, or the ones that suit best
}

// ErrNoBenchmark is a cohort without a benchmark that has it.
var ErrNoBenchmark = errors.New("a cohort is of a benchmark, and none is named")

// Read returns the benchmark, and with which of its cohorts to compare. The benchmark is nil if there is none.
func (b Benchmark) Read(s *settings.Settings) (*cohort.Benchmark, cohort.Choice, error) {
	choice := cohort.Choice{Profile: cohort.Profile{Seats: s.Organization.Seats, Industry: s.Organization.Industry}, Cohort: b.Cohort}
	path, benchmarkAt, cohortAt := b.Path, "", ""
	if c := s.Comparison; c != nil && path == "" {
		path, benchmarkAt = c.Benchmark, c.BenchmarkAt
		if choice.Cohort == "" {
			choice.Cohort, choice.Name, cohortAt = c.Cohort, c.Name, c.CohortAt
		}
	}
	if path == "" && b.Cohort != "" {
		return nil, choice, ErrNoBenchmark
	}
	if path == "" {
		return nil, choice, nil
	}
	benchmark, err := OpenBenchmark(path)
	if err != nil {
		return nil, choice, placed(benchmarkAt, err)
	}
	if err := benchmark.Has(choice.Cohort); err != nil {
		return nil, choice, placed(cohortAt, fmt.Errorf("%s: %w", path, err))
	}
	return benchmark, choice, nil
}

// file returns the file that Read reads, or "".
func (b Benchmark) file(s *settings.Settings) string {
	path := b.Path
	if path == "" && s.Comparison != nil {
		path = s.Comparison.Benchmark
	}
	if path == settings.Microsoft {
		return ""
	}
	return path
}

// OpenBenchmark reads the benchmark in a file, or the one that comes along: [settings.Microsoft].
func OpenBenchmark(path string) (*cohort.Benchmark, error) {
	if path == settings.Microsoft {
		return cohort.Microsoft()
	}
	return cohort.Open(path)
}

// placed returns an error with the place in the settings that it comes from; without one it stays as it is.
func placed(at string, err error) error {
	if at == "" {
		return err
	}
	return fmt.Errorf("%s: %w", at, err)
}

// TrendOptions returns what settings and a benchmark, which may be nil, add to a score over time.
func TrendOptions(s *settings.Settings, benchmark *cohort.Benchmark, choice cohort.Choice) trend.Options {
	options := trend.Options{Zones: s.Zones, Goal: s.Goal}
	if benchmark == nil {
		return options
	}
	options.Compare = func(at time.Time) (trend.Comparison, bool) {
		chosen, _, err := benchmark.Choose(choice, at)
		if err != nil || len(chosen) == 0 {
			return trend.Comparison{}, false
		}
		best := chosen[len(chosen)-1]
		return trend.Comparison{
			Benchmark: benchmark.Title, Cohort: best.Title, Date: best.Date.String(), Mean: best.Mean,
		}, true
	}
	return options
}
