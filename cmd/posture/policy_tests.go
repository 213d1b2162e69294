package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/report"
)

func newPolicyTest(t terminal) *cobra.Command {
	var (
		f       catalogFlags
		options catalog.TestOptions
		verbose bool
		print   printFlags
	)
	cmd := &cobra.Command{
		Use:   "test [DIR...]",
		Short: "Run the Rego tests of controls",
		Long: `Run the tests (NAME_test.rego) of folders or .tar.gz files; without any, those of the built-in catalog.

Tests run sealed as rules do, without network or environment. The exit code is 1 if one fails.`,
		Example: "  posture policy test\n  posture policy test ./our-controls --run admin_mfa --coverage",
		RunE: func(cmd *cobra.Command, dirs []string) error {
			f.dirs = dirs
			catalog, err := f.load(cmd.Context())
			if err != nil {
				return err
			}
			result, err := catalog.Test(cmd.Context(), options, dirs...)
			if err != nil {
				return err
			}
			if err := t.show(print, report.Tests{Report: result, Verbose: verbose}); err != nil {
				return err
			}
			switch {
			case !result.Passed():
				return failure(exitFailure)
			case len(result.Tests) == 0:
				return fmt.Errorf("no test was run: write NAME_test.rego beside a rule, or mend --run")
			}
			return nil
		},
	}
	f.registerNoBuiltin(cmd)
	print.register(cmd, report.Tests{})
	cmd.Flags().StringVar(&options.Run, "run", "", "run only the tests whose full name matches this `REGEXP`")
	cmd.Flags().BoolVar(&options.Coverage, "coverage", false, "tell which lines of the rules the tests reach")
	cmd.Flags().BoolVarP(&verbose, "verbose", "v", false, "name the tests that pass, too")
	return cmd
}
