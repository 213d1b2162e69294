package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/report"
)

type assessFlags struct {
	catalogFlags
	format    string
	now       string
	validate  string
	output    string
	threshold float64
}

func newAssess(t terminal) *cobra.Command {
	var f assessFlags
	cmd := &cobra.Command{
		Use:   "assess PATH",
		Short: "Evaluate evidence and print the score",
		Long: `Evaluate the catalog over evidence and print the score with the reasons behind each action.

PATH is an evidence bundle (a folder, .zip, .tar.gz or .tar.zst), a ScubaGear ProviderSettingsExport.json, a folder of saved
Microsoft Graph responses, or - for standard input.

The assessment is made as of the time at which the evidence was collected, so that the same input gives the same result; --now
says another time. Saved Graph responses don't say when they were collected: give --now for a result that can be repeated.`,
		Example: `  posture assess testdata/contoso
  posture assess ProviderSettingsExport.json --format json --output assessment.json
  posture assess evidence.tar.zst --catalog ./our-controls --parameters parameters.hcl --threshold 70`,
		Args: oneArg("PATH"),
		RunE: func(cmd *cobra.Command, args []string) error { return assess(cmd, t, f, args[0]) },
	}
	f.register(cmd)
	f.registerParameters(cmd)
	cmd.Flags().StringVar(&f.format, "format", "table", "print as `FORMAT`: table or json")
	cmd.Flags().StringVar(&f.now, "now", "", "assess as of this `TIME`, such as 2026-01-31T12:00:00Z")
	cmd.Flags().StringVar(&f.validate, "validate", "sample", "check evidence against its schemas to this `EXTENT`: full, sample or off")
	cmd.Flags().StringVar(&f.output, "output", "", "write to a `FILE` instead of standard output")
	cmd.Flags().Float64Var(&f.threshold, "threshold", 0, "end with exit code 3 if the score is below this `PERCENT`")
	return cmd
}

// settings checks the flags and turns them into what the engine takes.
func (f assessFlags) settings() (engine.Settings, error) {
	settings := engine.Settings{Validate: engine.Validation(f.validate)}
	if err := oneOf("format", f.format, "table", "json"); err != nil {
		return settings, err
	}
	if err := oneOf("validate", f.validate, "full", "sample", "off"); err != nil {
		return settings, err
	}
	if !(f.threshold >= 0 && f.threshold <= 100) {
		return settings, usageError{fmt.Errorf("--threshold has to be a percentage from 0 to 100; it is %v", f.threshold)}
	}
	if f.now == "" {
		return settings, nil
	}
	now, err := time.Parse(time.RFC3339, f.now)
	if err != nil {
		return settings, usageError{fmt.Errorf("--now has to be a time such as 2026-01-31T12:00:00Z; it is %q", f.now)}
	}
	settings.Now = now
	return settings, nil
}

func assess(cmd *cobra.Command, t terminal, f assessFlags, path string) error {
	settings, err := f.settings()
	if err != nil {
		return err
	}
	ctx := cmd.Context()
	bundle, err := openEvidence(ctx, t, path, settings.Now)
	if err != nil {
		return err
	}
	defer bundle.Close()
	catalog, err := f.load(ctx)
	if err != nil {
		return err
	}
	compiled, err := engine.Compile(ctx, catalog, engine.Options{Version: version()})
	if err != nil {
		return err
	}
	show, clear := t.progress()
	settings.Progress = show
	assessment, err := compiled.Assess(ctx, bundle, settings)
	clear()
	if err != nil {
		return err
	}
	err = t.write(f.output, func(w io.Writer, style report.Style) error {
		if f.format == "json" {
			return report.JSON(w, assessment)
		}
		return report.Assessment(w, assessment, style)
	})
	if err == nil && assessment.Score.Percent.Float() < f.threshold {
		t.say("the score of %.2f%% is below the threshold of %v%%", assessment.Score.Percent.Float(), f.threshold)
		return failure(exitThreshold)
	}
	return err
}
