package measure

import (
	"fmt"
	"io"
	"math"
	"strings"
)

// Growth is what one program costs over inputs that grow in one dimension.
type Growth struct {
	Name   string   // of the dimension
	Sizes  []int    // of the inputs
	Start  Series   // over an input of size 1: what the program costs without any
	Series []Series // by size
	Most   float64  // the largest exponent that is within the budget
}

// noise is how many seconds of CPU above the start a cost has to be to say something.
const noise = 0.01

// Exponent says how the CPU time grows: as the size to the power of it. It is the slope of the
// logarithms, by least squares, of the fastest runs less the fastest start. It is 0 if too little is
// left of all costs but one.
func (g Growth) Exponent() float64 {
	var n, sumX, sumY, sumXX, sumXY float64
	for i, size := range g.Sizes {
		cost := g.Series[i].CPU().Low - g.Start.CPU().Low
		if cost < noise {
			continue
		}
		x, y := math.Log(float64(size)), math.Log(cost)
		n, sumX, sumY, sumXX, sumXY = n+1, sumX+x, sumY+y, sumXX+x*x, sumXY+x*y
	}
	spread := n*sumXX - sumX*sumX
	if n < 2 || spread == 0 {
		return 0
	}
	return (n*sumXY - sumX*sumY) / spread
}

// Budget is the exponent with its limit.
func (g Growth) Budget() Budget {
	return Budget{What: g.Name, Limit: g.Most, Got: g.Exponent(), Show: Exponent}
}

// Exponent writes an exponent.
func Exponent(e float64) string {
	if e == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", e)
}

// growth prints dimensions, with the costs of their sizes.
func (p *printer) growth(dimensions []Growth) {
	p.table(func(w io.Writer) {
		fmt.Fprintln(w, "Growth, by what the input has more of\tup to\tCPU s of the start, and of each size\tpeak RSS MiB\texponent\tat most\tverdict")
		for _, g := range dimensions {
			costs := []string{fmt.Sprintf("%.2f:", g.Start.CPU().Low)}
			for _, s := range g.Series {
				costs = append(costs, fmt.Sprintf("%.2f", s.CPU().Low))
			}
			last, b := len(g.Sizes)-1, g.Budget()
			fmt.Fprintf(w, "  %s\t%d\t%s\t%.0f\t%s\t%s\t%s\n",
				g.Name, g.Sizes[last], strings.Join(costs, " "), g.Series[last].RSS().Low, b.Show(b.Got), b.Show(b.Limit), b.Verdict())
		}
	})
}
