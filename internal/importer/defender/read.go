package defender

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer/jsonfile"
)

// maxBytes bounds one file, as evidence.Limits bounds one record of it.
const maxBytes = 8 << 30

// content is what a file holds.
type content struct {
	rows   int
	others int  // records that are about something else than a device and a setting
	answer bool // it is an answer of advanced hunting
	more   bool // which names a next page
}

// maxRows are the rows that an answer of advanced hunting has at most: in the portal, formerly in the portal, and by its
// interfaces.
func maxRows() []int { return []int{10_000, 30_000, 100_000} }

// incomplete returns why a file does not hold all rows, or may not; "" if nothing shows it.
func (c content) incomplete(name string) string {
	switch {
	case c.more:
		return name + ` lacks a page: it names a next one ("@odata.nextLink")`
	case c.others > 0:
		return fmt.Sprintf("%s: %d of %d records name no device and no setting", name, c.others, c.rows+c.others)
	case c.answer && slices.Contains(maxRows(), c.rows):
		return fmt.Sprintf("%s has %d rows, as an answer of advanced hunting has at most: ask for the settings in parts, or use the export API", name, c.rows)
	}
	return ""
}

// visitor is called with every record of a file, and the number of lists and objects around it.
type visitor func(record map[string]any, level int) error

// reader reads one file.
type reader struct {
	*jsonfile.Reader
	visit   visitor // may be nil
	content content
}

// walk visits the records of a file: one after another, a list of them, or an answer of advanced hunting.
func walk(ctx context.Context, files fs.FS, file string, limits evidence.Limits, visit visitor) (content, error) {
	f, err := jsonfile.Open(ctx, files, file, maxBytes, limits)
	if err != nil {
		return content{}, err
	}
	defer func() { _ = f.Close() }()
	r := &reader{Reader: f, visit: visit}
	for {
		switch r.PeekKind() { //nolint:exhaustive // the rest holds no records
		case '[':
			err = r.List(func(value any) error { return r.record(value, 1) })
		case '{':
			err = r.object()
		default:
			var ended bool
			if ended, err = r.End(); ended {
				return r.content, nil
			}
			if err == nil {
				err = &evidence.Error{Summary: "a bare value stands where a record should"}
			}
		}
		if err != nil {
			return content{}, jsonfile.Unreadable("the file", err)
		}
	}
}

// object visits a record, or those of an answer.
func (r *reader) object() error {
	members, listed, err := r.Object(func(name string, _ map[string]any) func(any) error {
		if !strings.EqualFold(name, "results") {
			return nil
		}
		return func(value any) error { return r.record(value, 2) }
	})
	if err != nil {
		return err
	}
	if _, more := members["@odata.nextLink"]; more {
		r.content.more = true
	}
	if listed {
		r.content.answer = true
		return nil
	}
	return r.record(members, 0)
}

// record visits a value if it is a record of a device and a setting.
func (r *reader) record(value any, level int) error {
	record, ok := value.(map[string]any)
	if !ok || !isRow(slices.Collect(maps.Keys(record))) {
		r.content.others++
		return nil
	}
	r.content.rows++
	if r.visit == nil {
		return nil
	}
	return r.visit(record, level)
}
