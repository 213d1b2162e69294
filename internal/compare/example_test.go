package compare_test

import (
	"context"
	"fmt"
	"log"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/compare"
	"github.com/posture-score/posture/schemas"
)

// An organization asks for more than the built-in catalog does. What differs is one parameter.
func ExampleCatalogs() {
	datasets, err := schemas.Builtin()
	if err != nil {
		log.Fatal(err)
	}
	source, err := catalog.Builtin()
	if err != nil {
		log.Fatal(err)
	}
	builtin, err := catalog.Load(context.Background(), datasets, source)
	if err != nil {
		log.Fatal(err)
	}
	ours, err := builtin.WithParameters("ours.hcl", []byte("control \"aad_sign_in_freq_session_timeout\" {\n  max_hours = 1\n}\n"))
	if err != nil {
		log.Fatal(err)
	}
	d := compare.Catalogs(builtin, ours)
	for _, control := range d.Changed {
		for _, change := range control.Changes {
			fmt.Printf("%s: %s %s is %v instead of %v\n", control.New.ID, change.Kind, change.Name, change.New, change.Old)
		}
	}
	// Output:
	// aad_sign_in_freq_session_timeout: parameter max_hours is 1 instead of 4
}
