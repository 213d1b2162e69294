package report

import (
	"fmt"

	"github.com/posture-score/posture/internal/cohort"
	"github.com/posture-score/posture/internal/score"
)

// maxAhead is how many actions of a cohort the text shows; the JSON has all.
const maxAhead = 10

// comparison prints an assessment beside the cohorts of a benchmark; with the one that suits best it goes into detail.
func (p *printer) comparison(c *cohort.Comparison) {
	if c == nil {
		return
	}
	p.title("Compared with " + clip(clean(c.Benchmark), maxText))
	rows := [][]string{{"COHORT", "TENANTS", "MEAN", "GAP", "PERCENTILE", "DATE"}}
	narrow, numbers := p.columns() < 80, 58 // columns that all but the title take
	if narrow {
		numbers = 46 // without the date
	}
	for _, a := range c.Cohorts {
		tenants := "-"
		if a.N > 0 {
			tenants = fmt.Sprintf("%d+", a.N)
		}
		rows = append(rows, []string{
			clip(clean(a.Title), p.columns()-numbers), tenants, fmt.Sprintf("%.2f%%", a.Mean.Float()), gapText(a.Gap), percentile(a.Percentile), a.Date.String(),
		})
	}
	if narrow {
		for i := range rows {
			rows[i] = rows[i][:len(rows[i])-1]
		}
	}
	if len(c.Cohorts) > 0 {
		p.aligned("  ", rows, 1, 2, 3)
		p.beside(c.Cohorts[len(c.Cohorts)-1])
	}
	for _, note := range c.Notes {
		p.hang("  - ", clip(clean(note), maxText), plain)
	}
	p.hang("  Source: ", clip(clean(c.Source), maxText), p.faint)
}

// beside prints the categories of one cohort, and the actions that most of it have completed.
func (p *printer) beside(a cohort.Against) {
	title := clip(clean(a.Title), maxName)
	if len(a.Categories) > 0 {
		rows := [][]string{{"CATEGORY", "YOURS", "MEAN", "GAP", "PERCENTILE"}}
		for _, c := range a.Categories {
			rows = append(rows, []string{clean(c.Category), fmt.Sprintf("%.2f%%", c.Percent.Float()), fmt.Sprintf("%.2f%%", c.Mean.Float()), gapText(c.Gap), percentile(c.Percentile)})
		}
		p.printf("\n")
		p.hang("  ", "By category, beside "+title, plain)
		p.aligned("  ", rows, 1, 2, 3)
	}
	if len(a.Actions) == 0 {
		return
	}
	p.printf("\n")
	p.hang("  ", fmt.Sprintf("Open here, and done by most of %s: %s", title, plural(len(a.Actions), "action")), plain)
	for _, ahead := range a.Actions[:min(len(a.Actions), maxAhead)] {
		lead := fmt.Sprintf("  %s  %s  ", padLeft(shareOf(ahead), 4), padLeft("+"+ahead.Left.String(), 6))
		p.hang(lead, clip(clean(ahead.Title), maxText)+" ("+clip(clean(ahead.ID), maxName)+")", plain)
	}
	if more := len(a.Actions) - maxAhead; more > 0 {
		p.printf("  and %s\n", plural(more, "more action"))
	}
}

// gapText returns a difference of percentages.
func gapText(d score.Delta) string { return fmt.Sprintf("%+.2f%%", float64(d)/100) }

// shareOf returns a share of tenants: 90 stands for 90 or more.
func shareOf(a cohort.Ahead) string {
	text := a.Completed.String() + "%"
	if a.Completed >= 90_00 {
		text += "+"
	}
	return text
}

// percentile returns between which percentiles a percentage lies, in words.
func percentile(r *cohort.Rank) string {
	switch {
	case r == nil:
		return "-"
	case r.From == 0:
		return fmt.Sprintf("below the %s", ordinal(r.To))
	case r.To == 100:
		return fmt.Sprintf("above the %s", ordinal(r.From))
	}
	return fmt.Sprintf("%s to %s", ordinal(r.From), ordinal(r.To))
}

// ordinal returns a multiple of 5 as an ordinal number.
func ordinal(n int) string { return fmt.Sprintf("%dth", n) }

// aligned prints rows of texts in columns; those of some numbers stand to the right. The first row is the head.
func (p *printer) aligned(indent string, rows [][]string, right ...int) {
	widths := make([]int, len(rows[0]))
	isRight := map[int]bool{}
	for _, column := range right {
		isRight[column] = true
	}
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], columns(cell))
		}
	}
	for i, row := range rows {
		line := indent
		for column, cell := range row {
			switch {
			case isRight[column]:
				cell = padLeft(cell, widths[column])
			case column < len(row)-1:
				cell = pad(cell, widths[column])
			}
			if line += cell; column < len(row)-1 {
				line += "  "
			}
		}
		if i == 0 {
			line = p.faint(line)
		}
		p.printf("%s\n", line)
	}
}
