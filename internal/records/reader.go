package records

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/posture-score/posture/internal/jsonscan"
)

// Layout is how a file holds its records. Its number is how many objects and arrays stand around a record.
type Layout int

// The layouts.
const (
	Sequence Layout = iota // values one after another, or a single one
	Array                  // the elements of an array
	Page                   // the elements of "value" in a page of Microsoft Graph
)

// Limits bound one record.
type Limits struct {
	RecordBytes int // as it is written
	Depth       int // objects and arrays inside one another
	Values      int // scalars, objects and arrays: an empty object takes two bytes, and many times that in memory
}

// DefaultLimits returns limits that fit every known export.
func DefaultLimits() Limits {
	return Limits{RecordBytes: 16 << 20, Depth: 64, Values: 16 << 20 / bytesOfValue}
}

// bytesOfValue is how long a value has to be, on average, if a record is as long as it may be.
const bytesOfValue = 32

func (l Limits) withDefaults() Limits {
	d := DefaultLimits()
	if l.RecordBytes <= 0 {
		l.RecordBytes = d.RecordBytes
	}
	if l.Depth <= 0 {
		l.Depth = d.Depth
	}
	if l.Values <= 0 {
		l.Values = max(d.Values, l.RecordBytes/bytesOfValue)
	}
	return l
}

// tooMany reports whether well-formed JSON has more values than it may. A value takes two bytes at least.
func (l Limits) tooMany(json []byte) bool {
	most := l.withDefaults().Values
	return len(json) > 2*most && jsonscan.Values(json) > most
}

// Record is one record as it is written in its file.
type Record struct {
	Index  int64  // counted from 0
	Offset int64  // bytes before it in the unpacked file
	JSON   []byte // well-formed, and valid until the next record is read
}

// Reader reads the records of one file in order. It is the reference for [Scan].
type Reader struct {
	dec     *jsontext.Decoder
	window  *window
	layout  Layout
	limits  Limits
	base    int64 // bytes before the first that the decoder sees
	records int64 // read so far
	within  bool  // inside a record
	inside  bool  // inside the array
	done    bool  // behind the array
}

// NewReader returns a reader of r, which begins base bytes into the file.
func NewReader(r io.Reader, base int64, l Layout, limits Limits) *Reader {
	w := &window{r: r}
	dec := jsontext.NewDecoder(w, jsontext.AllowDuplicateNames(true))
	return &Reader{dec: dec, window: w, base: base, layout: l, limits: limits}
}

// Next returns the next record, or io.EOF. Any other error is a [*SyntaxError] or one of reading.
func (r *Reader) Next() (Record, error) {
	rec, err := r.step()
	if err == nil || err == io.EOF { //nolint:errorlint // a wrapped EOF is an error of reading
		return rec, err
	}
	return Record{}, r.explain(err)
}

func (r *Reader) step() (Record, error) {
	if r.layout == Sequence {
		return r.value()
	}
	if !r.inside && !r.done {
		if err := r.openArray(); err != nil {
			return Record{}, err
		}
	}
	r.extendWindow()
	if r.inside && r.dec.PeekKind() != ']' {
		return r.value()
	}
	return Record{}, r.closeArray()
}

// openArray reads up to the first element of the array.
func (r *Reader) openArray() error {
	if r.layout == Page {
		return r.openPage()
	}
	r.extendWindow()
	_, err := r.dec.ReadToken()
	r.inside = err == nil
	return err
}

// closeArray checks what follows the array: io.EOF means that nothing is wrong.
func (r *Reader) closeArray() error {
	if !r.done {
		r.extendWindow()
		if _, err := r.dec.ReadToken(); err != nil {
			return err
		}
		r.inside, r.done = false, true
		if r.layout == Page {
			if err := r.closePage(); err != nil {
				return err
			}
		}
	}
	r.extendWindow()
	offset := r.dec.InputOffset()
	_, err := r.dec.ReadToken()
	if err == nil {
		return &SyntaxError{Offset: r.base + offset, Summary: "data follows the end of the JSON", Hint: "A file is one array, one object, or values one after another."}
	}
	return err
}

// value reads one record.
func (r *Reader) value() (Record, error) {
	r.extendWindow()
	r.within = true
	v, err := r.dec.ReadValue()
	if err != nil {
		return Record{}, err
	}
	rec := Record{Index: r.records, Offset: r.base + r.dec.InputOffset() - int64(len(v)), JSON: v}
	if len(v) > r.limits.RecordBytes {
		return Record{}, r.tooLong(rec.Offset)
	}
	if r.limits.tooMany(v) {
		return Record{}, tooManyValues(rec.Offset, "a record", r.limits.withDefaults().Values)
	}
	if err := inspect(v, r.limits.Depth); err != nil {
		var e *SyntaxError
		if errors.As(err, &e) {
			e.Offset += rec.Offset
		}
		return Record{}, err
	}
	r.records++
	r.within = false
	return rec, nil
}

// extendWindow lets the decoder read as far as one more record may reach.
func (r *Reader) extendWindow() {
	r.window.until = r.dec.InputOffset() + int64(r.limits.RecordBytes) + windowSlack
}

func (r *Reader) tooLong(offset int64) *SyntaxError {
	return &SyntaxError{
		Offset: offset, Summary: "a record is longer than " + FormatBytes(int64(r.limits.RecordBytes)),
		Hint: "Records are held one at a time; one of this size is hardly evidence.",
	}
}

// openPage reads up to the first element of "value".
func (r *Reader) openPage() error {
	r.extendWindow()
	if _, err := r.dec.ReadToken(); err != nil {
		return err
	}
	for {
		name, err := r.memberName()
		if err != nil {
			return err
		}
		if name == "value" {
			r.extendWindow()
			_, err := r.dec.ReadToken()
			r.inside = true
			return err
		}
		if err := r.skipValue(); err != nil {
			return err
		}
	}
}

// closePage reads what follows "value".
func (r *Reader) closePage() error {
	for {
		r.extendWindow()
		if r.dec.PeekKind() == '}' {
			_, err := r.dec.ReadToken()
			return err
		}
		offset := r.base + r.dec.InputOffset()
		name, err := r.memberName()
		if err != nil {
			return err
		}
		if name == "value" {
			return &SyntaxError{Offset: offset, Summary: `"value" occurs twice in one page`}
		}
		if err := r.skipValue(); err != nil {
			return err
		}
	}
}

// memberName reads the name of a member of the page.
func (r *Reader) memberName() (string, error) {
	r.extendWindow()
	offset := r.base + r.dec.InputOffset()
	t, err := r.dec.ReadToken()
	if err != nil {
		return "", err
	}
	name := t.String()
	r.extendWindow()
	if name == "@odata.nextLink" && r.dec.PeekKind() != 'n' {
		return "", &SyntaxError{
			Offset: offset, Summary: `pages are missing: "@odata.nextLink" leads to another one`,
			Hint: "Follow the link until there is none, and put the elements of all pages into one file.",
		}
	}
	return name, nil
}

// skipValue skips one value of any size.
func (r *Reader) skipValue() error {
	depth := r.dec.StackDepth()
	for {
		r.extendWindow()
		if _, err := r.dec.ReadToken(); err != nil {
			return err
		}
		if r.dec.StackDepth() <= depth {
			return nil
		}
	}
}

// explain converts an error of the decoder to a SyntaxError; others it returns as they are.
func (r *Reader) explain(err error) error {
	var e *SyntaxError
	if errors.As(err, &e) {
		if e == r.window.full {
			rest := r.dec.UnreadBuffer()
			space := len(rest) - len(bytes.TrimLeft(rest, " \t\r\n,"))
			e = r.tooLong(r.base + r.dec.InputOffset() + int64(space))
		}
	} else {
		var syntactic *jsontext.SyntacticError
		if !errors.As(err, &syntactic) {
			return err
		}
		// What the decoder has not used begins before the place of the error.
		rest := r.dec.UnreadBuffer()
		skip := min(max(syntactic.ByteOffset-r.dec.InputOffset(), 0), int64(len(rest)))
		e = newSyntaxError(syntactic, rest[skip:])
		if strings.Count(string(syntactic.JSONPointer), "/") > r.limits.Depth {
			e = tooDeep(syntactic.ByteOffset, r.limits.Depth)
		}
		e.Offset += r.base
	}
	if r.within {
		e.Record = r.records + 1
	}
	return e
}

// windowSlack is the room for white space and a comma before a record.
const windowSlack = 4 << 10

// window is a reader that fails before a record that is too long would be held.
type window struct {
	r          io.Reader
	pos, until int64
	full       *SyntaxError
}

func (w *window) Read(p []byte) (int, error) {
	if w.pos >= w.until {
		w.full = &SyntaxError{Offset: -1, Summary: "too long"}
		return 0, w.full
	}
	if int64(len(p)) > w.until-w.pos {
		p = p[:w.until-w.pos]
	}
	n, err := w.r.Read(p)
	w.pos += int64(n)
	return n, err
}
