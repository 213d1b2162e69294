package cohort_test

import (
	"fmt"
	"log"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/cohort"
)

func Example() {
	benchmark, err := cohort.Microsoft()
	if err != nil {
		log.Fatal(err)
	}
	a := &engine.Assessment{EvaluatedAt: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), Score: engine.Score{Total: 100_00, Percent: 60_00}}
	comparison, err := benchmark.Compare(a, cohort.Choice{Profile: cohort.Profile{Seats: 60}})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range comparison.Cohorts {
		fmt.Printf("%s, %s: %s%%, %s\n", c.Title, c.Date, c.Mean, c.Gap)
	}
	// Output:
	// All tenants, 2026-07-17: 52.86%, +7.14
	// 1 to 100 seats, 2026-07-17: 48.1%, +11.9
}
