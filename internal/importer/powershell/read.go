package powershell

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer/jsonfile"
	"github.com/posture-score/posture/internal/importer/psobject"
)

// maxBytes bounds one file, as evidence.Limits bounds one record of it.
const maxBytes = 1 << 30

// content is what a file holds.
type content struct {
	records int
	nothing bool // no record, and no list: as a cmdlet leaves the file that failed
	more    bool // the last page of an answer names a next one
}

// visitor is called with every record of a file, and the number of lists and objects around it.
type visitor func(record map[string]any, level int) error

// reader reads one file.
type reader struct {
	*jsonfile.Reader
	visit   visitor
	records int
	nulls   int
	listed  bool // a list of records was read
	more    bool
}

// walk visits the records of a file: one object or several, a list of them, a list that Windows PowerShell wrapped, or
// an answer of the REST interface of Exchange.
func walk(ctx context.Context, files fs.FS, file string, limits evidence.Limits, visit visitor) (content, error) {
	f, err := jsonfile.Open(ctx, files, file, maxBytes, limits)
	if err != nil {
		return content{}, err
	}
	defer func() { _ = f.Close() }()
	r := &reader{Reader: f, visit: visit}
	found, err := r.content(r.file())
	if err == nil || errors.Is(err, jsonfile.ErrStop) {
		return found, err
	}
	if kind := foreign(files, file); kind != "" {
		err = &evidence.Error{Summary: "it is " + kind, Hint: hint}
	}
	return content{}, fmt.Errorf("%s: %w", file, err)
}

// foreign returns the format of a file that is not JSON; "" if it may be JSON.
func foreign(files fs.FS, file string) string {
	f, err := files.Open(file)
	if err != nil {
		return ""
	}
	defer func() { _ = f.Close() }()
	return jsonfile.Foreign(f)
}

// file reads the values of the file: objects, or one list.
func (r *reader) file() error {
	for n := 0; ; n++ {
		kind := r.PeekKind()
		switch {
		case n > 0 && kind != '{':
			return r.end()
		case n > 0 && r.listed:
			return &evidence.Error{Summary: "something follows the end of the export", Hint: hint}
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
				return nil
			}
			if err == nil {
				return &evidence.Error{Summary: "the file holds one bare value and no object", Hint: hint}
			}
		}
		if err != nil {
			return err
		}
	}
}

// content returns what was read, or the error with the record that it is about.
func (r *reader) content(err error) (content, error) {
	err = jsonfile.Unreadable("the export", err)
	if ours := (*evidence.Error)(nil); errors.As(err, &ours) {
		ours.Record = int64(r.Index)
	}
	if err == nil && r.records > 0 && r.nulls > 0 {
		err = &evidence.Error{Summary: fmt.Sprintf("%d of its records are null", r.nulls), Hint: hint}
	}
	if err != nil {
		return content{}, err
	}
	return content{records: r.records, nothing: r.records == 0 && (!r.listed || r.nulls > 0), more: r.more}, nil
}

// list visits the elements of a list; level is the number of lists and objects around them.
func (r *reader) list(level int) error {
	r.listed = true
	return r.List(func(value any) error { return r.record(value, level) })
}

// object visits the record that an object is, or those of its list if its other members are no properties of a record.
func (r *reader) object() error {
	members, listed, err := r.Object(func(name string, members map[string]any) func(any) error {
		if name != "value" || !isEnvelope(members) {
			return nil
		}
		r.listed = true
		level := 1 + min(len(members), 1)
		return func(value any) error { return r.record(value, level) }
	})
	switch {
	case err != nil:
		return err
	case !listed:
		return r.record(members, 0)
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if !isAround(name) {
			return &evidence.Error{Summary: fmt.Sprintf("a list is followed by %q", jsonfile.Clip(name)), Hint: hintResponse}
		}
	}
	return r.envelope(members)
}

// envelope notes what is around a list of records.
func (r *reader) envelope(around map[string]any) error {
	if isGraph(around) {
		return &evidence.Error{Summary: "the file holds an answer of Graph, and is named after a cmdlet", Hint: hintResponse}
	}
	_, r.more = around["@odata.nextLink"]
	return nil
}

// isEnvelope reports whether an object is around a list of records: it has no property of a record.
func isEnvelope(object map[string]any) bool {
	for name := range object {
		if !isAround(name) {
			return false
		}
	}
	return true
}

// isAround reports whether a member is an annotation, or the Count of Windows PowerShell.
func isAround(name string) bool { return name == "Count" || strings.Contains(name, "@") }

// isGraph reports whether an object is a response of Graph. The REST interface of Exchange responds in the form of OData
// as well, but with the properties that its cmdlets return.
func isGraph(object map[string]any) bool {
	context, ok := object["@odata.context"].(string)
	return ok && !strings.Contains(strings.ToLower(context), "/adminapi/")
}

// record visits a record. Windows PowerShell writes an empty object for nothing.
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
		return &evidence.Error{Summary: "the cmdlet failed: " + jsonfile.Clip(why), Hint: hint}
	}
	if page, ok := pageOf(record); ok {
		return r.page(record, page, level)
	}
	r.records++
	return r.visit(record, level)
}

// failureIn returns the message of an error that was saved instead of an answer: that of the REST interface of Exchange,
// or an ErrorRecord of PowerShell.
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

// page visits the records of a page that was read as a value: one of several, or one in which the list was wrapped.
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

// pageOf returns the list of an object that otherwise has only annotations.
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

func (r *reader) end() error {
	ended, err := r.End()
	if err == nil && !ended {
		err = &evidence.Error{Summary: "something follows the end of the export", Hint: hint}
	}
	return err
}

const (
	hint         = "Save what the cmdlet answers as it is: ConvertTo-Json -InputObject @(Get-...) -Depth 10."
	hintResponse = "Give the file another name; what it answers is read from its \"@odata.context\"."
)
