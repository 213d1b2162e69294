package psobject_test

import (
	"encoding/json"
	"fmt"

	"github.com/posture-score/posture/internal/importer/psobject"
)

func ExampleConvert() {
	policy := map[string]any{
		"Identity":    "Default",
		"IPAllowList": "192.0.2.1",
		"WhenChanged": "/Date(1723812853000)/",
	}
	shape := map[string]any{
		"type": "object",
		"properties": map[string]any{
			"ipAllowList": map[string]any{"type": "array"},
		},
	}
	text, err := json.Marshal(psobject.Convert(policy, shape))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(text))
	// Output: {"identity":"Default","ipAllowList":["192.0.2.1"],"whenChanged":"2024-08-16T12:54:13Z"}
}
