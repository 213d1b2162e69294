package evidence

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/posture-score/posture/internal/records"
)

// Record is one record of a dataset.
type Record struct {
	Index int64  // counted from 0
	JSON  []byte // as it is written in the file: well-formed, and valid until the next iteration
}

// Records iterates over the records of a dataset; a document is one record. It stops at the first
// error. A complete pass ends with comparing the bytes that were read with the digest in the manifest, if
// there is one, and the number of records with that in the manifest. Many passes may run concurrently.
func (b *Bundle) Records(ctx context.Context, name string) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		err := records.Each(ctx, b.Source(name), func(r records.Record) bool { return yield(Record{r.Index, r.JSON}, nil) })
		if err != nil {
			yield(Record{}, err)
		}
	}
}

// Source returns a dataset as the input of the parallel scanner of this module, which is internal.
// Other programs use Records.
func (b *Bundle) Source(name string) records.Source { return &source{bundle: b, name: name} }

// source is a dataset of a bundle. Opening it fails if the bundle has no such dataset, or it was not collected.
type source struct {
	bundle  *Bundle
	name    string
	dataset Dataset // known when it was opened
}

// Open is part of [records.Source].
func (s *source) Open(ctx context.Context) (*records.Input, error) {
	d, ok := s.bundle.Dataset(s.name)
	switch {
	case !ok:
		return nil, &Error{Path: s.bundle.name, Summary: "there is no dataset " + quote(s.name)}
	case d.Status != Collected:
		return nil, &Error{Path: s.bundle.name, Summary: "dataset " + quote(s.name) + " could not be collected: " + quote(d.Reason)}
	}
	s.dataset = d
	if s.bundle.written {
		return s.bundle.open(ctx, d.Path, "")
	}
	return s.bundle.open(ctx, d.Path, d.SHA256)
}

// Limits is part of [records.Source].
func (s *source) Limits() records.Limits {
	return records.Limits{RecordBytes: s.bundle.limits.RecordBytes, Depth: s.bundle.limits.Depth}
}

// Explain is part of [records.Source].
func (s *source) Explain(ctx context.Context, err error) error {
	return s.bundle.explain(ctx, s.dataset.Path, err)
}

// Complete is part of [records.Source].
func (s *source) Complete(n int64) error {
	if n == s.dataset.Records {
		return nil
	}
	return s.bundle.errorAt(s.dataset.Path, nil, fmt.Sprintf("holds %s where the manifest says %d", count(n), s.dataset.Records),
		"The file or the manifest is incomplete: collect the dataset again.")
}

func count(n int64) string {
	if n == 1 {
		return "1 record"
	}
	return fmt.Sprintf("%d records", n)
}

// explain returns an error of reading a file as an *Error with its position, and an error of the context wrapped.
func (b *Bundle) explain(ctx context.Context, name string, err error) error {
	if cause := ctx.Err(); cause != nil && errors.Is(err, cause) {
		return fmt.Errorf("reading %s/%s: %w", b.name, name, cause)
	}
	var f *records.SyntaxError
	if !errors.As(err, &f) {
		return b.errorAt(name, err, "cannot be read: "+withoutPath(err).Error(), "")
	}
	e := b.errorAt(name, f.Cause, f.Summary, f.Hint)
	e.Record = f.Record
	if f.Offset >= 0 {
		e.Offset = f.Offset
		e.Line, e.Column = b.locate(ctx, name, f.Offset)
	}
	return e
}

// locate reads a file again for the line and the column of an offset, since lines are not counted while
// there is no error. Both are 0 if that fails.
func (b *Bundle) locate(ctx context.Context, name string, offset int64) (line, column int) {
	f, err := b.open(ctx, name, "")
	if err != nil {
		return 0, 0
	}
	defer f.Close()
	return records.Locate(bufio.NewReader(f), offset-f.Base)
}
