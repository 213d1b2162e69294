package cmdlet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/evidence/powershell"
)

// maxBytes bounds one file, as evidence.Limits bounds one record of it.
const maxBytes = 1 << 30

// content is what a file turns out to hold.
type content struct {
	records int
	nothing bool // no record, and not as a list: as a cmdlet leaves it that failed
}

// visitor is given every record of a file.
type visitor func(record map[string]any) error

// errStop ends a walk whose records nobody wants any more.
var errStop = errors.New("stop")

// reader goes through one file.
type reader struct {
	*jsontext.Decoder
	limits  evidence.Limits
	visit   visitor
	records int
	nulls   int
	at      int // the element of a list that is being read; 0 outside of one
}

// walk visits the records of a file: one object, a list of them, or a list that
// Windows PowerShell wrapped.
func walk(ctx context.Context, files fs.FS, file string, limits evidence.Limits, visit visitor) (content, error) {
	f, err := files.Open(file)
	if err != nil {
		return content{}, err
	}
	defer func() { _ = f.Close() }()
	r := &reader{Decoder: powershell.NewDecoder(ctx, f, maxBytes), limits: limits, visit: visit}
	found, err := r.file()
	if err != nil {
		return content{}, fmt.Errorf("%s: %w", file, err)
	}
	return found, nil
}

func (r *reader) file() (content, error) {
	var err error
	list := false
	switch r.PeekKind() { //nolint:exhaustive // the rest is no export
	case '[':
		list = true
		err = r.list()
	case '{':
		list, err = r.object()
	case 'n':
		err = r.SkipValue()
	default:
		if err = r.SkipValue(); errors.Is(err, io.EOF) {
			return content{nothing: true}, nil
		}
		if err == nil {
			return content{}, &evidence.Error{Summary: "the file holds one bare value and no object", Hint: hint}
		}
	}
	if err == nil {
		err = r.end()
	}
	if err != nil {
		return content{}, r.unreadable(err)
	}
	if r.records > 0 && r.nulls > 0 {
		return content{}, &evidence.Error{Summary: fmt.Sprintf("%d of its records are null", r.nulls), Hint: hint}
	}
	return content{records: r.records, nothing: r.records == 0 && (!list || r.nulls > 0)}, nil
}

// list visits the elements of a list.
func (r *reader) list() error {
	if _, err := r.ReadToken(); err != nil {
		return err
	}
	for r.PeekKind() != ']' {
		r.at++
		value, err := r.value()
		if err != nil {
			return err
		}
		if err := r.record(value); err != nil {
			return err
		}
	}
	_, err := r.ReadToken()
	r.at = 0
	return err
}

// object visits the one record of a file, or those of the list that it wraps:
// then it has the members "value" and "Count" alone, in this order.
func (r *reader) object() (list bool, err error) {
	if _, err := r.ReadToken(); err != nil {
		return false, err
	}
	record := map[string]any{}
	for r.PeekKind() != '}' {
		name, err := r.ReadToken()
		if err != nil {
			return false, err
		}
		key := name.String()
		switch {
		case list && key != "Count":
			return false, &evidence.Error{Summary: fmt.Sprintf("a list is followed by %q", clip(key)), Hint: hintResponse}
		case list:
			err = r.SkipValue()
		case key == "value" && len(record) == 0 && r.PeekKind() == '[':
			list = true
			err = r.list()
		default:
			record[key], err = r.value()
		}
		if most := r.recordBytes(); err == nil && !list && r.InputOffset() > most {
			err = &evidence.Error{Summary: fmt.Sprintf("the object is longer than %d bytes", most)}
		}
		if err != nil {
			return false, err
		}
	}
	if _, err := r.ReadToken(); err != nil || list {
		return list, err
	}
	if _, ok := record["@odata.context"]; ok {
		return false, &evidence.Error{Summary: "the file holds an answer of Graph, and is named after a cmdlet", Hint: hintResponse}
	}
	return false, r.record(record)
}

// recordBytes is how long a record may be.
func (r *reader) recordBytes() int64 {
	if r.limits.RecordBytes > 0 {
		return int64(r.limits.RecordBytes)
	}
	return int64(evidence.DefaultLimits().RecordBytes)
}

// record hands one record on. Windows PowerShell writes an empty object for nothing.
func (r *reader) record(value any) error {
	record, ok := value.(map[string]any)
	switch {
	case value == nil, ok && len(record) == 0:
		r.nulls++
		return nil
	case !ok:
		return &evidence.Error{Summary: "the record is no object", Hint: hint}
	}
	r.records++
	return r.visit(record)
}

func (r *reader) value() (any, error) {
	raw, err := r.ReadValue()
	if err != nil {
		return nil, err
	}
	return evidence.Decode(raw, r.limits)
}

func (r *reader) end() error {
	if _, err := r.ReadToken(); !errors.Is(err, io.EOF) {
		if err == nil {
			err = &evidence.Error{Summary: "something follows the end of the export", Hint: hint}
		}
		return err
	}
	return nil
}

const (
	hint         = "Save what the cmdlet answers as it is: ConvertTo-Json -InputObject @(Get-...) -Depth 10."
	hintResponse = "Give the file another name; what it answers is read from its \"@odata.context\"."
)

// unreadable words what is wrong with the text of a file, unless that was done,
// and says at which record.
func (r *reader) unreadable(err error) error {
	var ours *evidence.Error
	switch {
	case errors.Is(err, errStop), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case !errors.As(err, &ours):
		ours = &evidence.Error{Summary: "the export cannot be read: " + powershell.Explain(err)}
	}
	ours.Record = int64(r.at)
	return ours
}

// clip keeps a foreign text from filling a screen.
func clip(text string) string {
	const most = 80
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return text
}
