package report

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// grid is rows of texts in columns under their heads. On a terminal it fits the width: texts are cut, then columns are left out, in an
// order that the columns declare. In a pipe, and with [Style.Wide], it is complete, and each row is one line.
type grid struct {
	indent  string
	columns []gridColumn
	rows    []gridRow
	widths  []int // of the columns, once the table is laid out; 0 for one that is left out
}

// gridColumn is a column of a table.
type gridColumn struct {
	head  string
	right bool // numbers: the head and the cells stand to the right
	id    bool // names that people copy: they are cut last, in the middle, and it is said how to get them whole
	least int  // the width down to which texts are cut; 0 for never
	drop  int  // which columns are left out for lack of room: those with 1 first, and never those with 0
	wraps bool // of the last column: on a terminal its texts go on below themselves
}

// gridRow is a row of a table, or a title above rows.
type gridRow struct {
	title string   // instead of cells
	cells []string // as many as the table has columns
	below []string // lines about the row, under it
	bold  bool
}

// Widths of ids that a table gives up last: first those of the few that are longer than most, then those of all.
const (
	usualID = 36
	leastID = 16
)

// leastText is the width down to which titles and the like are cut.
const leastText = 30

// leastCut is the width down to which texts are cut if nothing else is left to do.
const leastCut = 8

// belowIndent is the indentation of lines under a row.
const belowIndent = "    "

func (t *grid) add(cells ...string) { t.rows = append(t.rows, gridRow{cells: cells}) }

// below adds a line under the last row.
func (t *grid) below(text string) {
	row := &t.rows[len(t.rows)-1]
	row.below = append(row.below, text)
}

// grid prints a table, and what it had no room for.
func (p *printer) grid(t *grid) {
	if len(t.rows) == 0 {
		return
	}
	for i := range t.rows {
		for j, cell := range t.rows[i].cells {
			t.rows[i].cells[j] = p.glyphs(clean(cell))
		}
	}
	cut := t.layOut(p.room())
	p.heads(t)
	for i := range t.rows {
		row := &t.rows[i]
		if row.cells != nil {
			p.row(t, row)
			continue
		}
		if i > 0 {
			p.printf("\n")
		}
		if title := p.glyphs(clean(row.title)); columns(title) <= p.columns() {
			p.printf("%s\n", p.bold(title))
		} else {
			p.hang("", title, p.bold)
		}
	}
	p.notShown(t, cut)
}

// heads prints the heads of a table, unless none of its columns has one.
func (p *printer) heads(t *grid) {
	cells := make([]string, len(t.columns))
	for i, c := range t.columns {
		cells[i] = c.head
	}
	if slices.ContainsFunc(cells, func(head string) bool { return head != "" }) {
		p.printf("%s\n", p.bold(strings.TrimRight(t.indent+p.cells(t, cells), " ")))
	}
}

// row prints a row, what goes on below it, and the lines under it.
func (p *printer) row(t *grid, row *gridRow) {
	last := len(t.columns) - 1
	paint := plain
	if row.bold {
		paint = p.bold
	}
	if width := t.widths[last]; !t.columns[last].wraps || columns(row.cells[last]) <= width {
		p.printf("%s\n", paint(strings.TrimRight(t.indent+p.cells(t, row.cells), " ")))
	} else {
		lead := t.indent + p.cells(t, row.cells[:last]) + "  "
		for i, line := range wrap(row.cells[last], width) {
			if i > 0 {
				lead = strings.Repeat(" ", columns(lead))
			}
			p.printf("%s\n", paint(lead+line))
		}
	}
	for _, line := range row.below {
		p.hang(t.indent+belowIndent, clean(line), p.faint)
	}
}

// cells returns texts, which may be fewer than there are columns, in the columns of a table that are shown.
func (p *printer) cells(t *grid, cells []string) string {
	var line strings.Builder
	for i, text := range cells {
		width, c := t.widths[i], t.columns[i]
		if width == 0 {
			continue
		}
		if line.Len() > 0 {
			line.WriteString("  ")
		}
		if text = p.shorten(text, width, c.id); c.right {
			line.WriteString(padLeft(text, width))
		} else {
			line.WriteString(pad(text, width))
		}
	}
	return line.String()
}

// notShown says what a table had no room for, and how to get it.
func (p *printer) notShown(t *grid, cut bool) {
	var left []string
	for i, c := range t.columns {
		if t.widths[i] == 0 && c.head != "" {
			left = append(left, c.head)
		}
	}
	switch {
	case len(left) > 0 && cut:
		p.hang(t.indent, "Left out: "+strings.Join(left, ", ")+", middle of long names. --wide shows all.", p.faint)
	case len(left) > 0:
		p.hang(t.indent, "Left out: "+strings.Join(left, ", ")+". --wide shows all.", p.faint)
	case cut:
		p.hang(t.indent, "Left out: middle of long names. --wide shows all.", p.faint)
	}
}

// layOut computes the widths of the columns, so that a line takes at most so many columns of the screen. It reports whether ids are cut.
func (t *grid) layOut(most int) (cut bool) {
	t.widths = make([]int, len(t.columns))
	for i, c := range t.columns {
		t.widths[i] = max(1, columns(c.head))
		for _, row := range t.rows {
			if row.cells != nil {
				t.widths[i] = max(t.widths[i], columns(row.cells[i]))
			}
		}
	}
	natural := slices.Clone(t.widths)
	for {
		copy(t.widths, natural)
		over := t.width() - most
		over = t.shrink(over, func(c gridColumn) int { return c.least })
		if over = t.shrink(over, func(c gridColumn) int { return onlyID(c, usualID) }); over <= 0 {
			break
		}
		next := t.nextToDrop(natural)
		if next < 0 {
			over = t.shrink(over, func(c gridColumn) int { return onlyID(c, leastID) })
			over = t.shrink(over, func(c gridColumn) int { return min(c.least, leastCut) })
			t.shrink(over, func(gridColumn) int { return 1 })
			break
		}
		natural[next] = 0
	}
	for i, c := range t.columns {
		cut = cut || c.id && t.widths[i] < natural[i]
	}
	return cut
}

func onlyID(c gridColumn, width int) int {
	if c.id {
		return width
	}
	return 0
}

// width returns how many columns of the screen a line takes.
func (t *grid) width() int {
	sum := columns(t.indent) - 2
	for _, width := range t.widths {
		if width > 0 {
			sum += width + 2
		}
	}
	return sum
}

// shrink makes columns narrower, the widest first, down to a width; 0 stands for the width that they have. It returns what is still too
// much.
func (t *grid) shrink(over int, least func(gridColumn) int) int {
	for ; over > 0; over-- {
		widest := -1
		for i, c := range t.columns {
			if to := least(c); to > 0 && t.widths[i] > to && (widest < 0 || t.widths[i] > t.widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		t.widths[widest]--
	}
	return over
}

// nextToDrop returns the column that is left out next, or -1. A width of 0 is that of one that is left out already.
func (t *grid) nextToDrop(widths []int) int {
	next := -1
	for i, c := range t.columns {
		if c.drop > 0 && widths[i] > 0 && (next < 0 || cmp.Compare(c.drop, t.columns[next].drop) < 0) {
			next = i
		}
	}
	return next
}

// room returns how many columns of the screen a table may take.
func (s Style) room() int {
	if s.Width <= 0 || s.Wide {
		return math.MaxInt32
	}
	return s.columns()
}
