package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/evidence/source"
)

func newEvidence(t terminal) *cobra.Command {
	return group("evidence", "Check, show and import evidence", "  posture evidence show testdata/contoso\n  posture evidence check evidence.zip",
		newEvidenceCheck(t), newEvidenceShow(t), newEvidenceImport(t))
}

// openEvidence opens a bundle, or a foreign export as one.
func openEvidence(ctx context.Context, t terminal, path string) (*evidence.Bundle, error) {
	options := source.Options{Limits: evidence.DefaultLimits(), Skipped: t.skipped}
	return options.Open(ctx, path, t.in)
}

// skipped tells of a file of an export that made no evidence.
func (t terminal) skipped(file, reason string) {
	fmt.Fprintf(t.err, "posture: skipped %s: %s\n", file, reason)
}

// withBundle opens evidence for as long as the function runs.
func withBundle(cmd *cobra.Command, t terminal, path string, use func(*evidence.Bundle) error) error {
	bundle, err := openEvidence(cmd.Context(), t, path)
	if err != nil {
		return err
	}
	defer bundle.Close()
	return use(bundle)
}
