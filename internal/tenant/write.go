package tenant

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
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
		return writer.Records(name, t.edited(name, t.Records(ctx, name)))
	}
	document, err := t.Document(name)
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	if t.spec.Edit == nil {
		return writer.Document(name, document)
	}
	value, err := jsonOf(document)
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	t.spec.Edit(name, value)
	return writer.Document(name, value)
}

// edited yields the records of a dataset as [Spec.Edit] leaves them.
func (t *Tenant) edited(name string, records iter.Seq2[any, error]) iter.Seq2[any, error] {
	if t.spec.Edit == nil {
		return records
	}
	return func(yield func(any, error) bool) {
		for record, err := range records {
			var value map[string]any
			if err == nil {
				value, err = jsonOf(record)
			}
			if err == nil && !t.spec.Edit(name, value) {
				continue
			}
			if !yield(value, err) || err != nil {
				return
			}
		}
	}
}

// jsonOf returns a value as the JSON object that it encodes to.
func jsonOf(value any) (map[string]any, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var fields map[string]any
	return fields, decoder.Decode(&fields)
}
