package main

import (
	"cmp"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/posture-score/posture/internal/report"
)

// terminal is the streams of one run, and how text for people looks on them.
type terminal struct {
	in       io.Reader
	out, err io.Writer
	logs     *logs // nil is those of no flags
	look     *look // nil until the flags are read
}

// look is what the flags of every command say about text for people.
type look struct {
	color   string // auto, always or never
	wide    bool   // tables as wide as what they hold
	columns int    // of the screen; 0 for those of the terminal
}

// The words of --color.
const (
	colorAuto   = "auto"
	colorAlways = "always"
	colorNever  = "never"
)

func (l *look) register(flags *pflag.FlagSet) {
	registerChoice(flags, &l.color, "color", colorAuto, []string{colorAuto, colorAlways, colorNever}, "color text `WHEN`: auto, always or never")
	flags.BoolVar(&l.wide, "wide", false, "on a terminal, don't cut tables to its width")
}

func (t terminal) style() report.Style { return t.styled(t.out) }

// styled returns how text for people is written to a stream.
func (t terminal) styled(w io.Writer) report.Style {
	l := look{color: colorAuto}
	if t.look != nil {
		l = *t.look
	}
	style := report.Style{Wide: l.wide, Width: l.columns}
	screen := isTerminal(w)
	style.Color = l.colors(screen)
	if screen {
		style.ASCII = !utf8Locale()
		style.Width = cmp.Or(l.columns, width(w))
	}
	return style
}

// colors reports whether a stream takes ANSI colors. The flag overrides NO_COLOR (https://no-color.org), which overrides CLICOLOR_FORCE
// and CLICOLOR (https://bixense.com/clicolors); without them a terminal has colors, unless it is dumb.
func (l *look) colors(screen bool) bool {
	forced := os.Getenv("CLICOLOR_FORCE")
	switch {
	case l.color == colorAlways, l.color == colorNever:
		return l.color == colorAlways
	case os.Getenv("NO_COLOR") != "":
		return false
	case forced != "" && forced != "0":
		return true
	}
	return screen && !dumb() && os.Getenv("CLICOLOR") != "0"
}

// dumb reports whether the terminal only takes lines of text.
func dumb() bool { return os.Getenv("TERM") == "dumb" }

// utf8Locale reports whether the locale takes UTF-8: one that says nothing does, since that is no POSIX system, or a container.
func utf8Locale() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} { // in the order of POSIX
		if value := os.Getenv(name); value != "" {
			value = strings.ToLower(value)
			return strings.Contains(value, "utf-8") || strings.Contains(value, "utf8")
		}
	}
	return true
}

// usualColumns is how wide a terminal is that does not say so.
const usualColumns = 80

// width returns the number of columns of a terminal.
func width(w io.Writer) int {
	if file, ok := w.(*os.File); ok {
		if columns, _, err := term.GetSize(int(file.Fd())); err == nil && columns > 0 {
			return columns
		}
	}
	if columns, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && columns > 0 {
		return columns
	}
	return usualColumns
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// logged is the least time between two objects about the progress in a log.
const logged = time.Second

// clearLine takes a terminal to the beginning of its line, and clears it.
const clearLine = "\r\x1b[K"

// redraws reports whether a line of a stream can be written anew.
func redraws(w io.Writer) bool { return isTerminal(w) && !dumb() }

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
	if !redraws(t.err) {
		return nil, func() {}
	}
	show = func(dataset string, records int64) {
		noun := "records"
		if records == 1 {
			noun = "record"
		}
		fmt.Fprintf(t.err, clearLine+"reading %s: %d %s", dataset, records, noun)
	}
	return sparsely(redraw, time.Now, show), func() { fmt.Fprint(t.err, clearLine) }
}

// counting is progress of work that is counted in items of that name.
func (t terminal) counting(name string) (show func(done, all int), clear func()) {
	if t.json() {
		write := sparsely(logged, time.Now, func(text string, _ int64) { t.log(slog.LevelInfo, text) })
		return func(done, all int) { write(fmt.Sprintf("%d of %d %s", done, all, name), 0) }, func() {}
	}
	if !redraws(t.err) {
		return nil, func() {}
	}
	draw := sparsely(redraw, time.Now, func(text string, _ int64) { fmt.Fprint(t.err, clearLine+text) })
	show = func(done, all int) { draw(fmt.Sprintf("%d of %d %s", done, all, name), 0) }
	return show, func() { fmt.Fprint(t.err, clearLine) }
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
