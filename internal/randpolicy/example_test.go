package randpolicy_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/posture-score/posture/internal/randpolicy"
)

// The same random numbers invent the same.
func Example() {
	one, other := randpolicy.Generator{Rand: rand.New(rand.NewPCG(1, 2))}, randpolicy.Generator{Rand: rand.New(rand.NewPCG(1, 2))}
	policy := one.Policy()
	fmt.Println(policy == other.Policy(), one.Record() == other.Record())
	fmt.Println(strings.SplitN(policy, "\n", 2)[0])
	// Output:
	// true true
	// package policies.test.c
}
