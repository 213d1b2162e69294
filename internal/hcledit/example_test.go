package hcledit_test

import (
	"fmt"
	"log"
	"time"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/posture-score/posture/internal/hcledit"
)

// A change keeps comments and formatting, and says who made it.
func Example() {
	d, err := hcledit.NewDocument("posture.hcl", []byte(`# Agreed by the board.
zones {
  good = 80 # was 75
  okay = 60
}
`), hcledit.Bounded)
	if err != nil {
		log.Fatal(err)
	}
	order := []string{"good", "okay"}
	zones := func() *hclsyntax.Block { return hcledit.Find(d.Body(), "zones") }
	ada := hcledit.Author{Name: "Ada", Time: time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC)}
	err = d.Change(zones, "zones", order, &ada, func() error { return d.SetAttribute(zones, order, "good", "85") })
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(string(d.Text()))
	// Output:
	// # Agreed by the board.
	// zones {
	//   good       = 85 # was 75
	//   okay       = 60
	//   changed_by = "Ada"
	//   changed_at = "2026-10-01T06:00:00Z"
	// }
}
