package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/posture-score/posture/internal/gcpace"
)

func main() {
	gcpace.Relax(room(os.Args[1:]))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := execute(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// room is how many bytes the heap may grow: as posture does, or as a program does that assesses many small tenants.
func room(args []string) int64 {
	if len(args) > 0 && args[0] == tenantsCommand().name {
		return 96 << 20
	}
	return gcpace.Room
}

// The exit codes.
const (
	exitFine    = 0
	exitFailure = 1
	exitUsage   = 2
)

// command is one of the things that the program does.
type command struct {
	name    string
	args    string // in the usage; one word for each
	count   int    // of args
	summary string
	example string
	// flags declares the command's flags and returns what runs it when they are parsed.
	flags func(*flag.FlagSet) func(ctx context.Context, args []string, stdout, stderr io.Writer) error
}

func commands() []command {
	return []command{runCommand(), generateCommand(), assessCommand(), floorCommand(), tenantsCommand(), startCommand(), tenantCommand(), directoryCommand(), builtinCommand(), growthCommand()}
}

// execute runs the command that the arguments name, and prints its error.
func execute(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 || slices.Contains([]string{"help", "-h", "-help", "--help"}, args[0]) {
		usage(stdout)
		return exitFine
	}
	i := slices.IndexFunc(commands(), func(c command) bool { return c.name == args[0] })
	if i < 0 {
		fmt.Fprintf(stderr, "bench: there is no command %q; see bench help\n", args[0])
		return exitUsage
	}
	c := commands()[i]
	set := flag.NewFlagSet("bench "+c.name, flag.ContinueOnError)
	set.SetOutput(stderr)
	run := c.flags(set)
	set.Usage = func() { c.usage(set.Output(), set) }
	switch err := set.Parse(args[1:]); {
	case errors.Is(err, flag.ErrHelp):
		return exitFine
	case err != nil:
		return exitUsage
	case set.NArg() != c.count:
		fmt.Fprintf(stderr, "bench %s: want %d arguments after the flags, got %d\n", c.name, c.count, set.NArg())
		return exitUsage
	}
	err := run(ctx, set.Args(), stdout, stderr)
	if err != nil && ctx.Err() != nil {
		err = errors.New("interrupted")
	}
	if err != nil {
		fmt.Fprintf(stderr, "bench %s: %v\n", c.name, err)
		return exitFailure
	}
	return exitFine
}

func usage(w io.Writer) {
	fmt.Fprint(w, "Measure posture against opa and conftest: whole processes, the same evidence, the same rules.\n")
	for _, c := range commands() {
		set := flag.NewFlagSet(c.name, flag.ContinueOnError)
		c.flags(set)
		fmt.Fprintln(w)
		c.usage(w, set)
	}
}

func (c command) usage(w io.Writer, set *flag.FlagSet) {
	line := "bench " + c.name
	declared := false
	set.VisitAll(func(*flag.Flag) { declared = true })
	if declared {
		line += " [flags]"
	}
	if c.args != "" {
		line += " " + c.args
	}
	fmt.Fprintf(w, "%s\n  %s\n  Example: %s\n", line, c.summary, c.example)
	set.SetOutput(w)
	set.PrintDefaults()
}
