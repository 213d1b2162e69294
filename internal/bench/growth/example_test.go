package growth_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/posture-score/posture/internal/bench/growth"
)

func Example() {
	dir, err := os.MkdirTemp("", "growth")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	d := growth.All()[0]
	input := filepath.Join(dir, "input")
	if err := d.Write(input, 2*d.Least); err != nil {
		panic(err)
	}
	records, err := os.Stat(filepath.Join(input, "evidence", "growth.items.ndjson"))
	fmt.Println(d.Name, d.Args("input")[:2], err == nil && records.Size() > 1_000_000)
	// Output:
	// records [assess input/evidence] true
}
