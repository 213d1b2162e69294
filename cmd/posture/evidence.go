package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/importer/builtin"
)

func newEvidence(t terminal) *cobra.Command {
	return group("evidence", "Plan, check, show, import and write evidence", "  posture evidence show testdata/contoso\n  posture evidence check evidence.zip",
		newEvidenceAdd(t), newEvidenceAttest(t), newEvidenceCheck(t), newEvidencePlan(t), newEvidenceShow(t), newEvidenceImport(t))
}

// importOptions returns how evidence is opened. The time of an export that does not say it is that of the flag, or now if that is not zero;
// otherwise it is not set.
func importOptions(t terminal, c claims, now time.Time) importer.Options {
	options := importer.Options{
		Importers: builtin.Importers(),
		Limits:    evidence.DefaultLimits(), Skipped: t.skipped,
		Tenant: c.tenant, CollectedAt: c.collectedAt,
	}
	if c.collectedAt.IsZero() {
		options.CollectedAt = now
	}
	return options
}

// openEvidence opens a bundle, or a foreign export as one. The time of an export that does not say it is that of the
// flag, or now if that is not zero. Otherwise it is the current time, with a message.
func openEvidence(ctx context.Context, t terminal, path string, f *claimFlags, now time.Time) (*evidence.Bundle, error) {
	claims, err := f.read()
	if err != nil {
		return nil, err
	}
	options := importOptions(t, claims, now)
	options.Undated = func() { f.undated = claims.collectedAt.IsZero() }
	assumed := options.CollectedAt.IsZero()
	if assumed {
		options.Now = time.Now().UTC().Truncate(time.Second)
	}
	bundle, err := options.Open(ctx, path, t.in)
	if err != nil {
		return nil, err
	}
	if assumed && bundle.Manifest().CollectedAt.Equal(options.Now) {
		t.warn(undated+"; taking it for evidence of now, %s. --collected-at TIME says when",
			options.Now.Format(time.RFC3339))
	}
	t.compare(bundle.Manifest(), claims)
	return bundle, nil
}

// undated begins the message about evidence without a time.
const undated = "the evidence doesn't say when it was collected"

// compare prints where the evidence lacks a tenant, or contradicts the flags.
func (t terminal) compare(m evidence.Manifest, c claims) {
	if m.Tenant.ID == "" {
		t.warn("nothing says which tenant the evidence is of. --tenant ID names it")
	}
	if !c.collectedAt.IsZero() && !m.CollectedAt.Equal(c.collectedAt) {
		t.warn("the evidence says that it was collected at %s: that counts, and --collected-at does not", m.CollectedAt.UTC().Format(time.RFC3339))
	}
}

// skipped prints that a file of an export makes no evidence.
func (t terminal) skipped(file, reason string) {
	t.log(slog.LevelWarn, fmt.Sprintf("skipped %s: %s", file, reason), slog.String(skippedFile, file))
}

// skippedFile is the attribute of a message that names the file.
const skippedFile = "skipped"

// withBundle opens evidence for as long as the function runs.
func withBundle(cmd *cobra.Command, t terminal, path string, f *claimFlags, use func(*evidence.Bundle) error) error {
	bundle, err := openEvidence(cmd.Context(), t, path, f, time.Time{})
	if err != nil {
		return err
	}
	defer bundle.Close()
	return use(bundle)
}
