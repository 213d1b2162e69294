package records

import (
	"bytes"
	"context"
	"io"
	"strings"
)

// Invariant: sniffLayout returns what FindLayout returns, or an error.

// FindLayout reads as much of a file as it takes to know its layout; base counts the bytes of the file before in.
func FindLayout(in io.Reader, base int64, limits Limits) (Layout, error) {
	r := NewReader(in, base, Sequence, limits)
	l, err := r.findLayout(nil)
	if err != nil && err != io.EOF { //nolint:errorlint // a wrapped EOF is an error of reading
		return l, r.explain(err)
	}
	return l, nil
}

// sniffLayout is FindLayout for large files. jsontext is slow on a page whose context follows its records, or is missing.
func sniffLayout(ctx context.Context, in *Input, limits Limits) (Layout, error) {
	r := NewReader(in, in.Base, Sequence, limits)
	l, err := r.findLayout(func(others bool) (Layout, error) { return r.skipArray(ctx, in, others) })
	if err == io.EOF { //nolint:errorlint // as above
		return l, nil
	}
	return l, err
}

// findLayout calls skipArray, unless it is nil, where it would have to read a whole array "value" to decide. others is whether
// members occurred that no page begins with.
func (r *Reader) findLayout(skipArray func(others bool) (Layout, error)) (Layout, error) {
	r.extendWindow()
	switch r.dec.PeekKind() {
	case '[':
		return Array, nil
	case '{':
	default:
		return Sequence, nil
	}
	if _, err := r.dec.ReadToken(); err != nil {
		return Sequence, err
	}
	context, values, others := false, false, false
	for {
		r.extendWindow()
		if r.dec.PeekKind() == '}' {
			if values && (context || !others) {
				return Page, nil
			}
			return Sequence, nil
		}
		t, err := r.dec.ReadToken()
		if err != nil {
			return Sequence, err
		}
		switch name := t.String(); {
		case name == "@odata.context":
			context = true
		case name == "value":
			r.extendWindow()
			values = r.dec.PeekKind() == '['
			others = others || !values
		case !strings.HasPrefix(name, "@odata."):
			others = true
		}
		if context && values {
			return Page, nil
		}
		if values && skipArray != nil {
			return skipArray(others)
		}
		if err := r.skipValue(); err != nil {
			return Sequence, err
		}
	}
}

// skipArray skips the array "value", at which r stands, and finds the layout from what follows it.
func (r *Reader) skipArray(ctx context.Context, in io.Reader, others bool) (Layout, error) {
	r.extendWindow()
	if _, err := r.dec.ReadToken(); err != nil {
		return Sequence, err
	}
	m := &merger[struct{}]{scanner: newChunkScanner(Page, nil, r.limits), visitor: discard{}, merge: discard{}.merge}
	m.rest = append(m.rest, r.dec.UnreadBuffer()...)
	err := m.scanSerial(ctx, in, defaultBlockSize, func() bool { return false })
	if err != nil && err != io.EOF { //nolint:errorlint // as above
		return Sequence, err
	}
	prologue := `{"value":[`
	if others {
		prologue = `{"other":0,"value":[`
	}
	rest := io.MultiReader(strings.NewReader(prologue), bytes.NewReader(m.rest), in)
	return NewReader(rest, 0, Sequence, r.limits).findLayout(nil)
}

// discard is a Visitor that ignores records.
type discard struct{}

func (discard) Begin(int64)                        {}
func (discard) Record(*View) error                 { return nil }
func (discard) End() struct{}                      { return struct{}{} }
func (discard) merge(struct{}, int64, int64) error { return nil }
