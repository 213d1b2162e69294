package page

import (
	"fmt"

	"github.com/posture-score/posture/internal/cohort"
	"github.com/posture-score/posture/internal/score"
)

// comparison says how similar organizations score.
type comparison struct {
	Benchmark, Source string
	Rows              []against
	Notes             []string
	Edit              string // address of the form; empty for readers
}

// against is the comparison with one cohort.
type against struct {
	Title, Detail string
	Own, Mean     score.Points // percent
	Gap           score.Delta
	Rank          string
}

// X returns the coordinate of the mean on a bar that is a hundred wide.
func (a against) X() string { return coordinate(a.Mean) }

// Width returns how long the bar of the organization is, of a hundred.
func (a against) Width() string { return coordinate(a.Own) }

func comparisonOf(c *cohort.Comparison) *comparison {
	if c == nil || len(c.Cohorts) == 0 {
		return nil
	}
	page := &comparison{Benchmark: c.Benchmark, Source: c.Source, Notes: c.Notes}
	for _, x := range c.Cohorts {
		row := against{Title: x.Title, Detail: "as of " + x.Date.String(), Own: x.Percent, Mean: x.Mean, Gap: x.Gap}
		if x.N > 0 {
			row.Detail = plural(x.N, "tenant") + ", " + row.Detail
		}
		if x.Percentile != nil {
			row.Rank = fmt.Sprintf("between the percentiles %d and %d", x.Percentile.From, x.Percentile.To)
		}
		page.Rows = append(page.Rows, row)
	}
	return page
}
