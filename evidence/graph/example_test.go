package graph_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/posture-score/posture/evidence/graph"
)

func ExampleImport() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	saved := filepath.Join(dir, "saved.json")
	const text = `[
		{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#organization", "value": [{"id": "9a4f3b1c"}]},
		{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users(id)", "@odata.nextLink": "https://...", "value": [{"id": "ada"}]},
		{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users(id)", "value": [{"id": "bo"}]}
	]`
	if err := os.WriteFile(saved, []byte(text), 0o600); err != nil {
		fmt.Println(err)
		return
	}
	options := graph.Options{CollectedAt: time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)}
	bundle, _, err := graph.Import(context.Background(), saved, filepath.Join(dir, "bundle"), options)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = bundle.Close() }()
	for _, dataset := range bundle.Manifest().Datasets {
		fmt.Printf("%s: %s, %d records\n", dataset.Name, dataset.Status, dataset.Records)
	}
	// Output:
	// entra.organization: collected, 1 records
	// entra.users: collected, 2 records
}
