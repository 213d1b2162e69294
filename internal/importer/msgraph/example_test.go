package msgraph_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing/fstest"

	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/importer/msgraph"
	"github.com/posture-score/posture/schemas"
)

func ExampleImporter() {
	const text = `[
		{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#organization", "value": [{"id": "9a4f3b1c"}]},
		{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users(id)", "@odata.nextLink": "https://...", "value": [{"id": "ada"}]},
		{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users(id)", "value": [{"id": "bo"}]}
	]`
	files := fstest.MapFS{"saved.json": {Data: []byte(text)}}
	registry, err := schemas.Builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := msgraph.Importer{}.Import(context.Background(), importer.Input{Files: files, Names: []string{"saved.json"}, Registry: registry})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, dataset := range slices.Sorted(maps.Keys(report.Files)) {
		fmt.Println(dataset, "is made of", report.Files[dataset])
	}
	// Output:
	// entra.organization is made of saved.json
	// entra.users is made of saved.json
}
