package main

import (
	"github.com/spf13/cobra"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/evidence/source"
)

func newEvidence(t terminal) *cobra.Command {
	return group("evidence", "Check, show and import evidence", "  posture evidence show testdata/contoso\n  posture evidence check evidence.zip",
		newEvidenceCheck(t), newEvidenceShow(t), newEvidenceImport(t))
}

// withBundle opens evidence for as long as the function runs.
func withBundle(cmd *cobra.Command, t terminal, path string, use func(*evidence.Bundle) error) error {
	bundle, err := source.Open(cmd.Context(), path, t.in, evidence.DefaultLimits())
	if err != nil {
		return err
	}
	defer bundle.Close()
	return use(bundle)
}
