package evidence

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
)

// ErrNotBundle is found by errors.Is if a path or a stream is no bundle at all, rather than an invalid
// one: a folder without manifest.json, or a file that is no archive.
var ErrNotBundle = errors.New("not an evidence bundle")

// Error is an error of a bundle, with its position.
type Error struct {
	Path         string // the bundle as the user named it, and the file in it
	Record       int64  // counted from 1; 0 if it is about no record
	Offset       int64  // bytes before the position in the unpacked file; known if Line is
	Line, Column int    // counted from 1, columns in characters; 0 if unknown
	Summary      string
	Hint         string

	cause error
}

// Error returns "path:line:col: summary (record N, byte M). hint" without the parts that are not known.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Path != "" {
		b.WriteString(e.Path)
		b.WriteString(":")
	}
	if e.Line > 0 {
		fmt.Fprintf(&b, "%d:%d:", e.Line, e.Column)
	}
	if b.Len() > 0 {
		b.WriteString(" ")
	}
	b.WriteString(e.Summary)
	switch {
	case e.Record > 0 && e.Line > 0:
		fmt.Fprintf(&b, " (record %d, byte %d)", e.Record, e.Offset)
	case e.Record > 0:
		fmt.Fprintf(&b, " (record %d)", e.Record)
	case e.Line > 0:
		fmt.Fprintf(&b, " (byte %d)", e.Offset)
	}
	if e.Hint != "" {
		b.WriteString(". ")
		b.WriteString(e.Hint)
	}
	return b.String()
}

// Unwrap returns the cause, which may be nil.
func (e *Error) Unwrap() error { return e.cause }

// quote returns a foreign text escaped and shortened.
func quote(s string) string {
	const most = 100
	if len(s) <= most {
		return strconv.Quote(s)
	}
	return strconv.Quote(strings.ToValidUTF8(s[:most], "")) + "…"
}

// withoutPath removes the path from an error of the file system: it may be that of a temporary folder,
// and the error that wraps it names the file already.
func withoutPath(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		return link.Err
	}
	return err
}
