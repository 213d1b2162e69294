package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"

	"github.com/posture-score/posture/internal/bench/growth"
	"github.com/posture-score/posture/internal/bench/measure"
)

// mostGrowth is the budget of the exponents: n log n has one of 1.1 or so, the square of n has 2.
const mostGrowth = 1.15

// doublings is how often an input doubles.
const doublings = 3

// growthFlags are which dimensions are measured, and how.
type growthFlags struct {
	runs    int
	divisor int
	only    string
	posture string
}

func growthCommand() command {
	return command{
		name:    "growth",
		summary: "Measure how the CPU time of posture grows with each dimension of its input, and print the exponents with their budget. run does so, too.",
		example: "bench growth --only register --runs 3",
		flags: func(set *flag.FlagSet) func(context.Context, []string, io.Writer, io.Writer) error {
			var f growthFlags
			set.IntVar(&f.runs, "runs", 2, "how many `times` posture reads each input; the fastest one counts")
			set.IntVar(&f.divisor, "divisor", 1, "divide the sizes of all inputs by this `number`, to be quick; the exponents mean little then")
			set.StringVar(&f.only, "only", "", "only the dimensions whose names match this `regexp`")
			set.StringVar(&f.posture, "posture", "", "measure this `program`; without it posture is built, which works from the folder of the module")
			return func(ctx context.Context, _ []string, stdout, stderr io.Writer) error {
				progress := newProgress(stderr)
				defer progress.end()
				found, err := f.measure(ctx, progress)
				if err != nil {
					return err
				}
				progress.end()
				return measure.Report{Head: growthHead(f.runs), Growth: found}.Write(stdout)
			}
		},
	}
}

func growthHead(runs int) []string {
	return []string{
		"Whole processes over inputs that double in one dimension: CPU (user and system) of each, peak memory of the last, and the exponent,",
		fmt.Sprintf("fitted to what CPU is above the start. The fastest of %d runs.", runs),
	}
}

func (f growthFlags) measure(ctx context.Context, progress *progress) ([]measure.Growth, error) {
	only, err := regexp.Compile(f.only)
	if err != nil {
		return nil, fmt.Errorf("--only: %w", err)
	}
	if f.runs < 1 || f.divisor < 1 {
		return nil, errors.New("--runs and --divisor have to be at least 1")
	}
	temp, err := os.MkdirTemp("", "posture-bench")
	if err != nil {
		return nil, fmt.Errorf("making a temporary folder: %w", err)
	}
	defer os.RemoveAll(temp)
	if f.posture == "" {
		progress.say("building posture")
		f.posture = filepath.Join(temp, "posture")
		if err := goTool(ctx, nil, "build", "-o", f.posture, "./cmd/posture"); err != nil {
			return nil, err
		}
	}
	var all []measure.Growth
	for _, d := range growth.All() {
		if !only.MatchString(d.Name) {
			continue
		}
		progress.say("growth: %s", d.Name)
		g, err := f.dimension(ctx, d, filepath.Join(temp, "input"))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", d.Name, err)
		}
		all = append(all, g)
	}
	return all, nil
}

// dimension measures one of them over inputs that it writes into a folder, one after another.
func (f growthFlags) dimension(ctx context.Context, d growth.Dimension, dir string) (measure.Growth, error) {
	g := measure.Growth{Name: d.Name, Most: mostGrowth}
	var err error
	if g.Start, err = f.size(ctx, d, dir, 1); err != nil {
		return g, err
	}
	n := max(d.Least/f.divisor, 2)
	for range doublings + 1 {
		series, err := f.size(ctx, d, dir, n)
		if err != nil {
			return g, err
		}
		g.Sizes, g.Series = append(g.Sizes, n), append(g.Series, series)
		n *= 2
	}
	return g, nil
}

// size measures posture over an input of one size.
func (f growthFlags) size(ctx context.Context, d growth.Dimension, dir string, n int) (measure.Series, error) {
	defer os.RemoveAll(dir)
	if err := d.Write(dir, n); err != nil {
		return nil, err
	}
	if args := d.Preparation(dir); len(args) > 0 {
		if _, err := f.process(args, 0).Run(ctx); err != nil {
			return nil, err
		}
	}
	var series measure.Series
	for range f.runs {
		if err := os.RemoveAll(growth.Made(dir)); err != nil {
			return nil, err
		}
		usage, err := f.process(d.Args(dir), d.Exit).Run(ctx)
		if err != nil {
			return nil, err
		}
		series = append(series, usage)
	}
	return series, nil
}

func (f growthFlags) process(args []string, exit int) measure.Process {
	return measure.Process{Name: namePosture, Path: f.posture, Args: args, Exit: exit}
}

// growth measures it as a part of everything.
func (b *bench) growth(ctx context.Context, report *measure.Report) error {
	f := growthFlags{runs: min(b.flags.runs, 2), divisor: 1}
	var err error
	report.Growth, err = f.measure(ctx, b.progress)
	return err
}
