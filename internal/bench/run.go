package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"github.com/posture-score/posture/internal/bench/measure"
	"github.com/posture-score/posture/internal/bench/rules"
)

// runFlags are what is measured, and how.
type runFlags struct {
	runs         int
	users        int
	large        int
	catalogUsers int
	directory    int
	tenants      int
	stream       int
	growth       bool
	peers        bool
	dir          string
	cache        string
	scubaExport  string
}

func runCommand() command {
	return command{
		name:    "run",
		summary: "Measure, and print the table with the budgets.",
		example: "bench run --users 1000 --large 0 --stream 0 --catalog-users 0 --directory 0 --growth=false --runs 1",
		flags: func(set *flag.FlagSet) func(context.Context, []string, io.Writer, io.Writer) error {
			var f runFlags
			set.IntVar(&f.runs, "runs", 5, "how many `times` each program runs, in turns")
			set.IntVar(&f.users, "users", 100_000, "`users` of the tenant over which posture is compared with its peers; there are half as many devices")
			set.IntVar(&f.large, "large", 1_000_000, "`users` of a larger tenant, over which posture is compared with itself; 0 leaves it out")
			set.IntVar(&f.catalogUsers, "catalog-users", 100_000, "`users` of a tenant over which the built-in catalog is compared with its floor (32 KB each); 0 leaves it out")
			set.IntVar(&f.directory, "directory", 1_000_000, "`users` of a directory with memberships over which the built-in catalog is compared with its floor; 0 leaves it out")
			set.IntVar(&f.tenants, "tenants", 1000, "how many small `tenants` one engine assesses; 0 leaves them out")
			set.IntVar(&f.stream, "stream", 10_000_000, "`users` of the largest tenant, which is read compressed, as a stream, once; 0 leaves it out")
			set.BoolVar(&f.growth, "growth", true, "measure how posture grows with each dimension of its input, too; only from the folder of the module, since posture is built")
			set.BoolVar(&f.peers, "peers", true, "run opa and conftest, too; they are built when they are first needed")
			set.StringVar(&f.dir, "dir", "", "keep the evidence in this `folder`; without it, evidence is removed at the end")
			set.StringVar(&f.cache, "cache", "", "keep opa and conftest in this `folder`; default posture-bench in the user's cache folder")
			set.StringVar(&f.scubaExport, "scubagear", "", "compare over this ProviderSettingsExport.json, too: a `file`; only from the folder of the module, since posture is built")
			return func(ctx context.Context, _ []string, stdout, stderr io.Writer) error {
				return run(ctx, f, stdout, stderr)
			}
		},
	}
}

func (f *runFlags) check() error {
	switch {
	case f.runs < 1:
		return errors.New("--runs has to be at least 1")
	case f.users < 2:
		return errors.New("--users has to be at least 2")
	case f.catalogUsers < 0 || f.catalogUsers == 1:
		return errors.New("--catalog-users has to be at least 2, or 0")
	case f.directory < 0 || f.directory == 1:
		return errors.New("--directory has to be at least 2, or 0")
	case f.large != 0 && f.large <= f.users:
		return errors.New("--large has to be more than --users, or 0")
	case f.stream != 0 && f.stream <= f.users:
		return errors.New("--stream has to be more than --users, or 0")
	case f.tenants != 0 && f.tenants < 10:
		return errors.New("--tenants has to be at least 10, or 0")
	}
	return nil
}

func run(ctx context.Context, f runFlags, stdout, stderr io.Writer) error {
	if err := f.check(); err != nil {
		return err
	}
	temp, err := os.MkdirTemp("", "posture-bench")
	if err != nil {
		return fmt.Errorf("making a temporary folder: %w", err)
	}
	defer os.RemoveAll(temp)
	b := &bench{flags: f, temp: temp, progress: newProgress(stderr)}
	defer b.progress.end()
	if err := b.prepare(ctx); err != nil {
		return err
	}
	report, err := b.measure(ctx)
	if err != nil {
		return err
	}
	b.progress.end()
	return report.Write(stdout)
}

// bench is one run of everything.
type bench struct {
	flags    runFlags
	self     string // this program
	temp     string // removed at the end
	progress *progress
}

// prepare fills the defaults of the flags, and makes what the processes need.
func (b *bench) prepare(ctx context.Context) error {
	var err error
	if b.self, err = os.Executable(); err != nil {
		return fmt.Errorf("finding this program: %w", err)
	}
	if b.flags.dir == "" {
		b.flags.dir = b.temp
	}
	if b.flags.cache == "" {
		if b.flags.cache, err = cacheDir(); err != nil {
			return err
		}
	}
	if err := b.programs(ctx); err != nil {
		return err
	}
	for _, of := range rules.Sets() {
		if err := b.generate(ctx, of, b.flags.users, b.flags.peers); err != nil {
			return err
		}
	}
	if b.flags.large == 0 {
		return nil
	}
	return b.generate(ctx, rules.Alike, b.flags.large, false)
}

// generate writes evidence by a process of its own: see measure.Process for why this one stays small.
func (b *bench) generate(ctx context.Context, of rules.Set, users int, document bool) error {
	b.progress.say("writing evidence of %s users", thousands(users))
	process := b.own("generate", "generate", fmt.Sprintf("--rules=%s", of), fmt.Sprintf("--users=%d", users), fmt.Sprintf("--document=%v", document), b.flags.dir)
	_, err := process.Run(ctx)
	return err
}

// own is a command of this program as a process.
func (b *bench) own(name string, args ...string) measure.Process {
	return measure.Process{Name: name, Path: b.self, Args: args}
}

// interleave runs processes in turns.
func (b *bench) interleave(ctx context.Context, what string, processes []measure.Process) (measured, error) {
	series, err := measure.Interleave(ctx, b.flags.runs, processes, func(turn int, process string) {
		b.progress.say("%s, run %d of %d: %s", what, turn, b.flags.runs, process)
	})
	return measured{processes: processes, series: series}, err
}

// measured are processes with what they cost.
type measured struct {
	processes []measure.Process
	series    []measure.Series
}

// of returns what the process of that name cost; nothing if it was not run.
func (m measured) of(name string) measure.Series {
	for i, process := range m.processes {
		if process.Name == name {
			return m.series[i]
		}
	}
	return nil
}

// section is a table of them. ratios returns the cells after CPU and memory.
func (m measured) section(title string, columns []string, ratios func(measure.Series, string) []string) measure.Section {
	s := measure.Section{Title: title, Columns: columns}
	for i, process := range m.processes {
		s.Rows = append(s.Rows, measure.Row{Name: process.Name, Series: m.series[i], Ratios: ratios(m.series[i], process.Name)})
	}
	return s
}

// fileSize is in megabytes, of one file or of all files right below a folder.
func fileSize(path string) (float64, error) {
	files, err := filepath.Glob(filepath.Join(path, "*"))
	if err != nil {
		return 0, err
	}
	if len(files) == 0 {
		files = []string{path}
	}
	var total int64
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil {
			return 0, err
		}
		total += info.Size()
	}
	return float64(total) / 1e6, nil
}

func (b *bench) head() []string {
	return []string{
		"Whole processes over the same evidence with the same rules: CPU (user and system) and peak memory of each.",
		fmt.Sprintf("Medians of %d interleaved runs, with the lowest and the highest; %s on %s/%s, %d cores.",
			b.flags.runs, runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU()),
	}
}
