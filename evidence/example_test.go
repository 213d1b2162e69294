package evidence_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/posture-score/posture/evidence"
)

// Write a bundle, then open it, verify it and read its records.
func Example() {
	parent, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	dir := filepath.Join(parent, "contoso")
	err = errors.Join(write(dir), read(context.Background(), dir), os.RemoveAll(parent))
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// entra.security_defaults: failed, access denied
	// entra.users: collected, 2 records
	// 0: {"accountEnabled":true,"id":"1"}
	// 1: {"accountEnabled":false,"id":"2"}
}

func write(dir string) error {
	w, err := evidence.Create(dir, evidence.Manifest{
		Tenant:      evidence.Tenant{ID: "5f1b0d3e-0000-4000-8000-000000000001", Name: "Contoso"},
		Collector:   evidence.Collector{Name: "example"},
		CollectedAt: time.Date(2026, 3, 1, 6, 0, 0, 0, time.UTC),
	})
	if err != nil {
		return err
	}
	defer func() { _ = w.Abort() }() // removes a half written bundle; after Close it does nothing
	users := func(yield func(any, error) bool) {
		_ = yield(map[string]any{"id": "1", "accountEnabled": true}, nil) &&
			yield(map[string]any{"id": "2", "accountEnabled": false}, nil)
	}
	if err := w.Records("entra.users", users); err != nil {
		return err
	}
	w.Fail("entra.security_defaults", "access denied")
	return w.Close()
}

func read(ctx context.Context, dir string) error {
	b, err := evidence.Open(ctx, dir, evidence.DefaultLimits())
	if err != nil {
		return err
	}
	defer func() { _ = b.Close() }()
	if err := b.Verify(ctx); err != nil {
		return err
	}
	for _, d := range b.Manifest().Datasets {
		if d.Status == evidence.Failed {
			fmt.Printf("%s: failed, %s\n", d.Name, d.Reason)
			continue
		}
		fmt.Printf("%s: collected, %d records\n", d.Name, d.Records)
		for record, err := range b.Records(ctx, d.Name) {
			if err != nil {
				return err
			}
			fmt.Printf("%d: %s\n", record.Index, record.JSON)
		}
	}
	return nil
}
