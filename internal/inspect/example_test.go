package inspect_test

import (
	"fmt"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/inspect"
)

// A decision about an action that nobody knows has no effect.
func ExampleInspector_Entries() {
	cat, err := builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	in := inspect.Inspector{Catalog: cat, Now: now()}
	for _, entry := range in.Entries(map[string]engine.Decision{"AdminMFA": {Status: engine.Planned, Owner: "ada"}}, nil) {
		fmt.Println(entry.ID, entry.Status, "by", entry.Owner+":", entry.Void)
	}
	// Output: AdminMFA planned by ada: the catalog has no such action. Did you mean "AdminMFAV2"?
}
