package collect_test

import (
	"context"
	"fmt"
	"log"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/collect"
	"github.com/posture-score/posture/schemas"
)

// What has to be collected to assess Microsoft Forms? Its settings, and what every assessment
// needs.
func Example() {
	datasets, err := schemas.Builtin()
	if err != nil {
		log.Fatal(err)
	}
	builtin, err := catalog.Builtin()
	if err != nil {
		log.Fatal(err)
	}
	cat, err := catalog.Load(context.Background(), datasets, builtin)
	if err != nil {
		log.Fatal(err)
	}
	plan, err := collect.Of(cat, collect.Options{Products: []string{"microsoft_forms"}})
	if err != nil {
		log.Fatal(err)
	}
	for _, d := range plan.Datasets {
		fmt.Printf("%s: %s\n", d.Name, d.Ways[0].From)
	}
	// Output:
	// entra.organization: GET /v1.0/organization
	// entra.subscribed_skus: GET /v1.0/subscribedSkus
	// forms.settings: GET /beta/admin/forms
}
