package evidence

import (
	"io"
	"strings"
)

// Invariant: what stands before the first record and after the last one is read
// by the slow reader, so that both readers agree about it.

// enter reads up to where the first record may begin. rest is what was read
// beyond that, at is the bytes before.
func enter(r io.Reader, base int64, l layout, limits Limits) (rest []byte, at int64, err error) {
	if l == sequence {
		return nil, base, nil
	}
	s := newScanner(r, base, l, limits)
	if err := s.enter(); err != nil {
		return nil, base, s.explain(err)
	}
	return append(rest, s.dec.UnreadBuffer()...), base + s.dec.InputOffset(), nil
}

// leave reads what comes after the last record: r begins where that ends, and
// has to hold the end of an array or of a page, and nothing else.
func leave(r io.Reader, l layout, limits Limits) error {
	before := "["
	if l == page {
		before = `{"value":[`
	}
	s := newScanner(io.MultiReader(strings.NewReader(before), r), 0, l, limits)
	_, err := s.next()
	if err == io.EOF { //nolint:errorlint // a wrapped EOF is no end, but something cut off
		return nil
	}
	return err
}
