package evidence

import (
	"context"
	"fmt"
	"io"

	"github.com/posture-score/posture/internal/records"
)

// limitedReader is a reader that fails beyond the limits of a file, and when the context ends.
type limitedReader struct {
	ctx    context.Context //nolint:containedctx // a reader has no other way to learn of it
	r      io.Reader
	n      int64
	stored int64 // bytes of the file as it is stored
	packed bool  // whether it is compressed
	limits Limits
}

func (g *limitedReader) Read(p []byte) (int, error) {
	if err := g.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := g.r.Read(p)
	g.n += int64(n)
	switch {
	case g.n > g.limits.FileBytes:
		return 0, &records.SyntaxError{Offset: -1, Summary: "is larger than " + records.FormatBytes(g.limits.FileBytes) + " when unpacked"}
	case g.n > ratioGrace && g.n/g.limits.Ratio > g.stored:
		return 0, bomb(g.limits.Ratio)
	case err != nil && err != io.EOF && g.packed:
		return n, &records.SyntaxError{Offset: -1, Summary: "the compressed data is damaged: " + withoutPath(err).Error(), Cause: err}
	case err != nil && err != io.EOF:
		return n, &records.SyntaxError{Offset: -1, Summary: "cannot be read: " + withoutPath(err).Error(), Cause: err}
	}
	return n, err
}

func bomb(ratio int64) *records.SyntaxError {
	return &records.SyntaxError{
		Offset: -1, Summary: fmt.Sprintf("unpacks to more than %d times its size", ratio),
		Hint: "Evidence does not compress that well; this looks made to fill a disk.",
	}
}

// streamReader is a reader of unknown length that fails beyond max bytes, and when the context ends.
type streamReader struct {
	ctx context.Context //nolint:containedctx // as in limitedReader
	r   io.Reader
	n   int64
	max int64
}

func (s *streamReader) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := s.r.Read(p)
	if s.n += int64(n); s.n > s.max {
		return 0, &records.SyntaxError{Offset: -1, Summary: "is larger than " + records.FormatBytes(s.max)}
	}
	return n, err
}

// limitedReaderAt is a file of which only so many bytes can be read until the bound is lifted.
type limitedReaderAt struct {
	r             io.ReaderAt
	left          int64
	lifted, spent bool
}

func (b *limitedReaderAt) ReadAt(p []byte, off int64) (int, error) {
	if !b.lifted {
		if b.left -= int64(len(p)); b.left < 0 {
			b.spent = true
			return 0, io.ErrUnexpectedEOF
		}
	}
	return b.r.ReadAt(p, off)
}
