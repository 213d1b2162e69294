package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/replay"
	"github.com/posture-score/posture/internal/report"
)

// diffFlags say what is compared. Those of the new side are the flags of an assessment.
type diffFlags struct {
	assessmentFlags
	printFlags
	old      oldFlags
	store    storeFlags
	all      bool
	exitCode bool
}

// oldFlags are what the old evidence is assessed with, if it is not the same as for the new one.
type oldFlags struct {
	catalogFlags
	register string
	now      string
}

func newDiff(t terminal) *cobra.Command {
	var f diffFlags
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Tell why the score changed, to the last hundredth of a point",
		Long: `Tell why the score changed between two times, and give every point and every percentage point to one cause.

OLD and NEW are evidence, assessments that were saved with assess --format json, or entries of the history: the number of one, or a
date such as 2026-01-31, which means the last entry up to the end of that day. Of two assessments all is told that they tell:
where users came and settings changed at once, the cause is called coverage, unless both are entries with record keys (see
'posture assess --record-keys'). Of evidence on both sides everything is told apart:
posture assesses what lies between, such as the new evidence at the old time, and the parts are differences of real assessments.

The causes are, in the order in which they are applied: catalog, parameters, license, evidence, population, configuration, coverage,
exclusion, status, time, engine. What can't be compared is called incomparable and never passes as unchanged. The parts add up to
the change exactly; what would be left is printed as not explained.

The evidence of both sides is assessed with the same catalog, parameters and register, unless --old-catalog, --old-parameters or
--old-register name those of the old side.

The exit code is 0, whether anything changed or not; with --exit-code it is 4 if anything did.`,
		Example: `  posture diff monday.json today.json
  posture diff evidence-2026-10-01.tar.zst evidence-2026-10-15.tar.zst --old-register register-2026-10-01.hcl
  posture diff 2026-09-01 2026-10-01
  posture diff old.json new.json --format markdown`,
		Args: twoArgs("an OLD and a NEW path", false),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runDiff(cmd.Context(), t, &f, args[0], args[1])
		},
	}
	f.assessmentFlags.register(cmd)
	f.printFlags.register(cmd, report.Attribution{})
	f.registerOutput(cmd)
	f.old.registerFlags(cmd)
	f.store.register(cmd, "the store that has the entries")
	cmd.Flags().BoolVar(&f.all, "all", false, "name every action that changed, too those that moved no points")
	cmd.Flags().BoolVar(&f.exitCode, "exit-code", false, "exit with 4 if anything changed")
	return cmd
}

func (f *oldFlags) registerFlags(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.dirs, "old-catalog", nil, "assess the old evidence with the controls of a `DIR` or .tar.gz file in place of --catalog (repeatable)")
	cmd.Flags().BoolVar(&f.noBuiltin, "old-no-builtin", false, "leave the built-in controls out of the old side")
	cmd.Flags().StringVar(&f.parameters, "old-parameters", "", "the parameters of the old side, in place of --parameters: an HCL `FILE`")
	cmd.Flags().StringVar(&f.register, "old-register", "", "the register of the old side, in place of --register: a `FILE`")
	cmd.Flags().StringVar(&f.now, "old-now", "", "assess the old evidence as of this `TIME`")
}

// given returns the name of a flag that was given, or "".
func (f *oldFlags) given() string {
	switch {
	case len(f.dirs) > 0:
		return "old-catalog"
	case f.noBuiltin:
		return "old-no-builtin"
	case f.parameters != "":
		return "old-parameters"
	case f.register != "":
		return "old-register"
	case f.now != "":
		return "old-now"
	}
	return ""
}

func runDiff(ctx context.Context, t terminal, f *diffFlags, old, latest string) error {
	if old == importer.Stdin && latest == importer.Stdin {
		return usageError{errors.New("OLD and NEW are both standard input: name a file for one of them")}
	}
	a, err := f.attribute(ctx, t, old, latest)
	if err != nil {
		return err
	}
	err = t.show(f.printFlags, report.Attribution{Attribution: a, All: f.all})
	if err == nil && f.exitCode && (len(a.Actions) > 0 || !a.Change.Zero()) {
		return failure(exitDiffers)
	}
	return err
}

// attribute compares two saved assessments, or the evidence of both sides. One of each is compared as two assessments. Record keys are
// used if an entry has them, and the other side is an entry that has them, too, or evidence.
func (f *diffFlags) attribute(ctx context.Context, t terminal, old, latest string) (*attribution.Attribution, error) {
	before, err := f.side(ctx, &t, old)
	if err != nil {
		return nil, err
	}
	after, err := f.side(ctx, &t, latest)
	if err != nil {
		return nil, err
	}
	if before.Assessment == nil && after.Assessment == nil {
		return f.replay(ctx, t, old, latest)
	}
	if name := f.old.given(); name != "" {
		return nil, usageError{fmt.Errorf("--%s is for evidence on both sides: a saved assessment was made with a catalog, a register and a time of its own", name)}
	}
	if name := f.given(); name != "" && name != "tenant" && before.Assessment != nil && after.Assessment != nil {
		return nil, usageError{fmt.Errorf("both sides are saved assessments, made with a catalog and a time of their own: leave out --%s", name)}
	}
	for _, side := range []struct {
		path         string
		found, other *history.Recorded
	}{{old, &before, &after}, {latest, &after, &before}} {
		if side.found.Assessment != nil {
			continue
		}
		settings, err := f.settings()
		if err != nil {
			return nil, err
		}
		if side.other.Verdicts != nil {
			side.found.Verdicts = &engine.Verdicts{}
			settings.Verdicts = side.found.Verdicts
		}
		if side.found.Assessment, err = assessEvidence(ctx, t, side.path, &f.assessmentFlags, settings); err != nil {
			return nil, err
		}
	}
	return history.Compare(before, after)
}

// replay assesses the evidence of both sides, and what lies between them.
func (f *diffFlags) replay(ctx context.Context, t terminal, old, latest string) (*attribution.Attribution, error) {
	settings, err := f.settings()
	if err != nil {
		return nil, err
	}
	sides := replay.Sides{Options: settings}
	if err := f.engines(ctx, &sides); err != nil {
		return nil, err
	}
	if sides.New.Decisions, err = f.decisions.read(); err != nil {
		return nil, err
	}
	sides.Old.Decisions = sides.New.Decisions
	if f.old.register != "" {
		if sides.Old.Decisions, err = readDecisions(f.old.register); err != nil {
			return nil, err
		}
	}
	sides.New.Now = settings.Now
	if sides.Old.Now, err = dateFlag("old-now", f.old.now, false); err != nil {
		return nil, err
	}
	if sides.Old.Bundle, err = openEvidence(ctx, t, old, &f.claims, sides.Old.Now); err != nil {
		return nil, err
	}
	defer sides.Old.Bundle.Close()
	if sides.New.Bundle, err = openEvidence(ctx, t, latest, &f.claims, sides.New.Now); err != nil {
		return nil, err
	}
	defer sides.New.Bundle.Close()
	show, clear := t.progress()
	defer clear()
	sides.Options.Progress = show
	return replay.Attribution(ctx, sides)
}

// engines compiles the catalogs of both sides. What is the same is compiled once.
func (f *diffFlags) engines(ctx context.Context, sides *replay.Sides) error {
	options := engine.Options{Version: version(), MaxFailing: int(f.failing)}
	if err := f.limits.apply(&options); err != nil {
		return err
	}
	compile := func(flags catalogFlags) (*engine.Engine, error) {
		catalog, err := flags.load(ctx)
		if err != nil {
			return nil, err
		}
		return engine.Compile(ctx, catalog, options)
	}
	var err error
	if sides.Catalog, err = f.load(ctx); err != nil {
		return err
	}
	if sides.New.Engine, err = compile(f.catalogFlags); err != nil {
		return err
	}
	sides.Old.Engine = sides.New.Engine
	old := f.catalogFlags
	old.loaded = nil
	catalogs := len(f.old.dirs) > 0 || f.old.noBuiltin
	parameters := f.old.parameters != "" && f.old.parameters != f.parameters
	if parameters {
		old.parameters = f.old.parameters
	}
	if catalogs && parameters {
		if sides.Parameters, err = compile(old); err != nil {
			return err
		}
	}
	if catalogs {
		old.dirs, old.noBuiltin = f.old.dirs, f.old.noBuiltin
	}
	if catalogs || parameters {
		if sides.Old.Engine, err = compile(old); err != nil {
			return err
		}
	}
	if parameters && !catalogs {
		sides.Parameters = sides.Old.Engine
	}
	return nil
}
