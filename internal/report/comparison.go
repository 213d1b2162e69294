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
	p.cohorts(c.Cohorts)
	if len(c.Cohorts) > 0 {
		p.beside(c.Cohorts[len(c.Cohorts)-1])
	}
	for _, note := range c.Notes {
		p.hang("  - ", clip(clean(note), maxText), plain)
	}
	p.hang("  Source: ", clip(clean(c.Source), maxText), p.faint)
}

// cohorts prints a score beside those of cohorts.
func (p *printer) cohorts(list []cohort.Against) {
	if len(list) == 0 {
		return
	}
	t := grid{indent: "  ", columns: []gridColumn{
		{head: "COHORT", least: 12},
		{head: "TENANTS", right: true, drop: 2},
		{head: "MEAN", right: true},
		{head: "GAP", right: true},
		{head: "PERCENTILE"},
		{head: "DATE", drop: 1},
	}}
	for _, a := range list {
		tenants := "-"
		if a.N > 0 {
			tenants = fmt.Sprintf("%d+", a.N)
		}
		t.add(a.Title, tenants, percentText(a.Mean), gapText(a.Gap), percentile(a.Percentile), a.Date.String())
	}
	p.grid(&t)
}

// beside prints the categories of one cohort, and the actions that most of it have completed.
func (p *printer) beside(a cohort.Against) {
	title := clip(clean(a.Title), maxName)
	if len(a.Categories) > 0 {
		t := grid{indent: "  ", columns: []gridColumn{
			{head: "CATEGORY"},
			{head: "YOURS", right: true},
			{head: "MEAN", right: true},
			{head: "GAP", right: true},
			{head: "PERCENTILE"},
		}}
		for _, c := range a.Categories {
			t.add(c.Category, percentText(c.Percent), percentText(c.Mean), gapText(c.Gap), percentile(c.Percentile))
		}
		p.printf("\n")
		p.hang("  ", "By category, beside "+title, plain)
		p.grid(&t)
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
