package graph

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/evidence/powershell"
)

// maxBytes bounds one file. Graph's own pages are far smaller.
const maxBytes = 256 << 20

// page is one response as it was saved.
type page struct {
	file    string
	index   int // in the file
	context string
	list    bool  // it has a list of records, rather than being one
	records int64 // in the list
	count   int64 // of all pages, if the request asked for it; -1 if not
	more    bool  // a next page is named
	changes bool  // a delta link is named
	failure string
}

// visitor is given every record of the lists of a file, and the index of the
// page. Without one, records are only counted.
type visitor func(index int, record jsontext.Value) error

// walk reads a file: one response, or an array of them.
func walk(ctx context.Context, files fs.FS, file string, visit visitor) ([]page, error) {
	f, err := files.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	decoder := powershell.NewDecoder(ctx, f, maxBytes)
	pages, err := responses(decoder, file, visit)
	if err != nil {
		return nil, err
	}
	if _, err := decoder.ReadToken(); !errors.Is(err, io.EOF) {
		if err == nil {
			err = errors.New("something follows the end of the response")
		}
		return nil, unreadable(err)
	}
	return pages, nil
}

func responses(decoder *jsontext.Decoder, file string, visit visitor) ([]page, error) {
	if decoder.PeekKind() != '[' {
		p, err := response(decoder, file, 0, visit)
		return []page{p}, err
	}
	if context := bareContext(file); context != "" {
		p := page{file: file, count: -1, context: context}
		err := p.each(decoder, visit)
		return []page{p}, err
	}
	if _, err := decoder.ReadToken(); err != nil {
		return nil, unreadable(err)
	}
	pages := []page{}
	for decoder.PeekKind() != ']' {
		p, err := response(decoder, file, len(pages), visit)
		if err != nil {
			return nil, err
		}
		pages = append(pages, p)
	}
	_, err := decoder.ReadToken()
	return pages, unreadable(err)
}

func response(decoder *jsontext.Decoder, file string, index int, visit visitor) (page, error) {
	p := page{file: file, index: index, count: -1}
	if decoder.PeekKind() != '{' {
		// A list of bare values, or no JSON at all: the latter is an error.
		return p, unreadable(decoder.SkipValue())
	}
	if _, err := decoder.ReadToken(); err != nil {
		return p, unreadable(err)
	}
	for decoder.PeekKind() != '}' {
		name, err := decoder.ReadToken()
		if err != nil {
			return p, unreadable(err)
		}
		if err := p.member(decoder, name.String(), visit); err != nil {
			return p, err
		}
	}
	_, err := decoder.ReadToken()
	return p, unreadable(err)
}

func (p *page) member(decoder *jsontext.Decoder, name string, visit visitor) error {
	kind := decoder.PeekKind()
	switch {
	case name == "value" && kind == '[':
		return p.each(decoder, visit)
	case name == "error" && kind == '{':
		return p.error(decoder)
	case kind != '"' && kind != '0':
		return unreadable(decoder.SkipValue())
	}
	token, err := decoder.ReadToken()
	if err != nil {
		return unreadable(err)
	}
	switch {
	case name == "@odata.context" && kind == '"':
		p.context = token.String()
	case name == "@odata.nextLink" && kind == '"':
		p.more = true
	case name == "@odata.deltaLink" && kind == '"':
		p.changes = true
	case name == "@odata.count" && kind == '0':
		if n, err := strconv.ParseInt(token.String(), 10, 64); err == nil {
			p.count = n
		}
	}
	return nil
}

func (p *page) each(decoder *jsontext.Decoder, visit visitor) error {
	// Of two lists under one name the later counts, but the earlier was given
	// away already.
	if p.list {
		return &evidence.Error{Summary: "the response has two lists"}
	}
	p.list = true
	if _, err := decoder.ReadToken(); err != nil {
		return unreadable(err)
	}
	for decoder.PeekKind() != ']' {
		p.records++
		if visit == nil {
			if err := decoder.SkipValue(); err != nil {
				return unreadable(err)
			}
			continue
		}
		record, err := decoder.ReadValue()
		if err != nil {
			return unreadable(err)
		}
		if err := visit(p.index, record); err != nil {
			return err
		}
	}
	_, err := decoder.ReadToken()
	return unreadable(err)
}

// error takes the code of an error that Graph answered with.
func (p *page) error(decoder *jsontext.Decoder) error {
	raw, err := decoder.ReadValue()
	if err != nil {
		return unreadable(err)
	}
	p.failure = "an error without a code"
	value, err := evidence.Decode(raw, evidence.DefaultLimits())
	if err != nil {
		return err
	}
	if fields, ok := value.(map[string]any); ok {
		if code, ok := fields["code"].(string); ok && code != "" {
			p.failure = clip(code)
		}
	}
	return nil
}

// clip keeps a foreign text from filling a screen.
func clip(text string) string {
	const most = 80
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return text
}

// unreadable words what is wrong with the text of a response; nil if nothing is.
func unreadable(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return &evidence.Error{Summary: "the response cannot be read: " + powershell.Explain(err)}
}

// whole reads one response as a value.
func whole(ctx context.Context, files fs.FS, p page, limits evidence.Limits) (map[string]any, error) {
	f, err := files.Open(p.file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	decoder := powershell.NewDecoder(ctx, f, maxBytes)
	if decoder.PeekKind() == '[' {
		if _, err := decoder.ReadToken(); err != nil {
			return nil, unreadable(err)
		}
		for range p.index {
			if err := decoder.SkipValue(); err != nil {
				return nil, unreadable(err)
			}
		}
	}
	raw, err := decoder.ReadValue()
	if err != nil {
		return nil, unreadable(err)
	}
	value, err := evidence.Decode(raw, limits)
	if err != nil {
		return nil, err
	}
	record, ok := value.(map[string]any)
	if !ok {
		return nil, errors.New("the response is no object")
	}
	return record, nil
}
