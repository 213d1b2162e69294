package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/suggest"
)

// Exit codes. The meanings are those of [exitCodes].
const (
	exitOK          = 0
	exitFailure     = 1
	exitUsage       = 2
	exitGate        = 3
	exitDiffers     = 4
	exitInterrupted = 130
	exitTerminated  = 143
)

// exit is an exit code.
type exit struct {
	code    int
	meaning string // in Markdown
}

// exitCodes returns the exit codes of every command. docs/cli.md prints them.
func exitCodes() []exit {
	return []exit{
		{exitOK, "all is well"},
		{exitFailure, "failure: a file is missing or can't be read, the evidence or the catalog can't be used, a check found something, a test failed"},
		{exitUsage, "the command line can't be understood: a command, flag, value, id, product, dataset, tenant or entry that is not there"},
		{exitGate, "a [gate](gates.md) of `assess` is not met or can't be judged, or `plan` can't reach its target"},
		{exitDiffers, "`diff`, `policy diff` or `reconcile` with `--exit-code` found a difference, or `policy fmt --check` a file that is not formatted"},
		{exitInterrupted, "interrupted by Ctrl-C (SIGINT)"},
		{exitTerminated, "ended by SIGTERM; other signals have 128 and their number, too"},
	}
}

// usageError is an error of the command line.
type usageError struct{ error }

// Unwrap returns what was wrong.
func (e usageError) Unwrap() error { return e.error }

// failure ends the program with an exit code and no message, since the output has the reason already.
type failure int

func (f failure) Error() string { return fmt.Sprintf("exit status %d", int(f)) }

// ended is the cause of a context that a signal ended.
type ended struct{ os.Signal }

func (e ended) Error() string { return "ended by the signal: " + e.String() }

// untilSignal returns a context that ends with a signal of those that ask a program to end. A second one ends the program at once: it may
// wait for a pipe that nobody reads.
func untilSignal(parent context.Context) (ctx context.Context, stop func()) {
	wanted := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // nohup asks to go on without a terminal
		wanted = append(wanted, syscall.SIGHUP)
	}
	ctx, cancel := context.WithCancelCause(parent)
	received := make(chan os.Signal, 1)
	signal.Notify(received, wanted...)
	go func() {
		select {
		case s := <-received:
			signal.Stop(received)
			cancel(ended{s})
		case <-ctx.Done():
			signal.Stop(received)
		}
	}()
	return ctx, func() { cancel(nil) }
}

// interrupted returns the exit code of a context that is over: 128 and the number of the signal that ended it, as shells say it.
func interrupted(ctx context.Context) int {
	var by ended
	if errors.As(context.Cause(ctx), &by) {
		if number, ok := by.Signal.(syscall.Signal); ok {
			return 128 + int(number)
		}
	}
	return exitInterrupted
}

// exitCode returns the exit code of an error. A mistake of one kind has the same code in every command.
func exitCode(ctx context.Context, err error) int {
	var (
		usage   usageError
		unknown *suggest.UnknownError
		code    failure
	)
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &code):
		return int(code)
	case errors.Is(err, context.Canceled):
		return interrupted(ctx)
	case errors.As(err, &usage), errors.As(err, &unknown), errors.Is(err, history.ErrUnknown):
		return exitUsage
	}
	return exitFailure
}
