package measure_test

import (
	"fmt"
	"os"
	"time"

	"github.com/posture-score/posture/internal/bench/measure"
)

// What was measured is printed as a table.
func ExampleReport_Write() {
	runs := measure.Series{{CPU: 300 * time.Millisecond, RSS: 40 << 20}, {CPU: 320 * time.Millisecond, RSS: 42 << 20}}
	report := measure.Report{
		Sections: []measure.Section{{Title: "A tenant", Rows: []measure.Row{{Name: "posture", Series: runs}}}},
		Budgets:  []measure.Budget{{What: "memory", Limit: 60, Got: runs.RSS().Median, Show: measure.MiB}},
	}
	if err := report.Write(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	//
	// A tenant    CPU s                 peak RSS MiB
	//   posture   0.31 (0.30 to 0.32)   41 (40 to 42)
	//
	// Budgets    at most   measured   verdict
	//   memory   60 MiB    41 MiB     met
}
