package jsonfile

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

// ErrTooLarge is wrapped by the error of a file that is longer than its bound.
var ErrTooLarge = errors.New("the file is too large")

// NewDecoder returns a decoder of a file in any encoding that [Text] knows. It reads at most limit bytes, and fails
// once the context is done. Duplicate names are allowed: a caller that keeps the later value does as PowerShell does.
//
// A value that is read or skipped in one step may not be longer than a record of a bundle: the decoder holds it whole.
func NewDecoder(ctx context.Context, r io.Reader, limit int64) *jsontext.Decoder {
	guard := &held{from: Text(&bounded{ctx: ctx.Err, from: r, limit: limit, left: limit}), most: int64(evidence.DefaultLimits().RecordBytes)}
	decoder := jsontext.NewDecoder(guard, jsontext.AllowDuplicateNames(true))
	guard.done = decoder.InputOffset
	return decoder
}

// held is a reader that fails once the decoder holds more than a bound: what it has read and not yet returned.
type held struct {
	from io.Reader
	done func() int64 // bytes that the decoder has returned
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

// Explain returns the error of a decoder in words.
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
	case errors.As(err, &path): // the caller names the file; this path may be a temporary one
		return path.Err.Error()
	case errors.As(err, &syntax) && syntax.Err != nil:
		return fmt.Sprintf("not well-formed JSON: %v at byte %d", syntax.Err, syntax.ByteOffset)
	}
	return err.Error()
}

// Unreadable returns the error of a decoder as one of evidence: what it was reading "cannot be read". Errors of
// evidence, of a context and [ErrStop] are returned as they are.
func Unreadable(what string, err error) error {
	var ours *evidence.Error
	if err == nil || errors.As(err, &ours) || errors.Is(err, ErrStop) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return &evidence.Error{Summary: what + " cannot be read: " + Explain(err)}
}

// Clip shortens a text of a file so that it fits into a message.
func Clip(text string) string {
	const most = 80
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return text
}

// bounded fails beyond a limit. With io.LimitReader a file that is too large would look like one that was cut off.
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
