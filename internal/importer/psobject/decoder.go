package psobject

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/records"
)

// ErrTooLarge is what errors.Is finds when a file goes on beyond its bound.
var ErrTooLarge = errors.New("the file is too large")

// NewDecoder reads the JSON of a saved file in whichever encoding [Text]
// understands. It reads at most limit bytes of the file, and stops when the
// context does. Of a name that is given twice, both values are seen, in order:
// a reader that keeps the later one does as PowerShell does.
//
// No single value of it that is read or skipped in one step may be longer than
// a record of a bundle: the decoder holds it whole.
func NewDecoder(ctx context.Context, r io.Reader, limit int64) *jsontext.Decoder {
	guard := &held{from: Text(&bounded{ctx: ctx.Err, from: r, limit: limit, left: limit}), most: int64(evidence.DefaultLimits().RecordBytes)}
	decoder := jsontext.NewDecoder(guard, jsontext.AllowDuplicateNames(true))
	guard.done = decoder.InputOffset
	return decoder
}

// held fails when the decoder holds more than a bound: what it has read and not
// yet passed on.
type held struct {
	from io.Reader
	done func() int64 // bytes that the decoder has passed on
	read int64
	most int64
}

func (h *held) Read(p []byte) (int, error) {
	if h.read-h.done() > h.most {
		return 0, fmt.Errorf("%w: a value is longer than %d MiB", ErrTooLarge, h.most>>20)
	}
	n, err := h.from.Read(p)
	h.read += int64(n)
	return n, err
}

// Explain says in words what kept a decoder from going on.
func Explain(err error) string {
	var (
		syntax *jsontext.SyntacticError
		path   *fs.PathError
	)
	switch {
	case errors.Is(err, io.EOF):
		return "it is empty"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "the JSON ends too early: the file was cut off"
	case errors.As(err, &path): // whoever asked knows the path, and ours may be a temporary one
		return path.Err.Error()
	case errors.As(err, &syntax) && syntax.Err != nil:
		return fmt.Sprintf("not well-formed JSON: %v at byte %d", syntax.Err, syntax.ByteOffset)
	}
	return err.Error()
}

// bounded reads up to a limit and fails beyond it, unlike io.LimitReader, which
// would let a file that is too large pass for one that was cut off.
type bounded struct {
	ctx   func() error
	from  io.Reader
	limit int64
	left  int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if err := b.ctx(); err != nil {
		return 0, err
	}
	// One byte more than is left shows whether the file ends there.
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.from.Read(p)
	if int64(n) > b.left {
		return 0, fmt.Errorf("%w: more than %d MiB", ErrTooLarge, b.limit>>20)
	}
	b.left -= int64(n)
	return n, err
}

// Decode is [records.Decode] with the limits of a bundle; its error is an [*evidence.Error] without a path.
func Decode(json []byte, limits evidence.Limits) (any, error) {
	value, err := records.Decode(json, records.Limits{RecordBytes: limits.RecordBytes, Depth: limits.Depth})
	var e *records.SyntaxError
	if errors.As(err, &e) {
		return nil, &evidence.Error{Line: e.Line, Column: e.Column, Offset: max(e.Offset, 0), Summary: e.Summary, Hint: e.Hint}
	}
	return value, err
}
