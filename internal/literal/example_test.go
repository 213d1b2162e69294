package literal_test

import (
	"fmt"

	"github.com/posture-score/posture/internal/literal"
)

func Example() {
	file := literal.Read("goal.hcl", []byte(`
percent = 62.5
by      = "2026-12-32"
`))
	body := file.Body(literal.Shape{Attributes: []string{"percent", "by"}})
	percent, _ := body.Percent("percent")
	body.Date("by")
	fmt.Println(percent)
	fmt.Println(file.Err())
	// Output:
	// 62.5
	// goal.hcl:3,11-23: Invalid by; "2026-12-32" is no date: write one such as 2026-12-31.
}
