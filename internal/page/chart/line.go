package chart

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/posture-score/posture/internal/score"
)

// Line is a chart of values over time.
type Line struct {
	About
	Unit     Unit
	From, To time.Time // what is shown; the first and the last point if they are zero
	Series   []Series  // the first is what the chart is about; the others are drawn beneath it
	Levels   []Level
	Bands    []Band
	Markers  []Marker
	Rows     int // of the table at most; 60 if it is 0
}

// Series is a line.
type Series struct {
	Name   string
	Class  string // for the style sheet: score, planned, licensed, achievable, mean, goal
	Points []Point
}

// Point is a value at a time.
type Point struct {
	At      time.Time
	Value   score.Points // hundredths of a point, or of a percent
	Missing bool         // there is no value: the line has a gap
}

// Level is a horizontal line, such as a goal.
type Level struct {
	Name, Class string
	Value       score.Points
}

// Band is a zone between two values.
type Band struct {
	Name, Class string
	From, To    score.Points
}

// Marker is something that happened.
type Marker struct {
	At   time.Time
	Text string // may come from anywhere
	Link string // may be empty
}

// moment is a point in whole numbers.
type moment struct {
	at, value int64
	missing   bool
}

// Figure computes the geometry.
func (l Line) Figure() *Figure {
	f := &Figure{About: l.About, Kind: "line"}
	series := make([][]moment, len(l.Series))
	for i, s := range l.Series {
		series[i] = moments(s.Points)
	}
	over, ok := l.within(series)
	if !ok {
		f.Empty = "No values in this time."
		return f
	}
	for i := range series {
		series[i] = slices.DeleteFunc(series[i], func(m moment) bool { return m.at < over.from || m.at > over.to })
	}
	low, high, known := l.extent(series)
	if !known {
		f.Empty = "No values in this time."
		return f
	}
	up := fit(low, high, l.Unit, 5, least)
	f.Plot = &plot{Height: height, Columns: columns, Lines: lines, Bands: bands(l.Bands, up), Rules: up.rules(l.Unit), Ticks: over.ticks()}
	f.levels(l, up)
	for i := len(l.Series) - 1; i >= 0; i-- {
		if d := draw(series[i], over, up); d != "" {
			f.Plot.Paths = append(f.Plot.Paths, path{"chart-line chart-" + l.Series[i].Class, d})
		}
	}
	f.Legend = append(legend(l, series), f.Legend...)
	f.Table = tabulate(l, series)
	f.happened(l.Markers, over)
	return f
}

// moments returns points in the order of their times.
func moments(points []Point) []moment {
	list := make([]moment, len(points))
	for i, p := range points {
		list[i] = moment{seconds(p.At), bounded(p.Value), p.Missing}
	}
	slices.SortStableFunc(list, func(a, b moment) int { return cmp.Compare(a.at, b.at) })
	return list
}

// seconds returns a time within the years 1 to 9999.
func seconds(t time.Time) int64 {
	return max(time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).Unix(), min(time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC).Unix(), t.Unix()))
}

// within returns the time that is shown; ok is false if there is none.
func (l Line) within(series [][]moment) (over span, ok bool) {
	for _, list := range series {
		if len(list) == 0 {
			continue
		}
		first, last := list[0].at, list[len(list)-1].at
		if !ok {
			over, ok = span{first, last}, true
		}
		over = span{min(over.from, first), max(over.to, last)}
	}
	if !l.From.IsZero() {
		over.from = seconds(l.From)
	}
	if !l.To.IsZero() {
		over.to = seconds(l.To)
	}
	return over, ok && over.from <= over.to
}

// extent returns the least and the greatest value; known is false if there is none.
func (l Line) extent(series [][]moment) (low, high int64, known bool) {
	low, high = most, -most
	for _, list := range series {
		for _, m := range list {
			if !m.missing {
				low, high, known = min(low, m.value), max(high, m.value), true
			}
		}
	}
	for _, level := range l.Levels {
		low, high = min(low, bounded(level.Value)), max(high, bounded(level.Value))
	}
	return low, high, known
}

// bands returns the zones that are within the axis.
func bands(list []Band, up scale) []band {
	var shown []band
	for _, b := range list {
		from, to := up.y(bounded(b.From), height), up.y(bounded(b.To), height)
		if tall := from - to; tall > 0 {
			shown = append(shown, band{Name: b.Name, Class: b.Class, Y: to, Height: tall, At: to + min(14, tall-2)})
		}
	}
	return shown
}

// levels adds horizontal lines.
func (f *Figure) levels(l Line, up scale) {
	for _, level := range l.Levels {
		y := up.y(bounded(level.Value), lines)
		f.Plot.Paths = append(f.Plot.Paths, path{"chart-line chart-" + level.Class, string(trace(nil, []vertex{{0, y}, {columns, y}}))})
		f.Legend = append(f.Legend, key{level.Name, level.Class, l.Unit.value(bounded(level.Value)), true})
	}
}

// draw returns the path of a line: one part between any two gaps.
func draw(list []moment, over span, up scale) string {
	width := 1
	if len(list) > columns {
		width = 4
	}
	var d []byte
	var run []vertex
	for _, m := range list {
		if m.missing {
			d, run = trace(d, straight(thin(run, width))), nil
			continue
		}
		run = append(run, vertex{over.x(m.at), up.y(m.value, lines)})
	}
	return string(trace(d, straight(thin(run, width))))
}

// legend names the series, each with its last value.
func legend(l Line, series [][]moment) []key {
	var keys []key
	for i, s := range l.Series {
		k := key{Name: s.Name, Class: s.Class, Line: true}
		for _, m := range slices.Backward(series[i]) {
			if !m.missing {
				k.Value = l.Unit.value(m.value)
				break
			}
		}
		if k.Value != "" {
			keys = append(keys, k)
		}
	}
	return keys
}

// tabulate returns the last values of each hour, day, week, month or year: the shortest of which the table has room for.
func tabulate(l Line, series [][]moment) Table {
	most := cmp.Or(max(0, l.Rows), 60)
	var times []int64
	for _, list := range series {
		for _, m := range list {
			times = append(times, m.at)
		}
	}
	slices.Sort(times)
	times = slices.Compact(times)
	begin, note, rows := shortest(times, most)
	t := Table{Note: note, Head: []string{"Date"}}
	if len(rows) > most {
		rows = rows[len(rows)-most:]
		t.Note = "The last of many rows. " + note
	}
	hours := note == "" && len(calendar{days: 1}.periods(times)) < len(times)
	at := map[int64]int{}
	for i, row := range rows {
		at[row] = i
		t.Rows = append(t.Rows, make([]string, 1+len(series)))
	}
	for column, list := range series {
		t.Head = append(t.Head, l.Series[column].Name)
		for _, m := range list {
			row, shown := at[begin(m.at)]
			if !shown {
				continue
			}
			t.Rows[row][0] = max(t.Rows[row][0], written(m.at, hours))
			if t.Rows[row][1+column] = ""; !m.missing {
				t.Rows[row][1+column] = l.Unit.value(m.value)
			}
		}
	}
	return t
}

// written writes a time: with its hour where several are in a day.
func written(at int64, hours bool) string {
	if hours {
		return time.Unix(at, 0).UTC().Format("2006-01-02 15:04")
	}
	return day(time.Unix(at, 0))
}

// shortest returns the shortest period of which there are not more than so many, or the longest one.
func shortest(times []int64, most int) (begin func(int64) int64, note string, begins []int64) {
	for _, p := range []struct {
		note string
		calendar
	}{
		{"", calendar{}},
		{"One row for each day: its last values.", calendar{days: 1}},
		{"One row for each week: its last values.", calendar{days: 7}},
		{"One row for each month: its last values.", calendar{months: 1}},
		{"One row for each year: its last values.", calendar{months: 12}},
	} {
		begin, note, begins = p.period(), p.note, p.periods(times)
		if len(begins) <= most {
			break
		}
	}
	return begin, note, begins
}

// period returns a function that returns the begin of a time's period. That of no calendar is the time itself.
func (c calendar) period() func(int64) int64 {
	return func(at int64) int64 {
		if c == (calendar{}) {
			return at
		}
		begin, _ := c.begin(time.Unix(at, 0).UTC())
		return begin.Unix()
	}
}

// periods returns the begins of the periods of times.
func (c calendar) periods(times []int64) []int64 {
	var begins []int64
	begin := c.period()
	for _, at := range times {
		if b := begin(at); len(begins) == 0 || begins[len(begins)-1] != b {
			begins = append(begins, b)
		}
	}
	return begins
}

const (
	maxEvents = 200
	// apart is how far links to events are from each other: 24 pixels where the plot is 290 pixels wide.
	apart = 84
)

// happened adds what happened in the time that is shown: a list, and links to it below the axis.
func (f *Figure) happened(markers []Marker, over span) {
	list := slices.Clone(markers)
	list = slices.DeleteFunc(list, func(m Marker) bool { at := seconds(m.At); return at < over.from || at > over.to })
	slices.SortStableFunc(list, func(a, b Marker) int { return a.At.Compare(b.At) })
	begin := -2 * apart // of the last link
	for i, m := range list {
		x := over.x(seconds(m.At))
		if notch := across(x); len(f.Plot.Notches) == 0 || f.Plot.Notches[len(f.Plot.Notches)-1] != notch {
			f.Plot.Notches = append(f.Plot.Notches, notch)
		}
		if i < maxEvents {
			f.Events = append(f.Events, event{day(m.At), m.Text, m.Link})
		} else {
			f.More++
		}
		if x-begin >= apart {
			begin = x
			f.Plot.Lane = append(f.Plot.Lane, mark{X: across(x), Text: day(m.At) + ": " + m.Text, Link: cmp.Or(m.Link, "#"+f.ID+"-data"), Count: 1})
			continue
		}
		last := &f.Plot.Lane[len(f.Plot.Lane)-1]
		last.Count++
		last.Text, last.Link = strconv.Itoa(last.Count)+" events from "+f.first(last, i)+" to "+day(m.At), "#"+f.ID+"-data"
	}
}

// first returns the day of the first event of a mark whose last one has an index.
func (f *Figure) first(m *mark, last int) string {
	if at := last - m.Count + 1; at < len(f.Events) {
		return f.Events[at].Day
	}
	return f.Events[len(f.Events)-1].Day
}
