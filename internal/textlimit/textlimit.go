// Package textlimit bounds texts before a parser sees them: their size, their number of tokens, how
// deep they nest, and what grows faster than their length in the parsers and compilers behind it.
//
// The parsers of HCL and Rego are recursive, and a Go program whose stack overflows, or that is out
// of memory, can't recover. So each text that people hand in is scanned here first, in one pass
// without recursion. What is within these bounds costs time and memory in proportion to its length,
// about. The bounds are far above what people write; docs/limits.md lists them.
package textlimit

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// Problem is where a text passes a bound, and how to mend it.
type Problem struct {
	Start, End Position
	Summary    string
	Detail     string
}

// Position is a place in a text. Lines and columns count from 1, columns in characters.
type Position struct{ Byte, Line, Column int }

// Error returns the problem with its place.
func (p *Problem) Error() string {
	return fmt.Sprintf("%d:%d: %s: %s", p.Start.Line, p.Start.Column, p.Summary, p.Detail)
}

// problem returns a problem at some bytes of a text.
func problem(text []byte, begin, end int, summary, format string, args ...any) *Problem {
	return &Problem{position(text, begin), position(text, end), summary, fmt.Sprintf(format, args...)}
}

func position(text []byte, offset int) Position {
	offset = min(offset, len(text))
	line := bytes.LastIndexByte(text[:offset], '\n') + 1
	return Position{offset, bytes.Count(text[:offset], []byte{'\n'}) + 1, utf8.RuneCount(text[line:offset]) + 1}
}

// tooLarge returns a problem if a text has more bytes than it may.
func tooLarge(text []byte, most int) *Problem {
	if len(text) <= most {
		return nil
	}
	return problem(text, 0, 0, "Text too large", "It has %d KiB, and at most %d KiB are read: split it.", (len(text)+1023)>>10, most>>10)
}

// Bounds of all texts.
const (
	maxWord   = 1000 // bytes of a name
	maxNumber = 100  // characters of a number: parsers take quadratic time
)
