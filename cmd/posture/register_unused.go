package main

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/inspect"
	"github.com/posture-score/posture/internal/report"
)

func newRegisterUnused(t terminal) *cobra.Command {
	var f registerFlags
	cmd := &cobra.Command{
		Use:   "unused PATH",
		Short: "List decisions that have no effect, and why",
		Long: `List the decisions of the register that have no effect on the score of some evidence, each with the reason: the action is completed, does not
apply to the tenant, is not in the catalog, or was replaced; exceptions in the evidence decide its status; the decision has ended; or no
record in scope has the key that is excluded.

PATH is evidence, as for assess, or an assessment that was saved with assess --format json.`,
		Example: `  posture register unused testdata/contoso
  posture register unused assessment.json --register register.hcl --format json`,
		Args: oneArg("PATH"),
		RunE: func(cmd *cobra.Command, args []string) error { return registerUnused(cmd.Context(), t, &f, args) },
	}
	f.register(cmd, report.Decided{})
	return cmd
}

func registerUnused(ctx context.Context, t terminal, f *registerFlags, paths []string) error {
	page, _, _, err := f.page(ctx, t, paths)
	if err != nil {
		return err
	}
	page.Entries = slices.DeleteFunc(page.Entries, func(e inspect.Entry) bool { return e.Void == "" })
	page.Nothing = "Every decision has an effect."
	return t.show(f.printFlags, page)
}
