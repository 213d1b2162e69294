package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/guptarohit/asciigraph"

	"github.com/posture-score/posture/internal/score"
	"github.com/posture-score/posture/internal/trend"
)

// chartHeight is how many intervals the vertical axis has.
const chartHeight = 8

// plotted is one line of a chart.
type plotted struct {
	name  string
	mark  string // what it is drawn with; empty for a line of its own
	color asciigraph.AnsiColor
	value func(trend.Point) float64
}

// chart draws the score over time, with the goal and the comparison, over all columns.
func (p *printer) chart(t *trend.Trend) {
	lines := chartLines(t)
	labels := len("100.0%") + 2 // and the axis
	width := p.columns() - labels
	data := make([][]float64, len(lines))
	colors := make([]asciigraph.AnsiColor, len(lines))
	marks := make([]asciigraph.CharSet, len(lines))
	low, high := 100.0, 0.0
	for i, l := range lines {
		data[i], colors[i], marks[i] = trend.Sample(t.Points, width, l.value), l.color, asciigraph.DefaultCharSet
		if l.mark != "" {
			marks[i] = asciigraph.CreateCharSet(l.mark)
		}
		for _, v := range data[i] {
			if !math.IsNaN(v) {
				low, high = min(low, v), max(high, v)
			}
		}
	}
	low, high = chartBounds(low, high)
	options := []asciigraph.Option{
		asciigraph.Height(chartHeight), asciigraph.LowerBound(low), asciigraph.UpperBound(high), asciigraph.SeriesChars(marks...),
		asciigraph.YAxisValueFormatter(func(v float64) string { return fmt.Sprintf("%5.1f%%", v) }),
	}
	if p.Color {
		options = append(options, asciigraph.SeriesColors(colors...))
	}
	for row := range strings.Lines(asciigraph.PlotMany(data, options...)) {
		p.printf("%s\n", strings.TrimRight(row, " \n"))
	}
	from, to := onDay(t.Points[0].At), onDay(t.Points[len(t.Points)-1].At)
	p.printf("%s%s%s\n", strings.Repeat(" ", labels), pad(from, width-len(to)), to)
	p.legend(lines, labels)
}

// chartLines returns the lines of a trend. The last ones are drawn over the others.
func chartLines(t *trend.Trend) []plotted {
	var lines []plotted
	if c := t.Comparison; c != nil {
		lines = append(lines, plotted{clip(clean(c.Cohort), 30), "·", asciigraph.Cyan, func(p trend.Point) float64 {
			if p.Mean == nil {
				return math.NaN()
			}
			return p.Mean.Float()
		}})
	}
	if g := t.Goal; g != nil {
		lines = append(lines, plotted{"goal", "╌", asciigraph.Green, func(trend.Point) float64 { return g.Percent.Float() }})
	}
	return append(lines, plotted{"score", "", asciigraph.Default, func(p trend.Point) float64 { return p.Percent.Float() }})
}

// chartBounds returns whole percentages around the least and the greatest value, with room for the marks of the axis.
func chartBounds(low, high float64) (float64, float64) {
	low, high = math.Floor(low), math.Ceil(high)
	const least = 2 // percent
	if high-low < least {
		low = max(0, low-1)
		high = min(score.Full.Float(), low+least)
		low = min(low, high-least)
	}
	return low, high
}

// legend says which line is which, the first one the score.
func (p *printer) legend(lines []plotted, indent int) {
	var texts []string
	for i := len(lines) - 1; i >= 0; i-- {
		mark := lines[i].mark
		if mark == "" {
			mark = "─"
		}
		texts = append(texts, strings.Repeat(mark, 2)+" "+lines[i].name)
	}
	p.hang(strings.Repeat(" ", indent), strings.Join(texts, ", "), p.faint)
}
