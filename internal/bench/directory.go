package main

import (
	"archive/tar"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"

	"github.com/posture-score/posture/internal/bench/measure"
	"github.com/posture-score/posture/internal/tenant"
)

func directoryCommand() command {
	return command{
		name: "directory", args: "DIR", count: 1,
		summary: "Write the directory of an invented tenant below a folder, unless it is there: users, their registrations, 2.6 memberships each, and Conditional Access policies.",
		example: "bench directory --users 1000 evidence",
		flags: func(set *flag.FlagSet) func(context.Context, []string, io.Writer, io.Writer) error {
			users := set.Int("users", 1000, "how many `users`")
			return func(ctx context.Context, args []string, stdout, _ io.Writer) error {
				if *users < 2 {
					return errors.New("--users has to be at least 2")
				}
				made := directoryBundle(args[0], *users)
				if err := whole(made, func(path string) error { return writeDirectory(ctx, path, *users) }); err != nil {
					return err
				}
				_, err := fmt.Fprintln(stdout, made)
				return err
			}
		},
	}
}

// directoryBundle is the path of the directory with so many users.
func directoryBundle(dir string, users int) string {
	return filepath.Join(dir, fmt.Sprintf("directory-%d", users))
}

func writeDirectory(ctx context.Context, path string, users int) error {
	spec := tenant.Spec{Name: "contoso", Profile: "mixed", Users: users, Seed: 1, CollectedAt: tenant.CollectedAt()}
	all, err := tenant.New(spec)
	if err != nil {
		return err
	}
	spec.Missing = slices.DeleteFunc(all.Datasets(), func(name string) bool { return strings.HasPrefix(name, "entra.") })
	invented, err := tenant.New(spec)
	if err != nil {
		return err
	}
	return invented.Write(ctx, path)
}

// directory measures the built-in catalog over a directory, in relation to its floor.
func (b *bench) directory(ctx context.Context, report *measure.Report) error {
	users := b.flags.directory
	made := directoryBundle(b.flags.dir, users)
	b.progress.say("writing a directory of %s users", thousands(users))
	generate := b.own("directory", "directory", fmt.Sprintf("--users=%d", users), b.flags.dir)
	if _, err := generate.Run(ctx); err != nil {
		return err
	}
	m, err := b.interleave(ctx, "the directory", []measure.Process{
		b.own(nameFloor, "builtin", "--floor", made),
		b.own(namePosture, "builtin", made),
	})
	if err != nil {
		return err
	}
	size, err := fileSize(made)
	if err != nil {
		return fmt.Errorf("measuring the evidence: %w", err)
	}
	report.Sections = append(report.Sections, m.section(fmt.Sprintf("A directory of %s users, %.0f MB", thousands(users), size), []string{"CPU to floor"}, m.toFloor))
	report.Budgets = append(report.Budgets, directoryBudgets(m)...)
	return nil
}

// The budgets of a directory of a million users.
const (
	directoryToFloor = 2.5
	directoryMemory  = 150 // MiB
)

func directoryBudgets(m measured) []measure.Budget {
	posture := m.of(namePosture)
	return []measure.Budget{
		{What: "CPU of the directory, to its floor", Limit: directoryToFloor, Got: measure.Quotient(posture.CPU(), m.of(nameFloor).CPU()), Show: measure.Ratio},
		{What: "memory of the directory", Limit: directoryMemory, Got: posture.RSS().Median, Show: measure.MiB},
	}
}

// writeArchive writes the files of a folder as a .tar.zst archive, unless it is there.
func writeArchive(archive, folder string) error {
	return whole(archive, func(path string) error {
		out, err := os.Create(path)
		if err != nil {
			return err
		}
		compressed, err := zstd.NewWriter(out, zstd.WithEncoderConcurrency(1))
		if err != nil {
			return errors.Join(err, out.Close())
		}
		files := tar.NewWriter(compressed)
		err = files.AddFS(os.DirFS(folder))
		return errors.Join(err, files.Close(), compressed.Close(), out.Close())
	})
}
