package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/evidence/source"
)

func newEvidence(t terminal) *cobra.Command {
	return group("evidence", "Plan, check, show and import evidence", "  posture evidence show testdata/contoso\n  posture evidence check evidence.zip",
		newEvidenceCheck(t), newEvidencePlan(t), newEvidenceShow(t), newEvidenceImport(t))
}

// openEvidence opens a bundle, or a foreign export as one. An export that doesn't say when it was made is taken to be of the
// given time, or else of now, which is told.
func openEvidence(ctx context.Context, t terminal, path string, at time.Time) (*evidence.Bundle, error) {
	options := source.Options{Limits: evidence.DefaultLimits(), Skipped: t.skipped, CollectedAt: at}
	if at.IsZero() {
		options.CollectedAt = time.Now().UTC().Truncate(time.Second)
	}
	bundle, err := options.Open(ctx, path, t.in)
	if err == nil && at.IsZero() && bundle.Manifest().CollectedAt.Equal(options.CollectedAt) {
		t.say("the evidence doesn't say when it was collected; taking it for evidence of now, %s",
			options.CollectedAt.Format(time.RFC3339))
	}
	return bundle, err
}

// skipped tells of a file of an export that made no evidence.
func (t terminal) skipped(file, reason string) {
	t.say("skipped %s: %s", file, reason)
}

// withBundle opens evidence for as long as the function runs.
func withBundle(cmd *cobra.Command, t terminal, path string, use func(*evidence.Bundle) error) error {
	bundle, err := openEvidence(cmd.Context(), t, path, time.Time{})
	if err != nil {
		return err
	}
	defer bundle.Close()
	return use(bundle)
}
