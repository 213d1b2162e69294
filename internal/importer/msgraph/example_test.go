package msgraph_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing/fstest"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer/msgraph"
	"github.com/posture-score/posture/schemas"
)

func ExampleRead() {
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
	responses, err := msgraph.Read(context.Background(), files, []string{"saved.json"}, registry, evidence.DefaultLimits())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(responses.Datasets())) {
		fmt.Println(name, "is made of", responses.Datasets()[name])
	}
	// Output:
	// entra.organization is made of saved.json
	// entra.users is made of saved.json
}
