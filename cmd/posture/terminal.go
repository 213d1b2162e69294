package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"golang.org/x/term"

	"github.com/posture-score/posture/internal/report"
)

// terminal is the streams of one run.
type terminal struct {
	in       io.Reader
	out, err io.Writer
	logs     *logs // nil is those of no flags
}

func (t terminal) style() report.Style { return style(t.out) }

// style returns how text for people is written to a stream.
func style(w io.Writer) report.Style { return report.Style{Color: color(w), Width: width(w)} }

// color reports whether a stream takes ANSI colors: it is a terminal, and the user has not disabled them (https://no-color.org).
func color(w io.Writer) bool {
	return isTerminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// width returns the number of columns of a terminal; 0 if the stream is not a terminal, or its width is unknown.
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

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// logged is the least time between two objects about the progress in a log.
const logged = time.Second

// redraw is the least time between two updates of the progress: evidence is read in thousands of parts a second.
const redraw = 100 * time.Millisecond

// progress returns functions that show on a terminal how many records were read, and that clear it. In a pipe they do nothing. A log in JSON
// gets an object now and then.
func (t terminal) progress() (show func(dataset string, records int64), clear func()) {
	if t.json() {
		return sparsely(logged, time.Now, func(dataset string, records int64) {
			t.log(slog.LevelInfo, "reading", slog.String("dataset", dataset), slog.Int64("records", records))
		}), func() {}
	}
	if !isTerminal(t.err) {
		return nil, func() {}
	}
	show = func(dataset string, records int64) {
		fmt.Fprintf(t.err, "\r\x1b[Kreading %s: %d records", dataset, records)
	}
	return sparsely(redraw, time.Now, show), func() { fmt.Fprint(t.err, "\r\x1b[K") }
}

// counting is progress of work that is counted in items of that name.
func (t terminal) counting(name string) (show func(done, all int), clear func()) {
	if t.json() {
		write := sparsely(logged, time.Now, func(text string, _ int64) { t.log(slog.LevelInfo, text) })
		return func(done, all int) { write(fmt.Sprintf("%d of %d %s", done, all, name), 0) }, func() {}
	}
	if !isTerminal(t.err) {
		return nil, func() {}
	}
	draw := sparsely(redraw, time.Now, func(text string, _ int64) { fmt.Fprint(t.err, "\r\x1b[K"+text) })
	show = func(done, all int) { draw(fmt.Sprintf("%d of %d %s", done, all, name), 0) }
	return show, func() { fmt.Fprint(t.err, "\r\x1b[K") }
}

// sparsely returns a function that skips calls within a pause after the last one that it made.
func sparsely(pause time.Duration, now func() time.Time, show func(string, int64)) func(string, int64) {
	var last time.Time
	return func(dataset string, records int64) {
		if at := now(); last.IsZero() || at.Sub(last) >= pause {
			last = at
			show(dataset, records)
		}
	}
}
