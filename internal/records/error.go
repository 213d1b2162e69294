package records

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// SyntaxError is an error at an offset of some JSON whose file is not known here: it is not well-formed, or beyond a limit.
type SyntaxError struct {
	Offset       int64 // bytes before it; -1 if unknown
	Record       int64 // counted from 1; 0 if unknown
	Line, Column int   // counted from 1, columns in characters; set by [Decode] alone
	Summary      string
	Hint         string
	Cause        error
}

// Error returns the summary or, if the line is known, "line:column: summary (byte N). hint".
func (e *SyntaxError) Error() string {
	if e.Line == 0 {
		return e.Summary
	}
	text := fmt.Sprintf("%d:%d: %s (byte %d)", e.Line, e.Column, e.Summary, e.Offset)
	if e.Hint != "" {
		text += ". " + e.Hint
	}
	return text
}

// Unwrap returns the cause, which may be nil.
func (e *SyntaxError) Unwrap() error { return e.Cause }

// newSyntaxError converts an error of jsontext; rest is the text at its offset.
func newSyntaxError(err *jsontext.SyntacticError, rest []byte) *SyntaxError {
	e := &SyntaxError{Offset: err.ByteOffset, Cause: err}
	r, n := utf8.DecodeRune(rest)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF) || len(rest) == 0:
		e.Summary, e.Hint = "the JSON ends before it is complete", "The file was cut off: collect it again."
	case r == utf8.RuneError && n == 1:
		e.Summary, e.Hint = "the text is not valid UTF-8", "Save the file as UTF-8."
	default:
		e.Summary = "the JSON is not well-formed"
		if err.Err != nil {
			e.Summary += ": " + err.Err.Error()
		}
		for _, word := range []string{"NaN", "Infinity", "-Infinity", "nan", "inf", "-inf"} {
			if bytes.HasPrefix(rest, []byte(word)) {
				e.Summary, e.Hint = word+" is not a number in JSON", "Write null for a value that is not there."
			}
		}
	}
	return e
}

// NewSyntaxError converts an error of jsontext about text; nil if err is none.
func NewSyntaxError(err error, text []byte) *SyntaxError {
	var syntactic *jsontext.SyntacticError
	if !errors.As(err, &syntactic) {
		return nil
	}
	return newSyntaxError(syntactic, text[min(int(syntactic.ByteOffset), len(text)):])
}

func tooDeep(offset int64, depth int) *SyntaxError {
	return &SyntaxError{Offset: offset, Summary: fmt.Sprintf("the JSON is nested more than %d levels deep", depth)}
}

func tooManyValues(offset int64, what string, most int) *SyntaxError {
	return &SyntaxError{
		Offset: offset, Summary: fmt.Sprintf("%s has more than %d values", what, most),
		Hint: "Each of them takes many times its bytes in memory; a record with so many is hardly evidence.",
	}
}

// Locate returns the line and the column of an offset, both counted from 1; columns count characters.
func Locate(r io.ByteReader, offset int64) (line, column int) {
	line, column = 1, 1
	for range offset {
		c, err := r.ReadByte()
		switch {
		case err != nil:
			return line, column
		case c == '\n':
			line, column = line+1, 1
		case utf8.RuneStart(c):
			column++
		}
	}
	return line, column
}

// FormatBytes returns a number of bytes in the largest unit that divides it, such as "16 MiB".
func FormatBytes(n int64) string {
	for _, unit := range []struct {
		bytes int64
		name  string
	}{{1 << 30, " GiB"}, {1 << 20, " MiB"}, {1 << 10, " KiB"}} {
		if n >= unit.bytes && n%unit.bytes == 0 {
			return strconv.FormatInt(n/unit.bytes, 10) + unit.name
		}
	}
	return strconv.FormatInt(n, 10) + " bytes"
}
