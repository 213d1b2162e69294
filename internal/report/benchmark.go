package report

import (
	"cmp"
	"fmt"
	"strings"

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
	var t grid
	for i, h := range heads {
		t.columns = append(t.columns, gridColumn{head: strings.ToUpper(h.name), right: h.number, id: i == 0})
	}
	t.columns[1].least, t.columns[1].drop = leastText, 1 // the id of a cohort tells enough
	t.columns[8].drop = 2
	for _, row := range rows {
		for i := range row {
			row[i] = cmp.Or(row[i], "-")
		}
		t.add(row...)
	}
	p.grid(&t)
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
