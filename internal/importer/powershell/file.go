package powershell

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer/psobject"
)

// maxBytes bounds one file, as evidence.Limits bounds one record of it.
const maxBytes = 1 << 30

// content is what a file turns out to hold.
type content struct {
	records int
	nothing bool // no record, and not as a list: as a cmdlet leaves it that failed
	more    bool // the last page of an answer names a next one
}

// visitor is given every record of a file, and how many lists and objects are around it.
type visitor func(record map[string]any, level int) error

// errStop ends a walk whose records nobody wants any more.
var errStop = errors.New("stop")

// reader goes through one file.
type reader struct {
	*jsontext.Decoder
	limits  evidence.Limits
	visit   visitor
	records int
	nulls   int
	at      int  // the element of a list that is being read; 0 outside of one
	listed  bool // a list of records was read
	more    bool
}

// walk visits the records of a file: one object or several, a list of them, a list that Windows PowerShell wrapped, or what the REST
// interface of Exchange answered.
func walk(ctx context.Context, files fs.FS, file string, limits evidence.Limits, visit visitor) (content, error) {
	f, err := files.Open(file)
	if err != nil {
		return content{}, err
	}
	defer func() { _ = f.Close() }()
	r := &reader{Decoder: psobject.NewDecoder(ctx, f, maxBytes), limits: limits, visit: visit}
	found, err := r.file()
	if err == nil || errors.Is(err, errStop) {
		return found, err
	}
	if kind := foreign(files, file); kind != "" {
		err = &evidence.Error{Summary: "it is " + kind, Hint: hint}
	}
	return content{}, fmt.Errorf("%s: %w", file, err)
}

// foreign says what a file is that is no JSON; "" if it may be JSON.
func foreign(files fs.FS, file string) string {
	f, err := files.Open(file)
	if err != nil {
		return ""
	}
	defer func() { _ = f.Close() }()
	return psobject.Foreign(f)
}

func (r *reader) file() (content, error) {
	for n := 0; ; n++ {
		kind := r.PeekKind()
		switch {
		case n > 0 && kind != '{':
			return r.content(r.end())
		case n > 0 && r.listed:
			return r.content(&evidence.Error{Summary: "something follows the end of the export", Hint: hint})
		}
		var err error
		switch kind { //nolint:exhaustive // the rest is no export
		case '[':
			err = r.list(1)
		case '{':
			err = r.object()
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
		if err != nil {
			return r.content(err)
		}
	}
}

// content says what was read, and why no more.
func (r *reader) content(err error) (content, error) {
	if err != nil {
		return content{}, r.unreadable(err)
	}
	if r.records > 0 && r.nulls > 0 {
		return content{}, &evidence.Error{Summary: fmt.Sprintf("%d of its records are null", r.nulls), Hint: hint}
	}
	return content{records: r.records, nothing: r.records == 0 && (!r.listed || r.nulls > 0), more: r.more}, nil
}

// list visits the elements of a list, which have so many lists and objects around them.
func (r *reader) list(level int) error {
	if _, err := r.ReadToken(); err != nil {
		return err
	}
	r.listed = true
	for r.PeekKind() != ']' {
		r.at++
		value, err := r.value()
		if err != nil {
			return err
		}
		if err := r.record(value, level); err != nil {
			return err
		}
	}
	_, err := r.ReadToken()
	r.at = 0
	return err
}

// object visits the one record of a file, or those of the list in it, if the rest of it is no property of a record.
func (r *reader) object() error {
	if _, err := r.ReadToken(); err != nil {
		return err
	}
	record, listed, start := map[string]any{}, false, r.InputOffset()
	for r.PeekKind() != '}' {
		name, err := r.ReadToken()
		if err != nil {
			return err
		}
		key := name.String()
		switch {
		case key == "value" && !listed && isEnvelope(record) && r.PeekKind() == '[':
			listed = true
			err = r.list(1 + min(len(record), 1))
		default:
			record[key], err = r.value()
		}
		if most := r.recordBytes(); err == nil && !listed && r.InputOffset()-start > most {
			err = &evidence.Error{Summary: fmt.Sprintf("the object is longer than %d bytes", most)}
		}
		if err == nil && listed && !isEnvelope(record) {
			err = &evidence.Error{Summary: fmt.Sprintf("a list is followed by %q", clip(key)), Hint: hintResponse}
		}
		if err != nil {
			return err
		}
	}
	if _, err := r.ReadToken(); err != nil {
		return err
	}
	if !listed {
		return r.record(record, 0)
	}
	return r.envelope(record)
}

// envelope takes note of what is around a list of records.
func (r *reader) envelope(around map[string]any) error {
	if isGraph(around) {
		return &evidence.Error{Summary: "the file holds an answer of Graph, and is named after a cmdlet", Hint: hintResponse}
	}
	_, r.more = around["@odata.nextLink"]
	return nil
}

// isEnvelope reports whether the members of an object are none of a record: annotations, and the Count of Windows PowerShell.
func isEnvelope(object map[string]any) bool {
	for name := range object {
		if name != "Count" && !strings.Contains(name, "@") {
			return false
		}
	}
	return true
}

// isGraph reports whether an object is an answer of Graph. The REST interface of Exchange, which its module asks, answers in the
// form of OData as well, but with the properties that cmdlets give.
func isGraph(object map[string]any) bool {
	context, ok := object["@odata.context"].(string)
	return ok && !strings.Contains(strings.ToLower(context), "/adminapi/")
}

// recordBytes is how long a record may be.
func (r *reader) recordBytes() int64 {
	if r.limits.RecordBytes > 0 {
		return int64(r.limits.RecordBytes)
	}
	return int64(evidence.DefaultLimits().RecordBytes)
}

// record hands one record on. Windows PowerShell writes an empty object for nothing.
func (r *reader) record(value any, level int) error {
	record, ok := value.(map[string]any)
	switch {
	case value == nil, ok && len(record) == 0:
		r.nulls++
		return nil
	case !ok:
		wrong := psobject.NoRecord(value)
		wrong.Hint = cmp.Or(wrong.Hint, hint)
		return wrong
	case isGraph(record):
		return r.envelope(record)
	}
	if why, ok := failureIn(record); ok {
		return &evidence.Error{Summary: "the cmdlet failed: " + clip(why), Hint: hint}
	}
	if page, ok := pageOf(record); ok {
		return r.page(record, page, level)
	}
	r.records++
	return r.visit(record, level)
}

// failureIn tells the words of an error that was saved in the place of an answer: what the REST interface of Exchange answers, or an
// ErrorRecord of PowerShell.
func failureIn(object map[string]any) (string, bool) {
	if failure, ok := object["error"].(map[string]any); ok {
		code, _ := failure["code"].(string)
		message, _ := failure["message"].(string)
		rest := maps.Clone(object)
		delete(rest, "error")
		return cmp.Or(message, code), code+message != "" && isEnvelope(rest)
	}
	id, failed := object["FullyQualifiedErrorId"].(string)
	if exception, ok := object["Exception"].(map[string]any); ok {
		message, _ := exception["Message"].(string)
		return cmp.Or(message, id), failed
	}
	return id, failed
}

// page visits the records of a page that was read whole: one of several, or one in which the list itself was wrapped.
func (r *reader) page(around map[string]any, page []any, level int) error {
	r.listed = true
	if err := r.envelope(around); err != nil {
		return err
	}
	for _, value := range page {
		record, ok := value.(map[string]any)
		if !ok || isEnvelope(record) {
			return &evidence.Error{Summary: "the page holds what is no record", Hint: hint}
		}
		if err := r.record(record, level+2); err != nil {
			return err
		}
	}
	return nil
}

// pageOf gives the list in an object that has nothing else but annotations.
func pageOf(object map[string]any) ([]any, bool) {
	value, ok := object["value"]
	if !ok {
		return nil, false
	}
	rest := maps.Clone(object)
	delete(rest, "value")
	if !isEnvelope(rest) {
		return nil, false
	}
	if wrapped, ok := value.(map[string]any); ok {
		return pageOf(wrapped)
	}
	list, ok := value.([]any)
	return list, ok
}

func (r *reader) value() (any, error) {
	raw, err := r.ReadValue()
	if err != nil {
		return nil, err
	}
	return psobject.Decode(raw, r.limits)
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
		ours = &evidence.Error{Summary: "the export cannot be read: " + psobject.Explain(err)}
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
