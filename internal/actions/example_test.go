package actions_test

import (
	"fmt"
	"log"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/actions"
)

// What is to do about identities and devices, the best value first.
func Example() {
	query := actions.Query{Categories: []string{"identity", "device"}, Outcomes: []string{string(engine.NotMet), string(engine.Partial)}}
	list, err := query.Find(some())
	if err != nil {
		log.Fatal(err)
	}
	actions.Sort(list, "rank")
	for _, a := range list {
		fmt.Printf("%s: %s left, waits for %q\n", a.ID, a.Left(), actions.Waits(a))
	}
	// Output:
	// Ciphers: 10 left, waits for ["license P1 or P2" "Admins"]
	// Admins: 4.67 left, waits for []
	// Entries: 10 left, waits for []
}
