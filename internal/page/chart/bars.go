package chart

import (
	"slices"

	"github.com/posture-score/posture/internal/score"
)

// Bars is a chart of stacked bars, one below the other, each a share of its own total.
type Bars struct {
	About
	Unit  Unit
	Head  string // what a bar is of, such as Category
	Kinds []Kind // of the parts, in the order in which they are stacked
	Rows  []Bar  // at most 500
	Sum   string // what the total of a bar is called
	Value string // what the text at the end of a bar is called
}

// Kind is a kind of parts.
type Kind struct {
	Name, Class string // the class is for the style sheet: achieved, planned, possible, other
}

// Bar is one of several bars.
type Bar struct {
	Label string // may come from anywhere
	Link  string // may be empty
	Parts []score.Points
	Total score.Points
	Text  string // at its end, such as a percentage
}

const maxBars = 500

// Figure computes the geometry.
func (b Bars) Figure() *Figure {
	f := &Figure{About: b.About, Kind: "bars", Heads: [2]string{b.Head, b.Value}}
	f.Table.Head = []string{b.Head}
	for _, kind := range b.Kinds {
		f.Legend = append(f.Legend, key{Name: kind.Name, Class: kind.Class})
		f.Table.Head = append(f.Table.Head, kind.Name)
	}
	f.Table.Head = append(f.Table.Head, b.Sum, b.Value)
	if len(b.Rows) == 0 {
		f.Empty, f.Legend = "Nothing to show.", nil
		return f
	}
	for _, bar := range b.Rows[:min(len(b.Rows), maxBars)] {
		r, cells := b.row(bar)
		f.Rows = append(f.Rows, r)
		f.Table.Rows = append(f.Table.Rows, slices.Concat([]string{bar.Label}, cells, []string{b.Unit.value(bounded(bar.Total)), bar.Text}))
	}
	if more := len(b.Rows) - len(f.Rows); more > 0 {
		f.Table.Note = "Without the last " + Points.value(int64(more)*100) + "."
	}
	return f
}

// row returns a bar and the texts of its parts. Parts beyond the total are cut off, and negative ones are not drawn.
func (b Bars) row(bar Bar) (r row, cells []string) {
	total := bounded(bar.Total)
	r = row{Label: bar.Label, Link: bar.Link, Class: "bar", Value: bar.Text}
	sum, left := int64(0), 0
	for i, kind := range b.Kinds {
		value := int64(0)
		if i < len(bar.Parts) {
			value = bounded(bar.Parts[i])
		}
		cells = append(cells, b.Unit.value(value))
		r.Note += kind.Name + " " + b.Unit.value(value) + ", "
		if sum += max(0, value); total <= 0 {
			continue
		}
		right := int((min(sum, total)*columns*2 + total) / (2 * total))
		if right > left {
			r.Parts = append(r.Parts, part{across(left), across(right - left), kind.Class})
		}
		left = right
	}
	r.Note += "of " + b.Unit.value(total)
	return r, cells
}
