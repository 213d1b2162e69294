package posture_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/posture-score/posture"
)

func Example() {
	assessment, err := posture.Assess(context.Background(), "testdata/contoso")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s: %s of %s points\n", assessment.Tenant.Name, assessment.Score.Achieved, assessment.Score.Total)
	// Output: Contoso: 572.1 of 927 points
}

// A catalog of your own is assessed together with the built-in one, or without it.
func ExampleNew() {
	assessor, err := posture.New(context.Background(), posture.WithTime(time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC)))
	if err != nil {
		log.Fatal(err)
	}
	for _, path := range []string{"testdata/contoso", "testdata/fabrikam", "testdata/tailspin"} {
		assessment, err := assessor.Assess(context.Background(), path)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s: %s percent\n", assessment.Tenant.Name, assessment.Score.Percent)
	}
	// Output:
	// Contoso: 61.72 percent
	// Fabrikam: 100 percent
	// Tailspin: 1 percent
}
