package tenant

import (
	"context"
	"fmt"
	"slices"

	"github.com/posture-score/posture/evidence"
)

// Write writes the tenant as a bundle into a folder that does not exist or is empty.
func (t *Tenant) Write(ctx context.Context, dir string) (err error) {
	writer, err := evidence.Create(dir, evidence.Manifest{
		Tenant:      evidence.Tenant{ID: t.guid("tenant", 0), Name: t.title()},
		Collector:   evidence.Collector{Name: "posture-tenant-generator", Version: "1"},
		CollectedAt: t.spec.CollectedAt,
	})
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = writer.Abort() // the first error is the one to report
		}
	}()
	for _, name := range t.Datasets() {
		if err := t.writeDataset(ctx, writer, name); err != nil {
			return err
		}
	}
	return writer.Close()
}

func (t *Tenant) writeDataset(ctx context.Context, writer *evidence.Writer, name string) error {
	if slices.Contains(t.spec.Missing, name) {
		return nil
	}
	if reason, failed := t.spec.Failed[name]; failed {
		writer.Fail(name, reason)
		return nil
	}
	if t.templates[name].Document == nil {
		return writer.Records(name, t.Records(ctx, name))
	}
	document, err := t.Document(name)
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return writer.Document(name, document)
}
