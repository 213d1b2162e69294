package main

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/term"
)

// progress is one line on a terminal that says what goes on, and nothing anywhere else.
type progress struct {
	w io.Writer // nil: no output
}

func newProgress(w io.Writer) *progress {
	if file, ok := w.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		return &progress{w: w}
	}
	return &progress{}
}

// erase goes back to the start of the line and clears it.
const erase = "\r\x1b[K"

func (p *progress) say(format string, args ...any) {
	if p.w != nil {
		fmt.Fprint(p.w, erase+fmt.Sprintf(format, args...))
	}
}

func (p *progress) end() {
	if p.w != nil {
		fmt.Fprint(p.w, erase)
	}
}
