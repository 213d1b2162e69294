package folder_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/posture-score/posture/internal/importer/folder"
)

func ExampleImport() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	options := folder.Options{CollectedAt: time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)}
	bundle, skipped, err := folder.Import(context.Background(), "testdata/exports", filepath.Join(dir, "bundle"), options)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = bundle.Close() }()
	for _, dataset := range bundle.Manifest().Datasets {
		fmt.Printf("%s: %s, %d records\n", dataset.Name, dataset.Status, dataset.Records)
	}
	for _, s := range skipped {
		fmt.Printf("%s: %s\n", s.Path, s.Reason)
	}
	// Output:
	// entra.organization: collected, 1 records
	// exchange.sharing_policies: collected, 1 records
	// Get-RemoteDomain.json: no dataset is made of what Get-RemoteDomain answers
}
