package rules_test

import (
	"context"
	"fmt"

	"github.com/posture-score/posture/internal/bench/rules"
)

// The catalog is loaded as any other.
func ExampleSet_Load() {
	catalog, err := rules.Alike.Load(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	control, _ := catalog.Control("AdminsPhishingResistant")
	fmt.Println(len(catalog.Controls()), "rules, such as:", control.Title)
	// Output:
	// 50 rules, such as: Have administrators sign in with methods that resist phishing
}
