package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/actions"
	"github.com/posture-score/posture/internal/report"
)

// actionFlags say which assessment and which catalog the page of one action is made from, and how it is printed.
type actionFlags struct {
	assessmentFlags
	printFlags
	share bool
}

func (f *actionFlags) register(cmd *cobra.Command, page report.Page) {
	f.assessmentFlags.register(cmd)
	f.texts = true
	f.printFlags.register(cmd, page)
	f.registerOutput(cmd)
}

func newActionShow(t terminal) *cobra.Command {
	var f actionFlags
	cmd := &cobra.Command{
		Use:   "show ID PATH",
		Short: "Show all there is to know of one action",
		Long: `Show one recommended action of evidence, or of an assessment that was saved with assess --format json: its points and how they came
about, who is missing, what was decided, what it waits for, how to do it, and where its policy stands; with --share also how to pass it on.

A saved assessment has no steps and texts: those are the catalog's at hand, and it is said if its control is not the one that was assessed.`,
		Example: `  posture action show AdminMFAV2 testdata/contoso
  posture action show AdminMFAV2 testdata/contoso --failing all
  posture action show AdminMFAV2 assessment.json --share
  posture action show AdminMFAV2 assessment.json --format json`,
		Args: idAndPath,
		RunE: func(cmd *cobra.Command, args []string) error {
			page, err := f.open(cmd.Context(), t, args[0], args[1])
			if err != nil {
				return err
			}
			return t.show(f.printFlags, page)
		},
	}
	f.register(cmd, report.Action{})
	f.registerFailing(cmd, "20, in JSON 100")
	cmd.Flags().BoolVar(&f.share, "share", false, "print a link to a mail and a message for a chat, too")
	return cmd
}

// open returns the page of an action: from an assessment, and from the catalog.
func (f *actionFlags) open(ctx context.Context, t terminal, id, path string) (report.Action, error) {
	a, err := openAssessment(ctx, t, path, &f.assessmentFlags)
	if err != nil {
		return report.Action{}, err
	}
	action, ok := actions.Get(a, id)
	if !ok {
		return report.Action{}, unknownAction(a, id)
	}
	catalog, err := f.load(ctx)
	if err != nil {
		return report.Action{}, err
	}
	control, _ := catalog.Control(id)
	return report.Action{Assessment: a, Action: action, Catalog: catalog, Control: control, Keys: f.failing.most(), Share: f.share}, nil
}
