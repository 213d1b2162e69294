package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// layout is how a file holds its records.
type layout int

const (
	sequence layout = iota // values one after another, or a single one
	array                  // the elements of an array
	page                   // the elements of "value" in a page of Microsoft Graph
)

// scanner finds the records of one file. Another way of finding them can take
// its place as long as it has newScanner, next and findLayout.
type scanner struct {
	dec    *jsontext.Decoder
	window *window
	layout layout
	limits Limits
	base   int64 // bytes before the first that the decoder sees
	record int64 // records given so far
	within bool  // one is being read
	inside bool  // within the array
	done   bool  // after the array
}

// newScanner scans r, which begins base bytes into the file.
func newScanner(r io.Reader, base int64, l layout, limits Limits) *scanner {
	w := &window{r: r}
	dec := jsontext.NewDecoder(w, jsontext.AllowDuplicateNames(true))
	return &scanner{dec: dec, window: w, base: base, layout: l, limits: limits}
}

// next gives the next record, whose JSON is valid until the one after it, or
// io.EOF. Any other error is a *fault or comes from the reader.
func (s *scanner) next() (Record, error) {
	rec, err := s.step()
	if err == nil || err == io.EOF { //nolint:errorlint // a wrapped EOF is no end, but something cut off
		return rec, err
	}
	return Record{}, s.explain(err)
}

func (s *scanner) step() (Record, error) {
	if s.layout == sequence {
		return s.value()
	}
	if !s.inside && !s.done {
		if err := s.enter(); err != nil {
			return Record{}, err
		}
	}
	s.room()
	if s.inside && s.dec.PeekKind() != ']' {
		return s.value()
	}
	return Record{}, s.leave()
}

// enter reads up to the first element of the array.
func (s *scanner) enter() error {
	if s.layout == page {
		return s.enterPage()
	}
	s.room()
	_, err := s.dec.ReadToken()
	s.inside = err == nil
	return err
}

// leave checks what follows the array: it gives io.EOF if all is well.
func (s *scanner) leave() error {
	if !s.done {
		s.room()
		if _, err := s.dec.ReadToken(); err != nil {
			return err
		}
		s.inside, s.done = false, true
		if s.layout == page {
			if err := s.leavePage(); err != nil {
				return err
			}
		}
	}
	s.room()
	offset := s.dec.InputOffset()
	_, err := s.dec.ReadToken()
	if err == nil {
		return &fault{offset: s.base + offset, summary: "data follows the end of the JSON", hint: "A file is one array, one object, or values one after another."}
	}
	return err
}

// value reads one record.
func (s *scanner) value() (Record, error) {
	s.room()
	s.within = true
	v, err := s.dec.ReadValue()
	if err != nil {
		return Record{}, err
	}
	rec := Record{Index: s.record, Offset: s.base + s.dec.InputOffset() - int64(len(v)), JSON: v}
	if len(v) > s.limits.RecordBytes {
		return Record{}, s.tooLong(rec.Offset)
	}
	if f := inspect(v, s.limits.Depth); f != nil {
		f.offset += rec.Offset
		return Record{}, f
	}
	s.record++
	s.within = false
	return rec, nil
}

// room lets the decoder read as far as one more record may reach.
func (s *scanner) room() {
	s.window.until = s.dec.InputOffset() + int64(s.limits.RecordBytes) + windowSlack
}

func (s *scanner) tooLong(offset int64) *fault {
	return &fault{
		offset: offset, summary: "a record is longer than " + size(int64(s.limits.RecordBytes)),
		hint: "Records are held one at a time; one of this size is hardly evidence.",
	}
}

// enterPage reads up to the first element of "value".
func (s *scanner) enterPage() error {
	s.room()
	if _, err := s.dec.ReadToken(); err != nil {
		return err
	}
	for {
		name, err := s.member()
		if err != nil {
			return err
		}
		if name == "value" {
			s.room()
			_, err := s.dec.ReadToken()
			s.inside = true
			return err
		}
		if err := s.skip(); err != nil {
			return err
		}
	}
}

// leavePage reads what comes after "value".
func (s *scanner) leavePage() error {
	for {
		s.room()
		if s.dec.PeekKind() == '}' {
			_, err := s.dec.ReadToken()
			return err
		}
		offset := s.base + s.dec.InputOffset()
		name, err := s.member()
		if err != nil {
			return err
		}
		if name == "value" {
			return &fault{offset: offset, summary: `"value" occurs twice in one page`}
		}
		if err := s.skip(); err != nil {
			return err
		}
	}
}

// member reads the name of a member of the page.
func (s *scanner) member() (string, error) {
	s.room()
	offset := s.base + s.dec.InputOffset()
	t, err := s.dec.ReadToken()
	if err != nil {
		return "", err
	}
	name := t.String()
	s.room()
	if name == "@odata.nextLink" && s.dec.PeekKind() != 'n' {
		return "", &fault{
			offset: offset, summary: `pages are missing: "@odata.nextLink" leads to another one`,
			hint: "Follow the link until there is none, and put the elements of all pages into one file.",
		}
	}
	return name, nil
}

// skip reads over one value of any size.
func (s *scanner) skip() error {
	depth := s.dec.StackDepth()
	for {
		s.room()
		if _, err := s.dec.ReadToken(); err != nil {
			return err
		}
		if s.dec.StackDepth() <= depth {
			return nil
		}
	}
}

// findLayout reads as much of a file as tells its layout.
func findLayout(r io.Reader, base int64, limits Limits) (layout, error) {
	s := newScanner(r, base, sequence, limits)
	l, err := s.findLayout(nil)
	if err != nil && err != io.EOF { //nolint:errorlint // as above
		return l, s.explain(err)
	}
	return l, nil
}

// findLayout asks far, if there is one, when it would have to read all of a list
// "value" to know more. others says that it has seen what no page begins with.
func (s *scanner) findLayout(far func(others bool) (layout, error)) (layout, error) {
	s.room()
	switch s.dec.PeekKind() {
	case '[':
		return array, nil
	case '{':
	default:
		return sequence, nil
	}
	if _, err := s.dec.ReadToken(); err != nil {
		return sequence, err
	}
	context, values, others := false, false, false
	for {
		s.room()
		if s.dec.PeekKind() == '}' {
			if values && (context || !others) {
				return page, nil
			}
			return sequence, nil
		}
		t, err := s.dec.ReadToken()
		if err != nil {
			return sequence, err
		}
		switch name := t.String(); {
		case name == "@odata.context":
			context = true
		case name == "value":
			s.room()
			values = s.dec.PeekKind() == '['
			others = others || !values
		case !strings.HasPrefix(name, "@odata."):
			others = true
		}
		if context && values {
			return page, nil
		}
		if values && far != nil {
			return far(others)
		}
		if err := s.skip(); err != nil {
			return sequence, err
		}
	}
}

// explain words an error of the decoder.
func (s *scanner) explain(err error) error {
	var f *fault
	if errors.As(err, &f) {
		if f == s.window.full {
			rest := s.dec.UnreadBuffer()
			blanks := len(rest) - len(bytes.TrimLeft(rest, " \t\r\n,"))
			f = s.tooLong(s.base + s.dec.InputOffset() + int64(blanks))
		}
	} else {
		var syntactic *jsontext.SyntacticError
		if !errors.As(err, &syntactic) {
			return err
		}
		// What the decoder has not used begins before the place of the error.
		rest := s.dec.UnreadBuffer()
		skip := min(max(syntactic.ByteOffset-s.dec.InputOffset(), 0), int64(len(rest)))
		f = syntaxFault(syntactic, rest[skip:])
		if strings.Count(string(syntactic.JSONPointer), "/") > s.limits.Depth {
			f = tooDeep(syntactic.ByteOffset, s.limits.Depth)
		}
		f.offset += s.base
	}
	if s.within {
		f.record = s.record + 1
	}
	return f
}

// syntaxFault words an error of JSON's grammar; rest is what stands there.
func syntaxFault(err *jsontext.SyntacticError, rest []byte) *fault {
	f := &fault{offset: err.ByteOffset, cause: err}
	r, n := utf8.DecodeRune(rest)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF) || len(rest) == 0:
		f.summary, f.hint = "the JSON ends before it is complete", "The file was cut off: collect it again."
	case r == utf8.RuneError && n == 1:
		f.summary, f.hint = "the text is not valid UTF-8", "Save the file as UTF-8."
	default:
		f.summary = "the JSON is not well-formed"
		if err.Err != nil {
			f.summary += ": " + err.Err.Error()
		}
		for _, word := range []string{"NaN", "Infinity", "-Infinity", "nan", "inf", "-inf"} {
			if bytes.HasPrefix(rest, []byte(word)) {
				f.summary, f.hint = word+" is not a number in JSON", "Write null for a value that is not there."
			}
		}
	}
	return f
}

func tooDeep(offset int64, depth int) *fault {
	return &fault{offset: offset, summary: fmt.Sprintf("the JSON is nested more than %d levels deep", depth)}
}

// windowSlack is room for blanks and a comma before a record.
const windowSlack = 4 << 10

// window is a reader that ends where a record that is too long would be held.
type window struct {
	r          io.Reader
	pos, until int64
	full       *fault
}

func (w *window) Read(p []byte) (int, error) {
	if w.pos >= w.until {
		w.full = &fault{offset: -1, summary: "too long"}
		return 0, w.full
	}
	if int64(len(p)) > w.until-w.pos {
		p = p[:w.until-w.pos]
	}
	n, err := w.r.Read(p)
	w.pos += int64(n)
	return n, err
}
