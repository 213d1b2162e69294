package chart

import "github.com/posture-score/posture/internal/score"

// Bridge is a chart of the way from an old to a new value, cause by cause. What the causes do not explain is always a step of its own.
type Bridge struct {
	About
	Unit     Unit
	From, To Total
	Steps    []Step
}

// Total is the value at an end of a bridge.
type Total struct {
	Label string
	Value score.Points // hundredths of a point, or of a percent
}

// Step is what one cause changed.
type Step struct {
	Label string // may come from anywhere
	Link  string // may be empty
	Value score.Delta
}

// maxSteps is how many steps a bridge draws; the others are summed up in one.
const maxSteps = 40

// Figure computes the geometry.
func (b Bridge) Figure() *Figure {
	f := &Figure{About: b.About, Kind: "bridge", Heads: [2]string{"Cause", "Change"}}
	from, to := bounded(b.From.Value), bounded(b.To.Value)
	steps := b.steps(to - from)
	low, high := min(from, to), max(from, to)
	at := from
	for _, s := range steps {
		at += int64(s.Value)
		low, high = min(low, at), max(high, at)
	}
	over := fit(low, high, b.Unit, 10, 10)
	x := func(value int64) int { return columns - over.y(value, columns) }
	end := func(total Total, value int64) row {
		return row{
			Label: total.Label, Class: "total", Value: b.Unit.value(value), Note: b.Unit.value(value),
			Guides: []string{across(x(value))},
		}
	}
	f.Table.Head = []string{"Cause", "Change", "Value after"}
	f.Rows = append(f.Rows, end(b.From, from))
	f.Table.Rows = append(f.Table.Rows, []string{b.From.Label, "", b.Unit.value(from)})
	at = from
	for _, s := range steps {
		before := at
		at += int64(s.Value)
		r := row{Label: s.Label, Link: s.Link, Class: tone(s.Value), Value: b.Unit.change(int64(s.Value))}
		r.Note = r.Value + ": from " + b.Unit.value(before) + " to " + b.Unit.value(at)
		left, right := x(min(before, at)), x(max(before, at))
		r.Guides = []string{across(x(before))}
		if before != at {
			r.Parts = []part{{across(left), across(max(right-left, 2)), r.Class}}
			r.Guides = append(r.Guides, across(x(at)))
		}
		f.Rows = append(f.Rows, r)
		f.Table.Rows = append(f.Table.Rows, []string{s.Label, r.Value, b.Unit.value(at)})
	}
	f.Rows = append(f.Rows, end(b.To, to))
	f.Table.Rows = append(f.Table.Rows, []string{b.To.Label, b.Unit.change(to - from), b.Unit.value(to)})
	return f
}

// steps returns the steps, of which there are not too many, with what they leave of the change.
func (b Bridge) steps(change int64) []Step {
	var steps []Step
	others := Step{Label: "Other causes"}
	sum := int64(0)
	for i, s := range b.Steps {
		s.Value = score.Delta(bounded(s.Value))
		sum += int64(s.Value)
		if i >= maxSteps-1 && len(b.Steps) > maxSteps {
			others.Value += s.Value
			continue
		}
		steps = append(steps, s)
	}
	if len(b.Steps) > maxSteps {
		steps = append(steps, others)
	}
	return append(steps, Step{Label: "Not explained", Value: score.Delta(change - sum)})
}

// tone says whether a change is a gain or a loss.
func tone(d score.Delta) string {
	switch {
	case d > 0:
		return "gain"
	case d < 0:
		return "loss"
	}
	return "same"
}
