package reference_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/reference"
	"github.com/posture-score/posture/schemas"
)

// The page of a product begins with its name.
func Example() {
	datasets, err := schemas.Builtin()
	if err != nil {
		panic(err)
	}
	source, err := catalog.Builtin()
	if err != nil {
		panic(err)
	}
	cat, err := catalog.Load(context.Background(), datasets, source)
	if err != nil {
		panic(err)
	}
	for _, page := range reference.Pages(cat) {
		if page.Path == "catalog/entra_id.md" {
			title, _, _ := strings.Cut(page.Text, "\n")
			fmt.Println(title)
		}
	}
	// Output: # Microsoft Entra ID
}
