package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/bench/rules"
)

// assessFlags are how the engine is to work.
type assessFlags struct {
	set     setFlag
	memo    onOff
	workers int
}

func assessCommand() command {
	return command{
		name: "assess", args: "BUNDLE", count: 1,
		summary: "Assess a bundle with the rules, and print what each of them comes to. This is what run measures as posture.",
		example: "bench assess --memo=off evidence/alike-1000-v1/bundle",
		flags: func(set *flag.FlagSet) func(context.Context, []string, io.Writer, io.Writer) error {
			f := assessFlags{set: setFlag(rules.Alike), memo: true}
			set.Var(&f.set, "rules", "which rules: `alike or distinct`")
			set.Var(&f.memo, "memo", "remember decisions about records that look alike: `on or off`")
			set.IntVar(&f.workers, "workers", 0, "read with so many `workers`; 0 is one for each core")
			return func(ctx context.Context, args []string, stdout, _ io.Writer) error {
				return assess(ctx, args[0], f, stdout)
			}
		},
	}
}

// options are the one place where flags become options of the engine.
func (f assessFlags) options() engine.Options {
	return engine.Options{Version: "bench", DisableMemo: !bool(f.memo), Workers: f.workers}
}

func assess(ctx context.Context, path string, f assessFlags, stdout io.Writer) error {
	cat, err := rules.Set(f.set).Load(ctx)
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
	assessment, err := compiled.Assess(ctx, bundle, engine.AssessOptions{})
	if err != nil {
		return err
	}
	verdicts, err := rules.Verdicts(assessment)
	if err != nil {
		return err
	}
	return rules.Write(stdout, verdicts)
}

func startCommand() command {
	return command{
		name:    "start",
		summary: "Load, check and compile the built-in catalog, as posture does before it assesses anything, and end.",
		example: "bench start",
		flags: func(set *flag.FlagSet) func(context.Context, []string, io.Writer, io.Writer) error {
			more := set.String("catalog", "", "load the controls of this `folder`, too")
			return func(ctx context.Context, _ []string, stdout, _ io.Writer) error { return start(ctx, *more, stdout) }
		},
	}
}

func start(ctx context.Context, more string, stdout io.Writer) error {
	var own []string
	if more != "" {
		own = []string{more}
	}
	cat, err := builtinCatalog(ctx, own...)
	if err != nil {
		return err
	}
	if _, err := engine.Compile(ctx, cat, engine.Options{}); err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "%d controls are ready\n", len(cat.Controls()))
	return err
}

// setFlag is a flag that names a set of rules.
type setFlag rules.Set

func (s *setFlag) String() string { return string(*s) }

func (s *setFlag) Set(text string) error {
	if !slices.Contains(rules.Sets(), rules.Set(text)) {
		return fmt.Errorf("there are no rules %q, only %q", text, rules.Sets())
	}
	*s = setFlag(text)
	return nil
}

// onOff is a flag that is written in words.
type onOff bool

func (o *onOff) String() string {
	if *o {
		return "on"
	}
	return "off"
}

func (o *onOff) Set(text string) error {
	switch text {
	case "on":
		*o = true
	case "off":
		*o = false
	default:
		return fmt.Errorf("%q is neither on nor off", text)
	}
	return nil
}
