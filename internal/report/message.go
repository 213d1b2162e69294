package report

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/posture-score/posture/engine/catalog"
)

// Message writes a line about the program's own doings, for the stream beside the output. What it quotes may be foreign.
func Message(w io.Writer, format string, args ...any) {
	// The stream is the last one that could tell of an error.
	_, _ = fmt.Fprintf(w, "posture: %s\n", lines(fmt.Sprintf(format, args...)))
}

// Error writes what ended the program, and names a file that could not be used without the call of the system that failed.
func Error(w io.Writer, err error) {
	text := err.Error()
	var path *fs.PathError
	if errors.As(err, &path) {
		name := path.Path
		if name == "" {
			name = `""`
		}
		text = strings.Replace(text, path.Error(), name+": "+path.Err.Error(), 1)
	}
	Message(w, "%s", text)
}

// Problems writes what is wrong with a catalog, with the lines of source that it is about. Without a width lines are not wrapped.
func Problems(w io.Writer, problems *catalog.Problems, style Style) error {
	var text bytes.Buffer
	if err := problems.Write(&text, uint(max(style.Width, 0)), false); err != nil {
		return err
	}
	safe := lines(text.String())
	// A source with control characters in it is shown without colors, which could not be told from its own.
	if style.Color && safe == text.String() {
		return problems.Write(w, uint(max(style.Width, 0)), true)
	}
	_, err := io.WriteString(w, safe)
	return err
}
