package evidence

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
)

// ErrNotBundle is found by errors.Is if a path or a stream is no bundle at all, rather than an invalid one: a folder without
// manifest.json, or a file that is no archive.
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

// Renamed returns an error whose text names a folder by the name that the user knows, instead of the path of the temporary folder
// that stands for it.
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

// Error returns the text of the error. What precedes the path names the evidence already.
func (r *renamed) Error() string {
	return strings.NewReplacer(r.path+": ", "", r.path+"/", "", r.path, r.name).Replace(r.error.Error())
}

// Unwrap returns the error itself.
func (r *renamed) Unwrap() error { return r.error }

// quote returns a foreign text escaped and shortened.
func quote(s string) string {
	const most = 100
	if len(s) <= most {
		return strconv.Quote(s)
	}
	return strconv.Quote(strings.ToValidUTF8(s[:most], "")) + "…"
}

// bare removes the path from an error of the file system: it may be that of a temporary folder, and the error that wraps it names
// the file already.
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
