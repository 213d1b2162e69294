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

// Message writes a line to standard error. The arguments may be foreign text.
func Message(w io.Writer, format string, args ...any) {
	// There is no other stream to report an error of this one on.
	_, _ = fmt.Fprintf(w, "posture: %s\n", lines(fmt.Sprintf(format, args...)))
}

// Clean returns foreign text that is safe to print.
func Clean(text string) string { return lines(text) }

// ErrorText returns the text of an error that ended the program. A file error names the file, without the system call.
func ErrorText(err error) string {
	text := err.Error()
	var path *fs.PathError
	if errors.As(err, &path) {
		name := path.Path
		if name == "" {
			name = `""`
		}
		text = strings.Replace(text, path.Error(), name+": "+path.Err.Error(), 1)
	}
	return text
}

// Problems writes the problems of a catalog with their lines of source. Lines are not wrapped if the style has no width.
func Problems(w io.Writer, problems *catalog.Problems, style Style) error {
	var text bytes.Buffer
	if err := problems.Write(&text, uint(max(style.Width, 0)), false); err != nil {
		return err
	}
	safe := lines(text.String())
	// A source with control characters is shown without colors, since those could not be told apart.
	if style.Color && safe == text.String() {
		return problems.Write(w, uint(max(style.Width, 0)), true)
	}
	_, err := io.WriteString(w, safe)
	return err
}
