package infer_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/posture-score/posture/internal/infer"
	"github.com/posture-score/posture/schemas"
)

// A sample of two records is enough for the schema of a first draft.
func Example() {
	sample := `{"hostname": "web-01", "encrypted": true}
{"hostname": "web-02", "encrypted": null}`
	proposal, err := infer.Propose(context.Background(), "inventory.servers", "", strings.NewReader(sample))
	if err != nil {
		fmt.Println(err)
		return
	}
	dataset, err := schemas.Parse("inventory.servers", proposal.Schema)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(dataset.Title, "is a", dataset.Kind, "with the key", dataset.Key)
	fmt.Println(dataset.Validate(map[string]any{"hostname": "web-03", "encrypted": "yes"})[0].Message)
	// Output:
	// Servers is a population with the key hostname
	// want boolean or null, got string
}
