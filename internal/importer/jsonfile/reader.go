package jsonfile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/posture-score/posture/evidence"
)

// ErrStop is returned by a visitor that wants no more records.
var ErrStop = errors.New("stop")

// Reader reads the records of a file: objects, elements of a list, or elements of a list within an object.
type Reader struct {
	*jsontext.Decoder
	Index  int // of the element of a list that is being read, from 1; 0 outside of a list
	limits evidence.Limits
	file   fs.File
}

// Open opens a file, of which it reads at most maxBytes.
func Open(ctx context.Context, files fs.FS, name string, maxBytes int64, limits evidence.Limits) (*Reader, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	if limits.RecordBytes <= 0 {
		limits.RecordBytes = evidence.DefaultLimits().RecordBytes
	}
	return &Reader{Decoder: NewDecoder(ctx, f, maxBytes), limits: limits, file: f}, nil
}

// Close closes the file.
func (r *Reader) Close() error { return r.file.Close() }

// Value reads the next value.
func (r *Reader) Value() (any, error) {
	raw, err := r.ReadValue()
	if err != nil {
		return nil, err
	}
	return Decode(raw, r.limits)
}

// List reads a list, and visits its elements.
func (r *Reader) List(visit func(value any) error) error {
	if _, err := r.ReadToken(); err != nil {
		return err
	}
	for r.PeekKind() != ']' {
		r.Index++
		value, err := r.Value()
		if err != nil {
			return err
		}
		if err := visit(value); err != nil {
			return err
		}
	}
	_, err := r.ReadToken()
	r.Index = 0
	return err
}

// Object reads an object and returns its members. If list returns a visitor for a member that is a list, its elements
// are visited and not held; listed reports that. There is one such list at most.
func (r *Reader) Object(list func(name string, members map[string]any) func(value any) error) (members map[string]any, listed bool, err error) {
	if _, err := r.ReadToken(); err != nil {
		return nil, false, err
	}
	members = map[string]any{}
	bytes := int64(0)
	for r.PeekKind() != '}' {
		start := r.InputOffset()
		token, err := r.ReadToken()
		if err != nil {
			return nil, listed, err
		}
		name := token.String()
		var visit func(any) error
		if !listed && r.PeekKind() == '[' {
			visit = list(name, members)
		}
		if visit != nil {
			listed = true
			err = r.List(visit)
		} else {
			members[name], err = r.Value()
			bytes += r.InputOffset() - start
		}
		if err == nil && bytes > int64(r.limits.RecordBytes) {
			err = &evidence.Error{Summary: fmt.Sprintf("the object is longer than %d bytes", r.limits.RecordBytes)}
		}
		if err != nil {
			return nil, listed, err
		}
	}
	_, err = r.ReadToken()
	return members, listed, err
}

// End returns whether nothing follows.
func (r *Reader) End() (bool, error) {
	switch _, err := r.ReadToken(); {
	case errors.Is(err, io.EOF):
		return true, nil
	default:
		return false, err
	}
}
