package scaffold_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/posture-score/posture/internal/scaffold"
)

// An author starts a control from a working one of the same kind.
func Example() {
	dir, err := os.MkdirTemp("", "catalog")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)

	paths, err := scaffold.Write(dir, scaffold.Request{ID: "GuestReviewV2", Product: "entra_id", Kind: "coverage"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, path := range paths {
		fmt.Println(filepath.Base(path))
	}
	// Output:
	// guest_review_v2.hcl
	// guest_review_v2.rego
	// guest_review_v2_test.rego
}
