package main

import (
	"context"
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/report"
)

func newPolicyTest(t terminal) *cobra.Command {
	var (
		f       catalogFlags
		options catalog.TestOptions
		limits  limitFlags
		as      printFlags
		watch   watchFlags
	)
	cmd := &cobra.Command{
		Use:   "test [DIR...]",
		Short: "Run the Rego tests of controls",
		Long: `Run the tests (NAME_test.rego) of folders or .tar.gz files; without any, those of the built-in catalog.

Tests run sealed as rules do, without network or environment, and each under the limits of a rule. Of a test that fails the expressions that did not hold are printed, each
with the values of what it names; those of the rules that it asks are below it. --verbose names the tests that pass, too. The exit code
is 1 if a test fails. That no rule earns more with less evidence is what 'posture policy prove' tries.`,
		Example: "  posture policy test\n  posture policy test ./our-controls --coverage\n  posture policy test ./our-controls --run guest_review --watch",
		RunE: func(cmd *cobra.Command, dirs []string) error {
			return watch.run(cmd.Context(), t, dirs, as.format == "table", func(ctx context.Context) error {
				page := report.Tests{Verbose: t.verbose()}
				t.stage("load catalog")
				cat, err := (&catalogFlags{dirs: dirs, noBuiltin: f.noBuiltin}).load(ctx)
				if err != nil {
					return err
				}
				t.stage("test")
				if page.Report, err = limits.test(ctx, cat, options, dirs); err != nil {
					return err
				}
				return showTests(t, as, page, cat.From(dirs...), options.Run != "")
			})
		},
	}
	f.registerNoBuiltin(cmd)
	as.register(cmd, report.Tests{})
	as.registerOutput(cmd)
	watch.register(cmd)
	limits.registerTests(cmd.Flags())
	cmd.Flags().StringVar(&options.Run, "run", "", "run only the tests whose full name matches this `REGEXP`")
	cmd.Flags().BoolVar(&options.Coverage, "coverage", false, "tell which lines of the rules the tests reach")
	return cmd
}

// showTests prints the results of tests. That none was run is an error, unless no control has a rule to be tested.
func showTests(t terminal, as printFlags, page report.Tests, controls []*catalog.Control, selected bool) error {
	if err := t.show(as, page); err != nil {
		return err
	}
	ruled := slices.ContainsFunc(controls, func(control *catalog.Control) bool { return control.Package != "" })
	switch {
	case !page.Report.Passed():
		return failure(exitFailure)
	case len(page.Report.Tests) == 0 && (ruled || selected):
		return errors.New("no test was run: write NAME_test.rego beside a rule, or correct --run")
	}
	return nil
}
