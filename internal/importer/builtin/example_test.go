package builtin_test

import (
	"fmt"

	"github.com/posture-score/posture/internal/importer/builtin"
)

func ExampleImporters() {
	for _, i := range builtin.Importers() {
		fmt.Println(i.Info().Name)
	}
	// Output:
	// scubagear
	// graph
	// powershell
	// defender
}
