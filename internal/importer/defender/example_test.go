package defender_test

import (
	"context"
	"fmt"
	"testing/fstest"

	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/importer/defender"
	"github.com/posture-score/posture/schemas"
)

func ExampleImporter() {
	head := importer.Head{Path: "part-0.json", Members: []string{"DeviceId", "ConfigurationId", "IsCompliant"}}
	fmt.Println(defender.Importer{}.Detect(context.Background(), head, nil) == importer.Yes)

	registry, err := schemas.Builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	files := fstest.MapFS{"part-0.json": {Data: []byte(`{"DeviceId": "d1", "ConfigurationId": "scid-25", "IsCompliant": true}`)}}
	report, err := defender.Importer{}.Import(context.Background(), importer.Input{Files: files, Names: []string{"part-0.json"}, Registry: registry})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Files)
	// Output:
	// true
	// map[defender_endpoint.secure_configuration:part-0.json]
}
