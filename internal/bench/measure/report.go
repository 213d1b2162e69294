package measure

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// Report is everything that was measured, to be printed.
type Report struct {
	Head     []string // lines about how it was measured
	Sections []Section
	Growth   []Growth
	Budgets  []Budget
}

// Section is a table of programs that did the same.
type Section struct {
	Title   string
	Columns []string // of ratios, after CPU and memory
	Rows    []Row
}

// Row is one program.
type Row struct {
	Name   string
	Series Series
	Ratios []string
}

// Write prints the report as plain text.
func (r Report) Write(w io.Writer) error {
	out := &printer{w: w}
	for _, line := range r.Head {
		out.line(line)
	}
	for _, section := range r.Sections {
		out.line("")
		out.section(section)
	}
	if len(r.Growth) > 0 {
		out.line("")
		out.growth(r.Growth)
	}
	if len(r.Budgets) > 0 {
		out.line("")
		out.budgets(r.Budgets)
	}
	return out.err
}

// printer keeps the first error.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(text string) {
	if p.err == nil {
		_, p.err = fmt.Fprintln(p.w, text)
	}
}

// table prints rows whose cells end with tabs, aligned.
func (p *printer) table(fill func(w io.Writer)) {
	if p.err != nil {
		return
	}
	aligned := tabwriter.NewWriter(p.w, 0, 0, 3, ' ', 0)
	fill(aligned)
	p.err = aligned.Flush()
}

func (p *printer) section(s Section) {
	p.table(func(w io.Writer) {
		fmt.Fprintf(w, "%s\tCPU s\tpeak RSS MiB", s.Title)
		for _, column := range s.Columns {
			fmt.Fprintf(w, "\t%s", column)
		}
		fmt.Fprintln(w)
		for _, row := range s.Rows {
			fmt.Fprintf(w, "  %s\t%s\t%s", row.Name, row.Series.CPU().text(2), row.Series.RSS().text(0))
			for _, ratio := range row.Ratios {
				fmt.Fprintf(w, "\t%s", ratio)
			}
			fmt.Fprintln(w)
		}
	})
}

func (p *printer) budgets(budgets []Budget) {
	p.table(func(w io.Writer) {
		fmt.Fprintln(w, "Budgets\tat most\tmeasured\tverdict")
		for _, b := range budgets {
			fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", b.What, b.Show(b.Limit), b.Show(b.Got), b.Verdict())
		}
	})
}

// text writes the median with n decimals, and the spread of the numbers.
func (s Spread) text(decimals int) string {
	return fmt.Sprintf("%.*f (%.*f to %.*f)", decimals, s.Median, decimals, s.Low, decimals, s.High)
}
