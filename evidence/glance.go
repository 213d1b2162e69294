package evidence

import (
	"bytes"
	"context"
	"io"
	"strings"
)

// Invariant: a glance finds the layout that findLayout finds, or lets that look.

// glance is layout for files that are large: the slow reader takes its time for
// a page whose context comes after its records, or never.
func (b *Bundle) glance(ctx context.Context, name string) (layout, error) {
	f, err := b.open(ctx, name)
	if err != nil {
		return sequence, err
	}
	defer func() { _ = f.Close() }()
	s := newScanner(f, f.base, sequence, b.limits)
	l, err := s.findLayout(func(others bool) (layout, error) { return s.pass(ctx, f, others) })
	if err != nil {
		return b.layout(ctx, name)
	}
	return l, nil
}

// pass passes the list "value" at which s is, and finds the layout from what
// comes then.
func (s *scanner) pass(ctx context.Context, r io.Reader, others bool) (layout, error) {
	s.room()
	if _, err := s.dec.ReadToken(); err != nil {
		return sequence, err
	}
	j := &joint[struct{}]{walk: newWalk(page, nil, s.limits), worker: nobody{}, merge: nobody{}.merge}
	j.rest = append(j.rest, s.dec.UnreadBuffer()...)
	err := j.serial(ctx, r, defaultBlock, func() bool { return false })
	if err != nil && err != io.EOF { //nolint:errorlint // a wrapped EOF is no end, but something cut off
		return sequence, err
	}
	before := `{"value":[`
	if others {
		before = `{"other":0,"value":[`
	}
	rest := io.MultiReader(strings.NewReader(before), bytes.NewReader(j.rest), r)
	return newScanner(rest, 0, sequence, s.limits).findLayout(nil)
}

// nobody takes in nothing.
type nobody struct{}

func (nobody) Begin(int64)                        {}
func (nobody) Record(*Projected) error            { return nil }
func (nobody) End() struct{}                      { return struct{}{} }
func (nobody) merge(struct{}, int64, int64) error { return nil }
