package synthetic_test

import (
	"context"
	"fmt"
	"os"

	"github.com/posture-score/posture/internal/bench/synthetic"
)

// A tenant is written as a bundle, as large as one likes.
func ExampleTenant_WriteBundle() {
	dir, err := os.MkdirTemp("", "synthetic")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	tenant := synthetic.Tenant{Users: 100}
	if err := tenant.WriteBundle(context.Background(), dir); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(tenant.Users, "users and", tenant.Devices(), "devices")
	// Output:
	// 100 users and 50 devices
}
