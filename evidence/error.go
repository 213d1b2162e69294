package evidence

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
)

// ErrNotBundle is what errors.Is finds when a path or a stream holds no bundle
// at all, rather than a bad one: a folder without manifest.json, or a file that
// is no archive.
var ErrNotBundle = errors.New("not an evidence bundle")

// Error says what is wrong with a bundle and where.
type Error struct {
	Path         string // the bundle as the user named it, and the file within
	Record       int64  // counted from 1; 0 if no record is meant
	Offset       int64  // bytes before the place in the unpacked file; known when Line is
	Line, Column int    // counted from 1, columns in characters; 0 if unknown
	Summary      string
	Hint         string

	cause error
}

// Error prints "path:line:col: summary (record N, byte M). hint" without the
// parts that are not known.
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

// Unwrap gives what caused the error, if anything did.
func (e *Error) Unwrap() error { return e.cause }

// Renamed gives an error whose text names a folder as the user knows it, rather
// than by the path of the temporary one that stands for it.
func Renamed(err error, path, name string) error {
	if err == nil || !strings.Contains(err.Error(), path) {
		return err
	}
	return &renamed{error: err, path: path, name: name}
}

type renamed struct {
	error
	path, name string
}

// Error is the text of the error. What comes before the path names the evidence
// already.
func (r *renamed) Error() string {
	return strings.NewReplacer(r.path+": ", "", r.path+"/", "", r.path, r.name).Replace(r.error.Error())
}

// Unwrap gives the error itself.
func (r *renamed) Unwrap() error { return r.error }

// quote shows a foreign text: escaped, and not at any length.
func quote(s string) string {
	const most = 100
	if len(s) <= most {
		return strconv.Quote(s)
	}
	return strconv.Quote(strings.ToValidUTF8(s[:most], "")) + "…"
}

// bare takes the path off an error of the file system: the path may be that of
// our temporary folder, and the error that we wrap it in names the file already.
func bare(err error) error {
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
