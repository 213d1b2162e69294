package infer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/posture-score/posture/internal/plaintext"
)

// Error is a mistake in a sample. Line and Column count from 1, columns in bytes.
type Error struct {
	Line, Column int
	Err          error
}

// Error returns the mistake with its place.
func (e *Error) Error() string {
	return fmt.Sprintf("line %d, column %d of the sample: %v", e.Line, e.Column, e.Err)
}

// Unwrap returns the mistake.
func (e *Error) Unwrap() error { return e.Err }

// lines is a reader that knows where the lines end that were not yet asked for.
type lines struct {
	from io.Reader
	read int64
	line int     // lines before the first of ends
	last int64   // where the last of them ends
	ends []int64 // offsets behind line feeds
}

func (l *lines) Read(p []byte) (int, error) {
	n, err := l.from.Read(p)
	for i := 0; ; {
		next := bytes.IndexByte(p[i:n], '\n')
		if next < 0 {
			break
		}
		i += next + 1
		l.ends = append(l.ends, l.read+int64(i))
	}
	l.read += int64(n)
	return n, err //nolint:wrapcheck // it passes on what it reads
}

// pass forgets the lines before an offset.
func (l *lines) pass(offset int64) {
	for len(l.ends) > 0 && l.ends[0] <= offset {
		l.line, l.last, l.ends = l.line+1, l.ends[0], l.ends[1:]
	}
}

// errorf returns an error at an offset, which is none of a line that was passed.
func (l *lines) errorf(offset int64, format string, args ...any) error {
	l.pass(offset)
	return &Error{l.line + 1, int(max(offset-l.last, 0)) + 1, fmt.Errorf(format, args...)}
}

// checkNames wants names of fields that a schema can describe: each once in an object, and without characters that
// can't be seen. The record begins at an offset of the sample.
func checkNames(record jsontext.Value, begin int64, text *lines) error {
	text.pass(begin)
	decoder := jsontext.NewDecoder(bytes.NewReader(record))
	for {
		before := decoder.InputOffset()
		token, err := decoder.ReadToken()
		var syntax *jsontext.SyntacticError
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &syntax):
			return text.errorf(begin+syntax.ByteOffset, "%w", syntax.Err)
		case err != nil:
			return text.errorf(begin+before, "%w", err)
		}
		kind, length := decoder.StackIndex(decoder.StackDepth())
		if kind != '{' || length%2 == 0 || token.Kind() != '"' {
			continue
		}
		if name := token.String(); strings.ContainsFunc(name, plaintext.Steers) {
			return text.errorf(begin+before, "the name of the field %.200q has characters that can't be seen: take the field out of the sample", name)
		}
	}
}
