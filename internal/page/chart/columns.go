package chart

import (
	"github.com/posture-score/posture/internal/score"
)

// Columns is a chart of what was gained and lost in periods: gains above a line, losses below it, each stacked by kind.
type Columns struct {
	About
	Unit  Unit
	Head  string // what a column is of, such as Month
	Kinds []Kind
	Rows  []Column // in the order of their times; the last 400 are shown
}

// Column is one period.
type Column struct {
	Label  string // in full
	Short  string // for the axis
	Values []score.Delta
}

const maxColumns = 400

// Figure computes the geometry.
func (c Columns) Figure() *Figure {
	f := &Figure{About: c.About, Kind: "columns"}
	rows := c.Rows[max(0, len(c.Rows)-maxColumns):]
	if len(rows) == 0 {
		f.Empty = "No values in this time."
		return f
	}
	if more := len(c.Rows) - len(rows); more > 0 {
		f.Table.Note = "Without the first " + Points.value(int64(more)*100) + "."
	}
	low, high := int64(0), int64(0)
	f.Table.Head = []string{c.Head}
	for _, row := range rows {
		gained, lost := c.sums(row)
		low, high = min(low, lost), max(high, gained)
		f.Table.Rows = append(f.Table.Rows, c.texts(row, gained+lost))
	}
	up := fitted(low, high, c.Unit)
	f.Plot = &plot{Height: height, Columns: columns, Lines: lines, Rules: up.rules(c.Unit), Ticks: names(rows)}
	for i, d := range c.stacks(rows, up) {
		f.Legend = append(f.Legend, key{Name: c.Kinds[i].Name, Class: c.Kinds[i].Class})
		f.Table.Head = append(f.Table.Head, c.Kinds[i].Name)
		if d != "" {
			f.Plot.Paths = append(f.Plot.Paths, path{"chart-column chart-" + c.Kinds[i].Class, d})
		}
	}
	f.Table.Head = append(f.Table.Head, "Change")
	return f
}

// fitted returns an axis that has 0 on it.
func fitted(low, high int64, unit Unit) scale {
	if low == 0 && high == 0 {
		high = least
	}
	return fit(min(low, max(0, high-least)), max(high, min(0, low+least)), unit, 5, least)
}

// value returns a number of a column, or 0.
func (c Column) value(kind int) int64 {
	if kind >= len(c.Values) {
		return 0
	}
	return bounded(c.Values[kind])
}

func (c Columns) sums(row Column) (gained, lost int64) {
	for i := range c.Kinds {
		value := row.value(i)
		gained, lost = gained+max(0, value), lost+min(0, value)
	}
	return gained, lost
}

func (c Columns) texts(row Column, change int64) []string {
	texts := []string{row.Label}
	for i := range c.Kinds {
		texts = append(texts, c.Unit.change(row.value(i)))
	}
	return append(texts, c.Unit.change(change))
}

// stacks returns a path for each kind.
func (c Columns) stacks(rows []Column, up scale) []string {
	paths := make([][]byte, len(c.Kinds))
	for at, row := range rows {
		left, right := columns*(at*8+1)/(len(rows)*8), columns*(at*8+7)/(len(rows)*8)
		var gained, lost int64
		for kind := range c.Kinds {
			value := row.value(kind)
			sum := &gained
			if value < 0 {
				sum = &lost
			}
			from, to := up.y(*sum, lines), up.y(*sum+value, lines)
			*sum += value
			if from != to {
				paths[kind] = box(paths[kind], left, min(from, to), max(1, right-left), max(from, to)-min(from, to))
			}
		}
	}
	texts := make([]string, len(paths))
	for i, d := range paths {
		texts[i] = string(d)
	}
	return texts
}

// names returns the labels of columns, as many as there is room for.
func names(rows []Column) []tick {
	every := (len(rows) + maxTicks - 1) / maxTicks
	var list []tick
	for i := 0; i < len(rows); i += every {
		number := len(list)
		list = append(list, tick{
			X: across(columns * (2*i + 1) / (2 * len(rows))), Label: rows[i].Short, Anchor: "middle", Minor: number%2 != 0 && len(rows) > maxTicks/2,
		})
	}
	return list
}
