package records

import (
	"bytes"
	"io"
	"strings"
)

// Invariant: [Reader] reads what stands before the first record and after the last one for Scan, too, so that both agree about it.

// readPrologue reads up to where the first record may begin. rest is what was read beyond that; offset counts the bytes before.
func readPrologue(in *Input, l Layout, limits Limits) (rest []byte, offset int64, err error) {
	if l == Sequence {
		return nil, in.Base, nil
	}
	r := NewReader(in, in.Base, l, limits)
	if err := r.openArray(); err != nil {
		return nil, in.Base, r.explain(err)
	}
	return bytes.Clone(r.dec.UnreadBuffer()), in.Base + r.dec.InputOffset(), nil
}

// checkEpilogue reads what follows the last record: the end of the array or the page, and nothing else.
func checkEpilogue(rest io.Reader, l Layout, limits Limits) error {
	prologue := "["
	if l == Page {
		prologue = `{"value":[`
	}
	_, err := NewReader(io.MultiReader(strings.NewReader(prologue), rest), 0, l, limits).Next()
	if err == io.EOF { //nolint:errorlint // a wrapped EOF is an error of reading
		return nil
	}
	return err
}
