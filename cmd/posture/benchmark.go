package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/cohort"
	"github.com/posture-score/posture/internal/report"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/internal/snapshot"
)

func newBenchmark(t terminal) *cobra.Command {
	return group("benchmark", "Make and show benchmarks: how the tenants of cohorts score",
		"  posture benchmark build assessments --cohorts cohorts.hcl --output benchmark.json\n  posture benchmark show benchmark.json",
		newBenchmarkBuild(t), newBenchmarkShow(t))
}

type benchmarkBuildFlags struct {
	cohorts string
	output  string
}

func newBenchmarkBuild(t terminal) *cobra.Command {
	var f benchmarkBuildFlags
	cmd := &cobra.Command{
		Use:   "build PATH... --cohorts FILE",
		Short: "Make a benchmark of the assessments of many tenants, that names none",
		Long: `Make a benchmark of the assessments of many tenants: of cohorts the mean and the percentiles of their scores, in total and by category,
and which share of them completed each action.

PATH is a history (a file of SQLite, or the URL of a database), an assessment that was saved with assess --format json, or a folder
with such files (*.json). Of each tenant the latest assessment counts, once. The file of cohorts says which cohorts there are, and
what is known of tenants: seats and industry.

No number is about less than 10 tenants, or what the file of cohorts says if that is more. A cohort with fewer is merged into the
one that it is a part of; so is one that would, with others, tell of fewer. What was left out, and why, is told on standard error,
for you alone. See docs/benchmarks.md.`,
		Example: `  posture benchmark build assessments --cohorts cohorts.hcl --output benchmark.json
  posture benchmark build posture.db --cohorts cohorts.hcl`,
		Args: takes("at least one PATH", 1, true),
		RunE: func(cmd *cobra.Command, args []string) error {
			return buildBenchmark(cmd.Context(), t, f, args)
		},
	}
	cmd.Flags().StringVar(&f.cohorts, "cohorts", "", "define the cohorts by an HCL `FILE`; without it there is one, of all tenants")
	cmd.Flags().StringVarP(&f.output, "output", "o", "", "write to a `FILE` instead of standard output")
	return cmd
}

func buildBenchmark(ctx context.Context, t terminal, f benchmarkBuildFlags, paths []string) error {
	definitions := cohort.DefaultDefinitions()
	if f.cohorts != "" {
		var err error
		if definitions, err = cohort.OpenDefinitions(f.cohorts); err != nil {
			return err
		}
	}
	builder := cohort.NewBuilder(definitions)
	var saved []string
	for _, path := range paths {
		if !isStore(path) {
			saved = append(saved, path)
			continue
		}
		if err := t.latestAssessments(ctx, path, builder.Add); err != nil {
			return err
		}
	}
	if len(saved) > 0 {
		if err := t.savedAssessments(ctx, saved, builder.Add); err != nil {
			return err
		}
	}
	made, found, err := builder.Build()
	if err != nil {
		return err
	}
	if err := t.show(printFlags{format: "json", output: f.output}, report.Benchmark{Benchmark: made}); err != nil {
		return err
	}
	t.say("%d tenants in %d cohorts", found.Tenants, len(made.Cohorts))
	for _, o := range found.Omissions {
		t.say("the cohort %s is merged into %s: %s", o.Cohort, o.Into, o.Why)
	}
	if found.Numbers > 0 {
		t.say("%d numbers of categories and actions are left out: they would tell of fewer than %d tenants", found.Numbers, definitions.Minimum)
	}
	if found.Catalogs > 1 {
		t.warn("the tenants were assessed with %d catalogs: their scores are of different actions", found.Catalogs)
	}
	if n := len(found.Strangers); n > 0 {
		t.warn("%s names %d tenants of whom there is no assessment, %s first", f.cohorts, n, found.Strangers[0])
	}
	return nil
}

func newBenchmarkShow(t terminal) *cobra.Command {
	var f printFlags
	cmd := &cobra.Command{
		Use:   "show [FILE]",
		Short: "List the cohorts of a benchmark",
		Long: `List the cohorts of a benchmark, and how their tenants score.

Without a FILE it is the benchmark that comes along: the averages of all tenants and of those with 1 to 100 seats that Microsoft's own
answers told on five dates.`,
		Example: "  posture benchmark show\n  posture benchmark show benchmark.json --format csv",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			path := settings.Microsoft
			if len(args) > 0 {
				path = args[0]
			}
			b, err := snapshot.OpenBenchmark(path)
			if err != nil {
				return fmt.Errorf("showing the benchmark: %w", err)
			}
			return t.show(f, report.Benchmark{Benchmark: b})
		},
	}
	f.register(cmd, report.Benchmark{})
	f.registerOutput(cmd)
	return cmd
}
