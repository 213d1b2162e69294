package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/diag"
	"github.com/posture-score/posture/internal/report"
)

func newPolicyCheck(t terminal) *cobra.Command {
	var (
		f     catalogFlags
		as    printFlags
		watch watchFlags
	)
	cmd := &cobra.Command{
		Use:   "check [DIR...]",
		Short: "Check controls: HCL, Rego, types and metadata",
		Long: `Check the controls of folders or .tar.gz files, on top of the built-in catalog; without any, the built-in catalog alone.

All problems are printed at once, each with its place and how to mend it; the exit code is 1 if there are any. Warnings are printed too,
and change no exit code: a service plan that is not in Microsoft's published list may be misspelt, or new.

Rules are compiled to run fast. A rule that can't be compiled is no problem: it runs on OPA's topdown, with the same results, but
many times slower. --verbose names those rules, and says what can't be compiled.`,
		Example: "  posture policy check\n  posture policy check ./our-controls --verbose\n  posture policy check --no-builtin policies",
		RunE: func(cmd *cobra.Command, dirs []string) error {
			return watch.run(cmd.Context(), t, dirs, as.format == "table", func(ctx context.Context) error {
				t.stage("check")
				page, err := checkCatalog(ctx, &catalogFlags{dirs: dirs, noBuiltin: f.noBuiltin}, t.verbose())
				if err != nil {
					return err
				}
				return showCheck(t, as, page, page.Problems)
			})
		},
	}
	f.registerNoBuiltin(cmd)
	as.register(cmd, report.Check{})
	as.registerOutput(cmd)
	watch.register(cmd)
	return cmd
}

// showCheck prints what a check found. For people the problems go to standard error.
func showCheck(t terminal, as printFlags, page report.Page, problems *diag.Problems) error {
	if as.format != "table" {
		if err := t.show(as, page); err != nil || !problems.Broken() {
			return err
		}
		return failure(exitFailure)
	}
	if problems.Broken() {
		return problems
	}
	if problems != nil {
		if err := t.problems(problems); err != nil {
			return err
		}
	}
	return t.show(as, page)
}

// checkCatalog checks the catalog that the flags name. Problems that keep it from being loaded are a part of the page, too.
func checkCatalog(ctx context.Context, f *catalogFlags, compiled bool) (report.Check, error) {
	page := report.Check{Compiled: compiled}
	cat, err := f.load(ctx)
	if errors.As(err, &page.Problems) {
		return page, nil
	}
	if err != nil {
		return page, err
	}
	page.Controls = cat.Controls()
	if page.Problems, err = catalog.Check(ctx, cat); err != nil {
		return page, err
	}
	if len(f.dirs) > 0 {
		page.Own = len(cat.From(f.dirs...))
	}
	if page.Problems.Broken() || !compiled {
		return page, nil
	}
	engine, err := engine.Compile(ctx, cat, engine.Options{Version: version()})
	if err == nil {
		page.Fallbacks = engine.Fallbacks()
	}
	return page, err
}
