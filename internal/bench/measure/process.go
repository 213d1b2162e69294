package measure

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"strings"
	"time"
)

// Process is a program to run. Its output is thrown away.
type Process struct {
	Name string // as the table calls it
	Path string
	Args []string
	Exit int // the code that it is expected to end with
}

// patience is how long an interrupted program may run on before it is killed.
const patience = 2 * time.Second

// Run runs the program to its end. If the context ends before, so does the program.
func (p Process) Run(ctx context.Context) (Usage, error) {
	cmd := exec.CommandContext(ctx, p.Path, p.Args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = patience
	said := &tail{}
	cmd.Stderr = said
	// Linux counts what this process holds at the moment of the fork as a part of the child's peak:
	// hold little.
	debug.FreeOSMemory()
	err := cmd.Run()
	if cause := ctx.Err(); cause != nil {
		return Usage{}, cause
	}
	if code := cmd.ProcessState.ExitCode(); code != p.Exit || code < 0 {
		if err == nil {
			err = fmt.Errorf("exit status %d, want %d", code, p.Exit)
		}
		return Usage{}, fmt.Errorf("running %s: %w%s", p.Name, err, said)
	}
	rss, err := peak(cmd.ProcessState)
	if err != nil {
		return Usage{}, fmt.Errorf("measuring %s: %w", p.Name, err)
	}
	return Usage{CPU: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), RSS: rss}, nil
}

// errUnknown is what systems say that don't count memory.
var errUnknown = errors.New("this system does not tell the memory of a process")

// Interleave runs each of the programs once, then each of them again, for n turns. It reports every
// run to progress before it begins.
func Interleave(ctx context.Context, turns int, processes []Process, progress func(turn int, process string)) ([]Series, error) {
	series := make([]Series, len(processes))
	for turn := range turns {
		for i, process := range processes {
			progress(turn+1, process.Name)
			usage, err := process.Run(ctx)
			if err != nil {
				return nil, err
			}
			series[i] = append(series[i], usage)
		}
	}
	return series, nil
}

// tail keeps the end of what a program says on its standard error, to explain a failure.
type tail struct {
	kept []byte
}

const tailBytes = 2000

func (t *tail) Write(b []byte) (int, error) {
	t.kept = append(t.kept, b...)
	if excess := len(t.kept) - tailBytes; excess > 0 {
		t.kept = append(t.kept[:0], t.kept[excess:]...)
	}
	return len(b), nil
}

func (t *tail) String() string {
	if text := bytes.TrimSpace(t.kept); len(text) > 0 {
		return "\n  " + strings.ReplaceAll(string(text), "\n", "\n  ")
	}
	return ""
}
