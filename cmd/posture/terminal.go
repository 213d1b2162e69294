package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"

	"github.com/posture-score/posture/internal/report"
)

// terminal is the streams of one run.
type terminal struct {
	in       io.Reader
	out, err io.Writer
}

func (t terminal) style() report.Style { return style(t.out) }

// style is how text for people is written to a stream.
func style(w io.Writer) report.Style { return report.Style{Color: color(w), Width: width(w)} }

// color says whether a stream wants ANSI colors: it is a terminal, and the user has not said no (https://no-color.org).
func color(w io.Writer) bool {
	return isTerminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// width is how many columns a terminal has; 0 if it is none, or doesn't say.
func width(w io.Writer) int {
	file, ok := w.(*os.File)
	if !ok || !isTerminal(w) {
		return 0
	}
	columns, _, err := term.GetSize(int(file.Fd()))
	if err != nil {
		return 0
	}
	return columns
}

// say tells the user something beside the output.
func (t terminal) say(format string, args ...any) { report.Message(t.err, format, args...) }

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// redraw is how long what a terminal shows of progress stays, at least: evidence is read in thousands of parts a second.
const redraw = 100 * time.Millisecond

// progress returns a function that shows on a terminal how far reading is, and nothing in a pipe. The second one clears it.
func (t terminal) progress() (show func(dataset string, records int64), clear func()) {
	if !isTerminal(t.err) {
		return nil, func() {}
	}
	show = func(dataset string, records int64) {
		fmt.Fprintf(t.err, "\r\x1b[Kreading %s: %d records", dataset, records)
	}
	return sparsely(redraw, time.Now, show), func() { fmt.Fprint(t.err, "\r\x1b[K") }
}

// counting is progress of a work that is counted in pieces of that name.
func (t terminal) counting(name string) (show func(done, all int), clear func()) {
	if !isTerminal(t.err) {
		return nil, func() {}
	}
	draw := sparsely(redraw, time.Now, func(text string, _ int64) { fmt.Fprint(t.err, "\r\x1b[K"+text) })
	show = func(done, all int) { draw(fmt.Sprintf("%d of %d %s", done, all, name), 0) }
	return show, func() { fmt.Fprint(t.err, "\r\x1b[K") }
}

// sparsely leaves out calls of a function that come less than a pause after the last one that was made.
func sparsely(pause time.Duration, now func() time.Time, show func(string, int64)) func(string, int64) {
	var last time.Time
	return func(dataset string, records int64) {
		if at := now(); last.IsZero() || at.Sub(last) >= pause {
			last = at
			show(dataset, records)
		}
	}
}
