package chart

import (
	_ "embed"
	"fmt"
	"html/template"
	"time"

	"github.com/posture-score/posture/internal/score"
)

//go:embed chart.html
var text string

// Define adds the template "chart", which writes a [*Figure], to a set of templates.
func Define(set *template.Template) (*template.Template, error) {
	set, err := set.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("parsing the templates of charts: %w", err)
	}
	return set, nil
}

// About is what every chart says of itself.
type About struct {
	ID          string // of the figure, unique in its page; the ids of its parts begin with it
	Title       string
	Hidden      bool   // the title is for screen readers alone, since a heading says it already
	Description string // one sentence with what the chart shows; may be empty
}

// Figure is a chart with its geometry, for the template "chart".
type Figure struct {
	About
	Kind   string // line, bridge, bars or columns
	Empty  string // is said in place of a chart that has nothing to show
	Plot   *plot  // of lines and columns
	Rows   []row  // of bridges and bars
	Heads  [2]string
	Legend []key
	Table  Table
	Events []event
	More   int // events that are not named
}

// Table has the numbers of a chart.
type Table struct {
	Note string // on what a row stands for; may be empty
	Head []string
	Rows [][]string // the first text of a row names it, the others are numbers
}

// key is an entry of a legend.
type key struct {
	Name, Class string
	Value       string // the last one; may be empty
	Line        bool   // is drawn as a line and not as a box
}

// plot is the part of a chart with axes. Heights are pixels, widths percentages of the width that there is.
type plot struct {
	Height  int // pixels
	Columns int // of the coordinates of paths
	Lines   int
	Bands   []band
	Rules   []rule
	Ticks   []tick
	Paths   []path
	Notches []string // where events are, as percentages
	Lane    []mark   // links to events, below the axis
}

type band struct {
	Name, Class   string
	Y, Height, At int // At is where the name stands
}

type rule struct {
	Y, TextY int
	Label    string
	Class    string
}

type tick struct {
	X, Label, Anchor string
	Minor            bool // is left out where there is little room
}

type path struct{ Class, D string }

// mark is a link below the axis to one event, or to the list of them.
type mark struct {
	X, Text, Link, Class string
	Count                int // of the events that it stands for
}

// event is an entry of the list of events.
type event struct{ Day, Text, Link string }

// row is a line of a bridge or of bars.
type row struct {
	Label, Link, Class, Value string
	Note                      string // what the bar shows, in words
	Parts                     []part
	Guides                    []string // where vertical lines stand
}

type part struct{ X, Width, Class string }

const (
	height  = 200  // of a plot, in pixels
	columns = 1000 // coordinates of paths
	lines   = 2 * height
)

// across writes a coordinate as a percentage of the width.
func across(x int) string {
	if x%10 == 0 {
		return fmt.Sprintf("%d%%", x/10)
	}
	return fmt.Sprintf("%d.%d%%", x/10, x%10)
}

// day writes a date, in UTC.
func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// most bounds numbers: more than any score has, and so few that no arithmetic overflows.
const most = 1e14

func bounded[N score.Points | score.Delta](n N) int64 { return max(-most, min(most, int64(n))) }
