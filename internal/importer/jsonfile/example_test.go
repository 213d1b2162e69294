package jsonfile_test

import (
	"context"
	"fmt"
	"testing/fstest"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer/jsonfile"
)

func ExampleReader() {
	files := fstest.MapFS{"page.json": {Data: []byte(`{"count": 2, "value": [{"id": "a"}, {"id": "b"}]}`)}}
	r, err := jsonfile.Open(context.Background(), files, "page.json", 1<<20, evidence.Limits{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = r.Close() }()
	members, _, err := r.Object(func(name string, _ map[string]any) func(any) error {
		return func(record any) error {
			_, err := fmt.Println(name, r.Index, record)
			return err
		}
	})
	fmt.Println(members, err)
	// Output:
	// value 1 map[id:a]
	// value 2 map[id:b]
	// map[count:2] <nil>
}
