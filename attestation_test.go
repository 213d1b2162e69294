package posture_test

import (
	"context"
	"crypto/ed25519"
	"fmt"

	"github.com/posture-score/posture"
)

// ExampleSign signs an assessment with a key that may as well be in a device.
func ExampleSign() {
	ctx := context.Background()
	assessment, err := posture.Assess(ctx, "testdata/contoso")
	if err != nil {
		fmt.Println(err)
		return
	}
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	envelope, err := posture.Sign(ctx, assessment, key)
	fmt.Printf("%.45s… %v\n", envelope, err)
	// Output: {"payloadType":"application/vnd.in-toto+json"… <nil>
}
