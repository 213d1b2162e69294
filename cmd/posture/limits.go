package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
)

// limitFlags are the limits of one evaluation of a rule, and of the whole run.
type limitFlags struct {
	steps   steps
	memory  size
	timeout time.Duration
}

func (f *limitFlags) register(flags *pflag.FlagSet) {
	flags.Var(&f.steps, "max-steps", "let a rule take `N` steps for one record or tenant (default 50000000)")
	flags.Var(&f.memory, "max-memory", "let a rule make values of this `SIZE`, such as 512MiB, for one record or tenant (default 64MiB)")
	flags.DurationVar(&f.timeout, "timeout", engine.DefaultTimeout, "fail if the assessment takes longer than this `DURATION`; 0 for no limit")
}

// registerTests is register for tests.
func (f *limitFlags) registerTests(flags *pflag.FlagSet) {
	flags.Var(&f.steps, "max-steps", "let a test take `N` steps (default 50000000)")
	flags.Var(&f.memory, "max-memory", "let a test make values of this `SIZE`, such as 512MiB (default 64MiB)")
	flags.DurationVar(&f.timeout, "timeout", engine.DefaultTimeout, "fail if the tests take longer than this `DURATION`; 0 for no limit")
}

// apply validates the flags and sets the options of the engine.
func (f *limitFlags) apply(o *engine.Options) error {
	if err := f.check(); err != nil {
		return err
	}
	o.MaxSteps, o.MaxMemory, o.Timeout = int64(f.steps), int64(f.memory), f.timeout
	if f.timeout == 0 {
		o.Timeout = -1
	}
	return nil
}

func (f *limitFlags) check() error {
	if f.timeout < 0 {
		return usageError{fmt.Errorf("--timeout has to be a duration such as 30m, or 0 for no limit; it is %s", f.timeout)}
	}
	return nil
}

// test runs tests under the limits.
func (f *limitFlags) test(ctx context.Context, cat *catalog.Catalog, o catalog.TestOptions, dirs []string) (catalog.TestReport, error) {
	if err := f.check(); err != nil {
		return catalog.TestReport{}, err
	}
	o.MaxSteps, o.MaxMemory = int64(f.steps), int64(f.memory)
	if f.timeout > 0 {
		late := fmt.Errorf("the tests took longer than %s: raise the limit by --timeout, or run those of one package at a time (--run)", f.timeout)
		limited, done := context.WithTimeoutCause(ctx, f.timeout, late)
		defer done()
		ctx = limited
	}
	found, err := cat.Test(ctx, o, dirs...)
	if errors.Is(err, context.DeadlineExceeded) {
		return found, context.Cause(ctx)
	}
	return found, err
}

// given returns the name of a flag that was given, or "".
func (f *limitFlags) given() string {
	switch {
	case f.steps != 0:
		return "max-steps"
	case f.memory != 0:
		return "max-memory"
	case f.timeout != engine.DefaultTimeout:
		return "timeout"
	}
	return ""
}

// The types of limits as pflag knows them.
const (
	stepsType = "steps"
	sizeType  = "size"
)

// steps is a number of steps; 0 for the default.
type steps int64

// Set is part of pflag.Value.
func (s *steps) Set(text string) error {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 || n > 1<<60 {
		return errors.New("not a number of steps")
	}
	*s = steps(n)
	return nil
}

// String is part of pflag.Value.
func (s *steps) String() string {
	if *s == 0 {
		return ""
	}
	return strconv.FormatInt(int64(*s), 10)
}

// Type is part of pflag.Value.
func (s *steps) Type() string { return stepsType }

// size is a number of bytes; 0 for the default.
type size int64

// Set is part of pflag.Value.
func (s *size) Set(text string) error {
	number, unit := strings.TrimRight(text, "kKMGiB"), int64(1)
	switch text[len(number):] {
	case "", "B":
	case "KiB":
		unit = 1 << 10
	case "MiB":
		unit = 1 << 20
	case "GiB":
		unit = 1 << 30
	default:
		return errors.New("not a size such as 512MiB")
	}
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 1 || n > 1<<50/unit {
		return errors.New("not a size such as 512MiB")
	}
	*s = size(n * unit)
	return nil
}

// String is part of pflag.Value.
func (s *size) String() string {
	if *s == 0 {
		return ""
	}
	return strconv.FormatInt(int64(*s), 10)
}

// Type is part of pflag.Value.
func (s *size) Type() string { return sizeType }
