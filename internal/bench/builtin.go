package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/bench/measure"
	"github.com/posture-score/posture/internal/bench/rules"
	"github.com/posture-score/posture/internal/tenant"
	"github.com/posture-score/posture/schemas"
)

func tenantCommand() command {
	return command{
		name: "tenant", args: "DIR", count: 1,
		summary: "Write an invented tenant for the built-in catalog below a folder, unless it is there.",
		example: "bench tenant --users 1000 evidence",
		flags: func(set *flag.FlagSet) func(context.Context, []string, io.Writer, io.Writer) error {
			users := set.Int("users", 1000, "how many `users`; there are half as many devices, of 184 settings each")
			archive := set.Bool("archive", false, "write a .tar.zst archive of it, too")
			return func(ctx context.Context, args []string, stdout, _ io.Writer) error {
				if *users < 2 {
					return errors.New("--users has to be at least 2")
				}
				made := builtinBundle(args[0], *users)
				if err := generateBuiltin(ctx, made, *users); err != nil {
					return err
				}
				if *archive {
					if err := writeArchive(made+archiveSuffix, made); err != nil {
						return err
					}
				}
				_, err := fmt.Fprintln(stdout, made)
				return err
			}
		},
	}
}

const archiveSuffix = ".tar.zst"

// builtinBundle is the path of the tenant with so many users.
func builtinBundle(dir string, users int) string {
	return filepath.Join(dir, fmt.Sprintf("tenant-%d", users))
}

func generateBuiltin(ctx context.Context, path string, users int) error {
	invented, err := tenant.New(tenant.Spec{Name: "contoso", Profile: "mixed", Users: users, Seed: 1, CollectedAt: tenant.CollectedAt()})
	if err != nil {
		return err
	}
	return whole(path, func(path string) error { return invented.Write(ctx, path) })
}

func builtinCommand() command {
	return command{
		name: "builtin", args: "BUNDLE", count: 1,
		summary: "Assess a bundle with the built-in catalog, and print the score. With --floor, read the same and evaluate nothing.",
		example: "bench builtin --floor evidence/tenant-1000",
		flags: func(set *flag.FlagSet) func(context.Context, []string, io.Writer, io.Writer) error {
			f := assessFlags{memo: true}
			set.Var(&f.memo, "memo", "remember decisions about records that look alike: `on or off`")
			set.IntVar(&f.workers, "workers", 0, "read with so many `workers`; 0 is one for each core")
			floor := set.Bool("floor", false, "verify, validate, take out the fields that rules read, and join, without any rule")
			return func(ctx context.Context, args []string, stdout, _ io.Writer) error {
				return assessBuiltin(ctx, args[0], f, *floor, stdout)
			}
		},
	}
}

func assessBuiltin(ctx context.Context, path string, f assessFlags, floor bool, stdout io.Writer) error {
	cat, err := builtinCatalog(ctx)
	if err != nil {
		return err
	}
	compiled, err := engine.Compile(ctx, cat, f.options())
	if err != nil {
		return err
	}
	bundle, err := evidence.Open(ctx, path, evidence.DefaultLimits())
	if err != nil {
		return err
	}
	defer bundle.Close()
	if floor {
		read, err := compiled.Floor(ctx, bundle)
		if err == nil {
			_, err = fmt.Fprintf(stdout, "%d records, %d bytes taken out\n", read.Records, read.Bytes)
		}
		return err
	}
	assessment, err := compiled.Assess(ctx, bundle, engine.AssessOptions{})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "%v of %v points\n", assessment.Score.Achieved, assessment.Score.Total)
	return err
}

// builtinCatalog loads the built-in catalog, and the controls in folders.
func builtinCatalog(ctx context.Context, more ...string) (*catalog.Catalog, error) {
	datasets, err := schemas.Builtin()
	if err != nil {
		return nil, err
	}
	source, err := catalog.Builtin()
	if err != nil {
		return nil, err
	}
	sources := []catalog.Source{source}
	for _, folder := range more {
		own, err := catalog.Open(folder)
		if err != nil {
			return nil, err
		}
		sources = append(sources, own)
	}
	return catalog.Load(ctx, datasets, sources...)
}

// builtin measures the built-in catalog over a tenant that fills it, in relation to its own floor.
func (b *bench) builtin(ctx context.Context, report *measure.Report) error {
	users := b.flags.catalogUsers
	made := builtinBundle(b.flags.dir, users)
	b.progress.say("writing a tenant of %s users", thousands(users))
	generate := b.own("tenant", "tenant", "--archive", fmt.Sprintf("--users=%d", users), b.flags.dir)
	if _, err := generate.Run(ctx); err != nil {
		return err
	}
	m, err := b.interleave(ctx, "the built-in catalog", []measure.Process{
		b.own(nameFloor, "builtin", "--floor", made),
		b.own(namePosture, "builtin", made),
		b.own(nameArchive, "builtin", made+archiveSuffix),
	})
	if err != nil {
		return err
	}
	size, err := fileSize(made)
	if err != nil {
		return fmt.Errorf("measuring the evidence: %w", err)
	}
	report.Sections = append(report.Sections, m.section(fmt.Sprintf("The built-in catalog, %s, %.0f MB", tenantTitle(rules.Alike, users), size),
		[]string{"CPU to floor"}, m.toFloor))
	report.Budgets = append(report.Budgets, builtinBudgets(m)...)
	return nil
}

// toFloor is one process in relation to the floor.
func (m measured) toFloor(s measure.Series, _ string) []string {
	return []string{measure.Ratio(measure.Quotient(s.CPU(), m.of(nameFloor).CPU()))}
}

// The budgets of the built-in catalog.
const (
	builtinToFloor  = 2
	archiveToFolder = 1.15
)

func builtinBudgets(m measured) []measure.Budget {
	posture := m.of(namePosture)
	return []measure.Budget{
		{What: "CPU of the built-in catalog, to its floor", Limit: builtinToFloor, Got: measure.Quotient(posture.CPU(), m.of(nameFloor).CPU()), Show: measure.Ratio},
		{What: "CPU of a .tar.zst archive, to the folder", Limit: archiveToFolder, Got: measure.Quotient(m.of(nameArchive).CPU(), posture.CPU()), Show: measure.Ratio},
	}
}
