package main

import (
	"context"
	"flag"
	"fmt"
	"io"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/bench/rules"
	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/internal/records"
)

func floorCommand() command {
	return command{
		name: "floor", args: "BUNDLE", count: 1,
		summary: "Verify a bundle, walk over every record and take out what the rules read, without any rule: what no engine can do with less.",
		example: "bench floor evidence/alike-1000-v1/bundle",
		flags: func(set *flag.FlagSet) func(context.Context, []string, io.Writer, io.Writer) error {
			of := setFlag(rules.Alike)
			set.Var(&of, "rules", "which rules: `alike or distinct`")
			workers := set.Int("workers", 0, "read with so many `workers`; 0 is one for each core")
			return func(ctx context.Context, args []string, stdout, _ io.Writer) error {
				return floor(ctx, args[0], rules.Set(of), *workers, stdout)
			}
		},
	}
}

func floor(ctx context.Context, path string, of rules.Set, workers int, stdout io.Writer) error {
	bundle, err := evidence.Open(ctx, path, evidence.DefaultLimits())
	if err != nil {
		return err
	}
	defer bundle.Close()
	fields := of.Fields()
	for _, dataset := range bundle.Manifest().Datasets {
		options := records.Options{Fields: fields[dataset.Name], Workers: workers}
		found, err := project(ctx, bundle, dataset.Name, options)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(stdout, "%s: %d records, %d bytes taken out\n", dataset.Name, found.records, found.bytes); err != nil {
			return err
		}
	}
	return nil
}

// extracted counts what was extracted from a part of a dataset.
type extracted struct {
	records, bytes int64
}

// project extracts the fields from every record of a dataset.
func project(ctx context.Context, bundle *evidence.Bundle, name string, options records.Options) (extracted, error) {
	var all extracted
	start := func() records.Visitor[extracted] { return &counter{fields: options.Fields} }
	err := records.Scan(ctx, bundle.Source(name), options, start, func(part extracted, _, _ int64) error {
		all.records += part.records
		all.bytes += part.bytes
		return nil
	})
	return all, err
}

// counter counts what was extracted, and keeps nothing.
type counter struct {
	fields []jsonscan.Field
	part   extracted
}

func (t *counter) Begin(int64) { t.part = extracted{} }

func (t *counter) Record(record *records.View) error {
	t.part.records++
	for i := range t.fields {
		t.part.bytes += int64(len(record.Slot(i)))
	}
	return nil
}

func (t *counter) End() extracted { return t.part }
