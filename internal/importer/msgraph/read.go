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

// visitor is called with every record of a file, and the index of its page. An object that is the
// answer itself is the one record of its page.
type visitor func(index int, record jsontext.Value) error

// walker reads one file.
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

// walk reads a file: one response, an array of them, the answer to a batch, or what PowerShell
// makes of these. Without a visitor, records are only counted.
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

// begin adds a page. Pages are numbered in the order in which they begin, so that a second walk
// numbers them like the first.
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

// counted reads a number that may be the length of a list, such as the one that Windows PowerShell
// writes next to it.
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

// annotate sets what OData says of a response.
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

// list reads the records of a page; around is the number of lists and objects around them within
// the response.
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

// element reads a record of a list. In a list of responses it is a response.
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

// isResponse reports whether a record of a list has a context of its own, or is an error or the
// answer to a batch.
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

// record visits a record, or notes what the plan needs to know of it.
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

// wrapped reads a list that Windows PowerShell wrapped in value and Count, or a list of one that
// became its record.
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

// addExpanded adds members that the record of their group lists.
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

// nothing reports whether there is no member, or only a value that is no list.
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

// page is one response as it was saved.
type page struct {
	file    string
	index   int // in the file
	level   int // how many lists and objects are around a record of it
	context string
	url     string // of the request, where it was saved as well
	next    string // of the next page
	id      string // of the request in a batch
	list    bool   // it has a list of records, rather than being one
	records int64  // in the list
	deleted int64  // of them, those that were deleted
	count   int64  // of all pages, if the request asked for it; -1 if not
	more    bool   // a next page is named
	changes bool   // a delta link is named
	outer   bool   // its records are responses
	nothing bool   // it is neither a list nor a record, as null is
	failure string
	filled  map[string]bool // the fields that some record has with a value, in small letters, where that matters
}

// codeOf returns the code of an error of Graph.
func codeOf(value any) string {
	if fields, ok := value.(map[string]any); ok {
		if code, ok := fields["code"].(string); ok && code != "" {
			return jsonfile.Clip(code)
		}
	}
	return "an error without a code"
}

// batch is the answer to a JSON batch, as far as it was read.
type batch struct {
	from int               // index of its first page
	urls map[string]string // of the requests, by id, where they were saved in the same object
}

// batch reads the responses of a batch: each has a status and, in its body, what Graph would have returned alone.
func (w *walker) batch() error {
	if _, err := w.ReadToken(); err != nil {
		return err
	}
	for w.PeekKind() != ']' {
		if w.PeekKind() != '{' {
			if err := w.SkipValue(); err != nil {
				return err
			}
			continue
		}
		if err := w.part(); err != nil {
			return err
		}
	}
	_, err := w.ReadToken()
	return err
}

// part reads one response of a batch.
func (w *walker) part() error {
	if _, err := w.ReadToken(); err != nil {
		return err
	}
	first, id, status := len(w.pages), "", ""
	for w.PeekKind() != '}' {
		name, err := w.ReadToken()
		if err != nil {
			return err
		}
		member := name.String() // before the decoder goes on
		kind := w.PeekKind()
		switch {
		case member == "body" && kind == '{':
			w.level += 3 // the batch, its list and this object
			err = w.response()
			w.level -= 3
		case (member == "id" || member == "status") && (kind == '"' || kind == '0'):
			token, failed := w.ReadToken()
			if err = failed; member == "id" {
				id = token.String()
			} else {
				status = token.String()
			}
		default:
			err = w.SkipValue()
		}
		if err != nil {
			return err
		}
	}
	if _, err := w.ReadToken(); err != nil {
		return err
	}
	if len(w.pages) == first {
		w.begin()
	}
	p := &w.pages[first]
	p.id = id
	if p.failure == "" && (len(status) != 3 || status[0] != '2') {
		p.failure = fmt.Sprintf("HTTP status %s", jsonfile.Clip(status))
	}
	return nil
}

// requests reads the requests of a batch.
func (w *walker) requests(b *batch) error {
	value, err := w.decoded()
	if err != nil {
		return err
	}
	b.urls = map[string]string{}
	list, _ := value.([]any)
	for _, one := range list {
		request, _ := one.(map[string]any)
		url, ok := request["url"].(string)
		if id := request["id"]; ok && id != nil {
			b.urls[fmt.Sprint(id)] = url
		}
	}
	return nil
}

// name sets the addresses of the requests of the pages of a batch.
func (w *walker) name(b batch) {
	for i := b.from; i < len(w.pages); i++ {
		if url, ok := b.urls[w.pages[i].id]; ok && w.pages[i].id != "" {
			w.pages[i].url = url
		}
	}
}
