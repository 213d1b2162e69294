package main

import (
	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/report"
)

func newPolicyCheck(t terminal) *cobra.Command {
	var (
		f       catalogFlags
		verbose bool
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
			f.dirs = dirs
			cat, err := f.load(cmd.Context())
			if err != nil {
				return err
			}
			problems := catalog.Check(cat)
			if problems.Broken() {
				return problems
			}
			warnings := 0
			if problems != nil {
				warnings = len(problems.Diagnostics)
				if err := report.Problems(t.err, problems, style(t.err)); err != nil {
					return err
				}
			}
			if err := report.Checked(t.out, len(cat.Controls()), warnings); err != nil || !verbose {
				return err
			}
			compiled, err := engine.Compile(cmd.Context(), cat, engine.Options{Version: version()})
			if err != nil {
				return err
			}
			return report.Compiled(t.out, cat.Controls(), compiled.Fallbacks(), t.style())
		},
	}
	f.registerNoBuiltin(cmd)
	cmd.Flags().BoolVarP(&verbose, "verbose", "v", false, "say which rules can't be compiled, too, and why")
	return cmd
}
