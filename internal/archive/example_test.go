package archive_test

import (
	"fmt"

	"github.com/posture-score/posture/internal/archive"
)

func Example() {
	fmt.Println(archive.Is([]byte("PK\x03\x04...")), archive.Is([]byte(`{"id": 1}`)))
	// Output: true false
}
