package plan_test

import (
	"fmt"
	"log"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/plan"
)

// Two easy actions cost less than a hard one that earns as much. One of them waits for a third.
func Example() {
	a := &engine.Assessment{Actions: []engine.Action{
		act("Hard", 10_00, "high"),
		act("Easy", 9_00, "low", after("First")),
		act("First", 1_00, "low"),
	}}
	a.Score.Achieved, a.Score.Total = 50_00, 100_00
	p, err := plan.Cheapest(a, 60_00, plan.Options{})
	if err != nil {
		log.Fatal(err)
	}
	for _, step := range p.Steps {
		fmt.Printf("%s: +%s for %d, then %s%%\n", step.ID, step.Points, step.Effort, step.After.Percent)
	}
	// Output:
	// First: +1 for 3, then 51%
	// Easy: +9 for 3, then 60%
}
