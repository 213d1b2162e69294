package decisions_test

import (
	"fmt"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/decisions"
)

// Who has what to do by when.
func Example() {
	a := &engine.Assessment{Actions: []engine.Action{{ID: "AdminMFAV2", Outcome: engine.NotMet, Points: engine.ActionPoints{Max: 10_00}}}}
	due := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	decided := map[string]engine.Decision{"AdminMFAV2": {Status: engine.Planned, Owner: "ada@contoso.example", Due: &due}}
	for _, owner := range decisions.ByOwner(decisions.List(a, decided, due.AddDate(0, 0, 3))) {
		fmt.Printf("%s: %d planned for %s points\n", owner.Name, owner.Planned, owner.Points)
		for _, item := range owner.Items {
			fmt.Printf("  %s is %s since %s\n", item.ID, item.State, item.Due)
		}
	}
	// Output:
	// ada@contoso.example: 1 planned for 10 points
	//   AdminMFAV2 is overdue since 2026-06-01
}
