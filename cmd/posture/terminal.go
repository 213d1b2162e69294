package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/term"

	"github.com/posture-score/posture/internal/replace"
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

// progress returns a function that shows on a terminal how far reading is, and nothing in a pipe. The second one clears it.
func (t terminal) progress() (show func(dataset string, records int64), clear func()) {
	if !isTerminal(t.err) {
		return nil, func() {}
	}
	show = func(dataset string, records int64) {
		fmt.Fprintf(t.err, "\r\x1b[Kreading %s: %d records", dataset, records)
	}
	return show, func() { fmt.Fprint(t.err, "\r\x1b[K") }
}

// write gives what the function writes to a file, or to standard output if the name is empty.
func (t terminal) write(name string, write func(io.Writer, report.Style) error) error {
	if name == "" {
		return write(t.out, t.style())
	}
	var text bytes.Buffer
	if err := write(&text, report.Style{}); err != nil {
		return err
	}
	if err := overwrite(name, text.Bytes()); err != nil {
		return fmt.Errorf("writing %s: %w", name, replace.Bare(err))
	}
	return nil
}

// overwrite puts a text into a file as a whole or not at all; a link to it stays one, and its mode stays as it is. What is no file,
// such as a pipe or a device, is written to.
func overwrite(name string, text []byte) error {
	mode := fs.FileMode(0o644)
	switch info, err := os.Stat(name); {
	case err == nil && info.IsDir():
		return errors.New("it is a folder: name a file")
	case err == nil && !info.Mode().IsRegular():
		return os.WriteFile(name, text, mode)
	case err == nil:
		mode = info.Mode().Perm()
	}
	if real, err := filepath.EvalSymlinks(name); err == nil {
		name = real
	}
	return replace.File(name, text, mode)
}
