package report

import (
	"fmt"

	"github.com/posture-score/posture/internal/cohort"
	"github.com/posture-score/posture/internal/score"
)

// Benchmark is the page of a benchmark: its cohorts, and how their tenants score.
type Benchmark struct{ *cohort.Benchmark }

func (page Benchmark) document() any { return page.Benchmark }

func (page Benchmark) table(p *printer) {
	p.hang("", clip(clean(page.Title), maxText), p.bold)
	p.hang("", clip(clean(page.Source), maxText), p.faint)
	p.printf("\n")
	heads, rows := benchmarkRows(page.Benchmark, percentText)
	cells := [][]string{{}}
	var right []int
	for i, h := range heads {
		if h.number {
			right = append(right, i)
		}
		cells[0] = append(cells[0], h.name)
	}
	for _, row := range rows {
		for i := range row {
			if row[i] = clip(clean(row[i]), 40); row[i] == "" {
				row[i] = "-"
			}
		}
		cells = append(cells, row)
	}
	if p.columns() < 120 { // the title is long, and the id tells enough
		for i := range cells {
			cells[i] = append(cells[i][:1:1], cells[i][2:]...)
		}
		for i := range right {
			right[i]--
		}
	}
	p.aligned("", cells, right...)
}

func (page Benchmark) sheet() sheet {
	var s sheet
	s.heads, s.rows = benchmarkRows(page.Benchmark, score.Points.String)
	return s
}

// benchmarkRows returns a row for each cohort and date.
func benchmarkRows(b *cohort.Benchmark, percent func(score.Points) string) ([]head, [][]string) {
	heads := []head{{name: "cohort"}, {name: "title"}, {name: "date"}, {name: "n", number: true}, {name: "mean", number: true}, {name: "p25", number: true}, {name: "p50", number: true}, {name: "p75", number: true}, {name: "merged", number: true}}
	var rows [][]string
	for _, c := range b.Cohorts {
		row := []string{c.ID, c.Title, c.Date.String(), "", percent(c.Mean), "", "", "", ""}
		if c.N > 0 {
			row[3] = fmt.Sprint(c.N)
		}
		if p := c.Percentiles; len(p) > 0 {
			row[5], row[6], row[7] = percent(p[4]), percent(p[9]), percent(p[14])
		}
		if n := len(c.Merged); n > 0 {
			row[8] = fmt.Sprint(n)
		}
		rows = append(rows, row)
	}
	return heads, rows
}
