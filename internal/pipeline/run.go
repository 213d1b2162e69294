package pipeline

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"time"
)

// Exit codes are those of posture.
const (
	exitOK    = 0
	exitError = 1
	exitUsage = 2
	exitGate  = 3

	exitInterrupted = 130
)

// patience is how long a program that is interrupted may take to clean up.
const patience = 10 * time.Second

const usage = `posture-ci does in a pipeline what 'posture assess' leaves to the system that runs it. See docs/pipelines.md.

  posture-ci baseline --output FILE COMMIT PATH [FLAG...]
      Assess PATH as it is in another commit of the repository, with the FLAGs of 'posture assess', to compare with.
  posture-ci comment [--summary FILE] FILE
      Comment on the pull request of this job with a FILE of Markdown, or update the comment that is there. Of an empty FILE nothing
      is made; with the first line of --summary a comment that is there is found, and says that nothing changes any more.
  posture-ci github
      Assess, annotate, summarize and comment, as action.yml says in INPUT_ variables.
`

// Job is where a command runs: what it may ask and where it prints.
type Job struct {
	Env      func(name string) string // an environment variable, "" without it
	Out, Err io.Writer
	Client   *http.Client // asks the system where pull requests are
}

// usageError is a command line that can't be meant.
type usageError struct{ error }

// Run runs a command and returns the code to exit with: 0, 1 for a failure, 2 for the usage, 3 for a gate that is not met,
// 130 if the context ends first.
func Run(ctx context.Context, job Job, args []string) int {
	code, err := job.command(ctx, args)
	var wrong usageError
	switch {
	case ctx.Err() != nil:
		job.say("interrupted")
		return exitInterrupted
	case errors.As(err, &wrong):
		job.say("%v; 'posture-ci help' says how it is used", err)
		return exitUsage
	case err != nil:
		job.say("%v", err)
		return exitError
	}
	return code
}

func (j Job) command(ctx context.Context, args []string) (int, error) {
	if len(args) == 0 {
		return 0, usageError{errors.New("name a command: baseline, comment or github")}
	}
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	output := flags.String("output", "", "")
	summary := flags.String("summary", "", "")
	if err := flags.Parse(args[1:]); err != nil && !errors.Is(err, flag.ErrHelp) {
		return 0, usageError{err}
	} else if err != nil || args[0] == "help" {
		_, err := io.WriteString(j.Out, usage)
		return exitOK, err
	}
	switch rest := flags.Args(); {
	case args[0] == "baseline" && len(rest) >= 2 && *output != "":
		return exitOK, j.baseline(ctx, rest[0], *output, rest[1], rest[2:])
	case args[0] == "comment" && len(rest) == 1:
		return exitOK, j.comment(ctx, rest[0], *summary)
	case args[0] == "github" && len(rest) == 0:
		return j.github(ctx)
	}
	return 0, usageError{fmt.Errorf("%q is no command with these arguments", args[0])}
}

// program returns a program that is interrupted, not killed, if the context ends.
func program(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = patience
	return cmd
}

// say prints a line for whoever reads the log.
func (j Job) say(format string, args ...any) {
	fmt.Fprintf(j.Err, "posture-ci: "+format+"\n", args...)
}
