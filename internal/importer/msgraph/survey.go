package msgraph

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer/jsonfile"
	"github.com/posture-score/posture/internal/records"
)

// maxBytes bounds one file. Graph's own pages are far smaller.
const maxBytes = 256 << 20

// visitor is given every record of a file, and the index of the page that it
// stands in. An object that is the answer itself is its page's one record.
type visitor func(index int, record jsontext.Value) error

// walker goes through one file.
type walker struct {
	*jsontext.Decoder
	file  string
	limit int  // how long a value may be that is held
	level int  // how many lists and objects are around the response that is being read
	bare  bool // the name of the file says what a list without a response around it is
	fill  bool // the plan has to know which fields have a value
	visit visitor
	pages []page
}

// walk reads a file: one response, an array of them, the answer to a batch, or
// what PowerShell makes of these. Without a visitor, records are only counted.
func walk(ctx context.Context, files fs.FS, file string, limits evidence.Limits, visit visitor) ([]page, error) {
	f, err := files.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	known := endpoints()
	rank, from := named(known, file)
	w := &walker{
		Decoder: jsonfile.NewDecoder(ctx, f, maxBytes), file: file, limit: limits.RecordBytes, visit: visit,
		bare: rank >= 0, fill: rank >= 0 && (from.guessed || nullIsUnasked(known[rank].path)),
	}
	if w.limit <= 0 {
		w.limit = evidence.DefaultLimits().RecordBytes
	}
	if err := w.whole(); err != nil {
		return nil, jsonfile.Unreadable("the response", err)
	}
	return w.pages, nil
}

func (w *walker) whole() error {
	if err := w.top(); err != nil {
		return err
	}
	if _, err := w.ReadToken(); !errors.Is(err, io.EOF) {
		if err == nil {
			err = &evidence.Error{Summary: "the response cannot be read: something follows the end of the response"}
		}
		return err
	}
	return nil
}

func (w *walker) top() error {
	switch {
	case w.PeekKind() != '[':
		return w.response()
	case w.bare:
		return w.list(w.begin(), 1)
	}
	w.level++
	defer func() { w.level-- }()
	if _, err := w.ReadToken(); err != nil {
		return err
	}
	for w.PeekKind() != ']' {
		if err := w.response(); err != nil {
			return err
		}
	}
	_, err := w.ReadToken()
	return err
}

// begin adds a page. Pages are numbered in the order in which they begin, so
// that a second walk numbers them as the first did.
func (w *walker) begin() int {
	w.pages = append(w.pages, page{file: w.file, index: len(w.pages), level: w.level, count: -1})
	return len(w.pages) - 1
}

// response reads one response, or a value that is none.
func (w *walker) response() error {
	index := w.begin()
	if w.PeekKind() != '{' {
		// A list of bare values, or no JSON at all: the latter is an error.
		w.pages[index].nothing = true
		return w.SkipValue()
	}
	if _, err := w.ReadToken(); err != nil {
		return err
	}
	var own members
	batch := batch{from: len(w.pages)}
	for w.PeekKind() != '}' {
		token, err := w.ReadToken()
		if err != nil {
			return err
		}
		if err := w.member(index, token.String(), &own, &batch); err != nil {
			return err
		}
	}
	if _, err := w.ReadToken(); err != nil {
		return err
	}
	w.name(batch)
	p := &w.pages[index]
	p.nothing = !p.list && !p.outer && p.failure == "" && own.nothing()
	if p.list || p.failure != "" || len(own.raw) == 0 {
		return nil
	}
	return w.record(index, own.object())
}

// member reads one member of a response.
func (w *walker) member(index int, name string, own *members, batch *batch) error {
	kind := w.PeekKind()
	switch {
	case name == "value" && kind == '[':
		return w.list(index, 2)
	case name == "value" && kind == '{':
		return w.wrapped(index)
	case name == "responses" && kind == '[':
		w.pages[index].outer = true
		return w.batch()
	case name == "requests" && kind == '[':
		return w.requests(batch)
	case name == "error" && kind == '{':
		value, err := w.decoded()
		w.pages[index].failure = codeOf(value)
		return err
	case strings.HasPrefix(name, "@odata.") && (kind == '"' || kind == '0'):
		token, err := w.ReadToken()
		if err == nil {
			w.pages[index].annotate(name, token)
		}
		return err
	}
	if kind == '0' && strings.EqualFold(name, "Count") {
		return w.counted(index, own, name)
	}
	return own.take(w, name)
}

// counted reads a number that may tell how many records a list has, as the one
// does that Windows PowerShell writes beside it.
func (w *walker) counted(index int, own *members, name string) error {
	before := len(own.raw)
	if err := own.take(w, name); err != nil {
		return err
	}
	_, number, _ := strings.Cut(string(own.raw[before:]), ":")
	if n, err := strconv.ParseInt(number, 10, 64); err == nil && w.pages[index].count < 0 {
		w.pages[index].count = n
	}
	return nil
}

// annotate notes what OData says of a response.
func (p *page) annotate(name string, token jsontext.Token) {
	text := token.Kind() == '"'
	switch {
	case name == "@odata.context" && text:
		p.context = token.String()
	case name == "@odata.nextLink" && text:
		p.more, p.next = true, token.String()
	case name == "@odata.deltaLink" && text:
		p.changes = true
	case name == "@odata.id" && text && p.url == "":
		p.url = token.String()
	case name == "@odata.count" && !text:
		if n, err := strconv.ParseInt(token.String(), 10, 64); err == nil {
			p.count = n
		}
	}
}

// list reads the records of a page, which have some lists and objects around
// them within the response.
func (w *walker) list(index, around int) error {
	// Of two lists under one name the later counts, but the earlier was given
	// away already.
	if w.pages[index].list {
		return &evidence.Error{Summary: "the response has two lists"}
	}
	w.pages[index].list = true
	w.pages[index].level += around
	if _, err := w.ReadToken(); err != nil {
		return err
	}
	for w.PeekKind() != ']' {
		raw, err := w.ReadValue()
		if err != nil {
			return err
		}
		if err := w.element(index, raw); err != nil {
			return err
		}
	}
	_, err := w.ReadToken()
	return err
}

// element takes a record of a list, which is a response itself if the list is
// one of responses.
func (w *walker) element(index int, raw jsontext.Value) error {
	if w.pages[index].context == "" && isResponse(raw) {
		w.pages[index].outer = true
		part := &walker{
			Decoder: jsontext.NewDecoder(bytes.NewReader(bytes.Clone(raw)), jsontext.AllowDuplicateNames(true)),
			file:    w.file, limit: w.limit, level: w.pages[index].level, bare: w.bare, fill: w.fill, visit: w.visit, pages: w.pages,
		}
		err := part.response()
		w.pages = part.pages
		return err
	}
	w.pages[index].records++
	return w.record(index, raw)
}

// isResponse reports whether a record of a list bears a context of its own, or
// is an error or the answer to a batch.
func isResponse(raw jsontext.Value) bool {
	contains := func(name string) bool { return bytes.Contains(raw, []byte(name)) }
	if raw.Kind() != '{' || !contains(`"@odata.context"`) && !contains(`"error"`) && !contains(`"responses"`) {
		return false
	}
	value, err := records.Decode(raw, records.Limits{})
	fields, _ := value.(map[string]any)
	_, ok := fields["@odata.context"].(string)
	failure, _ := fields["error"].(map[string]any)
	_, batch := fields["responses"].([]any)
	return err == nil && (ok || failure["code"] != nil || batch)
}

// record hands a record on, or looks at it as far as the plan has to know.
func (w *walker) record(index int, raw jsontext.Value) error {
	if w.visit != nil {
		return w.visit(index, raw)
	}
	p := &w.pages[index]
	fill := w.fill && p.context == ""
	if !fill && !containsFold(raw, "deletedDateTime") {
		return nil
	}
	value, _ := records.Decode(raw, records.Limits{})
	fields, ok := value.(map[string]any)
	if !ok {
		return nil // whoever writes the record says so
	}
	if isDeleted(fields) {
		p.deleted++
	}
	if fill {
		p.filled = addFilled(p.filled, fields)
	}
	return nil
}

// wrapped reads a list that Windows PowerShell wrapped in value and Count, or
// one of a single record that became the record.
func (w *walker) wrapped(index int) error {
	if _, err := w.ReadToken(); err != nil {
		return err
	}
	var own members
	for w.PeekKind() != '}' {
		token, err := w.ReadToken()
		if err != nil {
			return err
		}
		name := token.String()
		if name == "value" && w.PeekKind() == '[' {
			err = w.list(index, 2)
		} else {
			err = own.take(w, name)
		}
		if err != nil {
			return err
		}
	}
	if _, err := w.ReadToken(); err != nil || w.pages[index].list {
		return err
	}
	w.pages[index].list = true
	w.pages[index].level++
	w.pages[index].records++
	return w.record(index, own.object())
}

// decoded reads one value.
func (w *walker) decoded() (any, error) {
	raw, err := w.ReadValue()
	if err != nil {
		return nil, err
	}
	return records.Decode(raw, records.Limits{})
}

// members are those of an object that may turn out to be a record.
type members struct{ raw []byte }

// take reads the value of a member.
func (m *members) take(w *walker, name string) error {
	value, err := w.ReadValue()
	if err != nil {
		return err
	}
	if len(m.raw)+len(value) > w.limit {
		return &evidence.Error{Summary: fmt.Sprintf("the object is longer than %d bytes", w.limit)}
	}
	separator := byte(',')
	if len(m.raw) == 0 {
		separator = '{'
	}
	m.raw = append(m.raw, separator)
	if m.raw, err = jsontext.AppendQuote(m.raw, name); err != nil {
		return err
	}
	m.raw = append(append(m.raw, ':'), value...)
	return nil
}

// nothing reports whether there is no member but a value that is no list.
func (m *members) nothing() bool {
	return len(m.raw) == 0 || string(m.raw) == `{"value":null`
}

func (m *members) object() jsontext.Value {
	if len(m.raw) == 0 {
		return jsontext.Value("{}")
	}
	return append(m.raw, '}')
}

func containsFold(raw []byte, name string) bool {
	return bytes.Contains(raw, []byte(name)) || bytes.Contains(raw, []byte(strings.ToUpper(name[:1])+name[1:]))
}
