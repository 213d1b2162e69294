package cohort

import (
	_ "embed"
	"fmt"
)

//go:embed microsoft.json
var microsoft []byte

// Microsoft returns the averages that Microsoft's own answers gave: for all tenants and for those of 1 to 100 seats, on five dates. They are
// averageComparativeScores of secureScores in Microsoft Graph, as they stand in published answers; averageScore is a percentage there.
// They are of Microsoft's catalog, and tell neither how many tenants they are of nor how those are spread.
func Microsoft() (*Benchmark, error) {
	b, err := Read(microsoft)
	if err != nil {
		return nil, fmt.Errorf("reading the benchmark that comes along: %w", err)
	}
	return b, nil
}
