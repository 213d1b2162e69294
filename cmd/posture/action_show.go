package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/actions"
	"github.com/posture-score/posture/internal/report"
)

// pageFlags say which assessment and which catalog the page of one action is made from.
type pageFlags struct {
	assessmentFlags
	format string
	output string
}

func (f *pageFlags) register(cmd *cobra.Command) {
	f.assessmentFlags.register(cmd)
	f.texts = true
	cmd.Flags().StringVar(&f.format, "format", "text", "print as `FORMAT`: text or json")
	cmd.Flags().StringVar(&f.output, "output", "", "write to a `FILE` instead of standard output")
}

func newActionShow(t terminal) *cobra.Command {
	var f pageFlags
	cmd := &cobra.Command{
		Use:   "show ID PATH",
		Short: "Show all there is to know of one action",
		Long: `Show one recommended action of evidence, or of an assessment that was saved with assess --format json: its points and how they came
about, who is missing, what was decided, what it waits for, how to do it, where its policy stands, and how to pass it on.

A saved assessment has no steps and texts: those are the catalog's at hand, and it is said if its control is not the one that was assessed.`,
		Example: `  posture action show AdminMFAV2 testdata/contoso
  posture action show AdminMFAV2 testdata/contoso --failing all
  posture action show AdminMFAV2 assessment.json --format json`,
		Args: twoArgs("an ID and a PATH", false),
		RunE: func(cmd *cobra.Command, args []string) error {
			page, err := f.open(cmd.Context(), t, args[0], args[1])
			if err != nil {
				return err
			}
			return t.write(f.output, func(w io.Writer, style report.Style) error {
				if f.format == "json" {
					return report.ActionJSON(w, page)
				}
				return report.Action(w, page, style)
			})
		},
	}
	f.register(cmd)
	f.registerFailing(cmd, "20, in JSON 100")
	return cmd
}

// open finds an action in an assessment, and what the catalog says of it.
func (f *pageFlags) open(ctx context.Context, t terminal, id, path string) (report.ActionPage, error) {
	if err := oneOf("format", f.format, "text", "json"); err != nil {
		return report.ActionPage{}, err
	}
	a, err := openAssessment(ctx, t, path, &f.assessmentFlags)
	if err != nil {
		return report.ActionPage{}, err
	}
	catalog, err := f.load(ctx)
	if err != nil {
		return report.ActionPage{}, err
	}
	action, ok := actions.Get(a, id)
	if !ok {
		return report.ActionPage{}, fmt.Errorf("the assessment has no action %q.%s", id, catalog.Suggest(id))
	}
	control, _ := catalog.Control(id)
	return report.ActionPage{Assessment: a, Action: action, Catalog: catalog, Control: control, Keys: f.failing.most()}, nil
}
