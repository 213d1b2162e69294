package evidence

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"unicode/utf8"
)

// Record is one record of a dataset as it is written in its file.
type Record struct {
	Index  int64  // counted from 0
	Offset int64  // bytes before it in the unpacked file
	JSON   []byte // well-formed, and valid until the next step
}

// Records streams a dataset; a document is one record. It stops at the first
// error. A complete pass ends with comparing the number of records with that of
// the manifest. Many passes may go on at once.
func (b *Bundle) Records(ctx context.Context, name string) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		d, err := b.collected(name)
		if err == nil {
			err = b.each(ctx, d, func(r Record) bool { return yield(r, nil) })
		}
		if err != nil {
			yield(Record{}, err)
		}
	}
}

// collected finds a dataset that there are records of.
func (b *Bundle) collected(name string) (Dataset, error) {
	d, ok := b.Dataset(name)
	switch {
	case !ok:
		return d, &Error{Path: b.name, Summary: "there is no dataset " + quote(name)}
	case d.Status != Collected:
		return d, &Error{Path: b.name, Summary: "dataset " + quote(name) + " could not be collected: " + quote(d.Reason)}
	}
	return d, nil
}

// each calls visit with every record until it says false.
func (b *Bundle) each(ctx context.Context, d Dataset, visit func(Record) bool) error {
	l, err := b.layout(ctx, d.Path)
	if err != nil {
		return err
	}
	f, err := b.open(ctx, d.Path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	s := newScanner(f, f.base, l, b.limits)
	for {
		if err := ctx.Err(); err != nil {
			return b.explain(ctx, d.Path, err)
		}
		rec, err := s.next()
		if err == io.EOF { //nolint:errorlint // a wrapped EOF is no end, but something cut off
			break
		}
		if err != nil {
			return b.explain(ctx, d.Path, err)
		}
		if !visit(rec) {
			return nil
		}
	}
	return b.complete(d, s.record)
}

// complete compares the number of records with that of the manifest.
func (b *Bundle) complete(d Dataset, records int64) error {
	if records != d.Records {
		return b.errorAt(d.Path, nil, fmt.Sprintf("holds %s where the manifest says %d", count(records), d.Records), "The file or the manifest is incomplete: collect the dataset again.")
	}
	return nil
}

func count(n int64) string {
	if n == 1 {
		return "1 record"
	}
	return fmt.Sprintf("%d records", n)
}

// layout finds how a file holds its records. That takes a look of its own: what
// makes an object a page may come last in it.
func (b *Bundle) layout(ctx context.Context, name string) (layout, error) {
	f, err := b.open(ctx, name)
	if err != nil {
		return sequence, err
	}
	defer func() { _ = f.Close() }()
	l, err := findLayout(f, f.base, b.limits)
	if err != nil {
		return l, b.explain(ctx, name, err)
	}
	return l, nil
}

// explain makes an *Error out of what went wrong while reading a file.
func (b *Bundle) explain(ctx context.Context, name string, err error) error {
	if cause := ctx.Err(); cause != nil && errors.Is(err, cause) {
		return fmt.Errorf("reading %s/%s: %w", b.name, name, cause)
	}
	var f *fault
	if !errors.As(err, &f) {
		return b.errorAt(name, err, "cannot be read: "+bare(err).Error(), "")
	}
	e := b.errorAt(name, f.cause, f.summary, f.hint)
	e.Record = f.record
	if f.offset >= 0 {
		e.Offset = f.offset
		e.Line, e.Column = b.place(ctx, name, f.offset)
	}
	return e
}

// place reads a file again to find the line and the column of an offset: the
// lines are not counted where all is well. Both are 0 if that fails.
func (b *Bundle) place(ctx context.Context, name string, offset int64) (line, column int) {
	f, err := b.open(ctx, name)
	if err != nil {
		return 0, 0
	}
	defer func() { _ = f.Close() }()
	return locate(bufio.NewReader(f), offset-f.base)
}

func locate(r io.ByteReader, offset int64) (line, column int) {
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
