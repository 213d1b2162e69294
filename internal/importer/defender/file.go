package defender

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer/psobject"
)

// maxBytes bounds one file, as evidence.Limits bounds one record of it.
const maxBytes = 8 << 30

// content is what a file turns out to hold.
type content struct {
	rows   int
	others int  // records that are about something else than a device and a setting
	answer bool // it is an answer of advanced hunting
	more   bool // which names a next page
}

// most are the rows that an answer of advanced hunting has at most: in the portal, there in former years, and by its interfaces.
func most() []int { return []int{10_000, 30_000, 100_000} }

// doubt says why a file may not be whole, "" if nothing shows it.
func (c content) doubt(name string) string {
	switch {
	case c.more:
		return name + ` lacks a page: it names a next one ("@odata.nextLink")`
	case c.others > 0:
		return fmt.Sprintf("%s: %d of %d records name no device and no setting", name, c.others, c.rows+c.others)
	case c.answer && slices.Contains(most(), c.rows):
		return fmt.Sprintf("%s has %d rows, as an answer of advanced hunting has at most: ask for the settings in parts, or use the export API", name, c.rows)
	}
	return ""
}

// visitor is given every record of a file, and how many lists and objects are around it.
type visitor func(record map[string]any, level int) error

// reader goes through one file.
type reader struct {
	*jsontext.Decoder
	limits  evidence.Limits
	visit   visitor // may be nil
	content content
}

// walk visits the records of a file: one after another, a list of them, or an answer of advanced hunting.
func walk(ctx context.Context, files fs.FS, file string, limits evidence.Limits, visit visitor) (content, error) {
	f, err := files.Open(file)
	if err != nil {
		return content{}, err
	}
	defer func() { _ = f.Close() }()
	r := &reader{Decoder: psobject.NewDecoder(ctx, f, maxBytes), limits: limits, visit: visit}
	for {
		switch r.PeekKind() { //nolint:exhaustive // the rest holds no records
		case '[':
			err = r.list(1)
		case '{':
			err = r.object()
		default:
			if _, err = r.ReadToken(); errors.Is(err, io.EOF) {
				return r.content, nil
			}
			if err == nil {
				err = &evidence.Error{Summary: "a bare value stands where a record should"}
			}
		}
		if err != nil {
			return content{}, unreadable(err)
		}
	}
}

// list visits the elements of a list.
func (r *reader) list(level int) error {
	if _, err := r.ReadToken(); err != nil {
		return err
	}
	for r.PeekKind() != ']' {
		value, err := r.value()
		if err != nil {
			return err
		}
		if err := r.record(value, level); err != nil {
			return err
		}
	}
	_, err := r.ReadToken()
	return err
}

// object visits a record, or those of an answer.
func (r *reader) object() error {
	start := r.InputOffset()
	if _, err := r.ReadToken(); err != nil {
		return err
	}
	record, listed := map[string]any{}, false
	for r.PeekKind() != '}' {
		name, err := r.ReadToken()
		if err != nil {
			return err
		}
		switch key := name.String(); {
		case strings.EqualFold(key, "results") && !listed && r.PeekKind() == '[':
			listed = true
			err = r.list(2)
		case key == "@odata.nextLink":
			r.content.more = true
			err = r.SkipValue()
		default:
			record[key], err = r.value()
		}
		if limit := int64(evidence.DefaultLimits().RecordBytes); err == nil && !listed && r.InputOffset()-start > limit {
			err = &evidence.Error{Summary: fmt.Sprintf("a record is longer than %d bytes", limit)}
		}
		if err != nil {
			return err
		}
	}
	if _, err := r.ReadToken(); err != nil {
		return err
	}
	if listed {
		r.content.answer = true
		return nil
	}
	return r.record(record, 0)
}

func (r *reader) value() (any, error) {
	raw, err := r.ReadValue()
	if err != nil {
		return nil, err
	}
	return psobject.Decode(raw, r.limits)
}

// record hands a record on if it is about a device and a setting.
func (r *reader) record(value any, level int) error {
	record, ok := value.(map[string]any)
	if !ok || !IsRow(slices.Collect(maps.Keys(record))) {
		r.content.others++
		return nil
	}
	r.content.rows++
	if r.visit == nil {
		return nil
	}
	return r.visit(record, level)
}

// unreadable words what is wrong with the text of a file, unless that was done.
func unreadable(err error) error {
	var ours *evidence.Error
	if errors.As(err, &ours) || errors.Is(err, errStop) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return &evidence.Error{Summary: "the file cannot be read: " + psobject.Explain(err)}
}
