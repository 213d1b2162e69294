package manual

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"sort"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer/jsonfile"
	"github.com/posture-score/posture/schemas"
)

const (
	// maxBytes bounds a file.
	maxBytes = 4 << 30
	// maxProblems is the number of problems of a file that its error lists.
	maxProblems = 10
)

// File is a file of records: a list of them, one object, or one after another, as in NDJSON.
type File struct {
	Name    string // in errors
	Dataset *schemas.Dataset
	Limits  evidence.Limits
	Unknown func(field string) // called once for each field that the schema does not name; may be nil
}

// Records reads the records. If any has a problem, the last pair is an error that lists the problems with their lines: no record
// counts then.
func (f File) Records(ctx context.Context, from io.Reader) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		text := &lines{from: jsonfile.Text(from)}
		r := &reader{File: f, lines: text, Decoder: jsonfile.NewDecoder(ctx, text, maxBytes), yield: yield, seen: map[string]bool{}}
		if err := r.all(); err != nil && !errors.Is(err, errStop) {
			yield(nil, err)
		}
	}
}

// errStop ends reading when the caller stops the iteration.
var errStop = errors.New("stop")

// reader reads one file.
type reader struct {
	File
	*jsontext.Decoder
	lines    *lines
	yield    func(any, error) bool
	seen     map[string]bool // fields that the schema does not name
	records  int64
	problems []error // the first ones
	more     int     // the others
}

func (r *reader) all() error {
	list := r.PeekKind() == '['
	if list {
		if _, err := r.ReadToken(); err != nil {
			return r.unreadable(err)
		}
	}
	for r.PeekKind() != ']' || !list {
		err := r.next()
		if errors.Is(err, io.EOF) && !list {
			return r.end(list)
		}
		if err != nil {
			return err
		}
	}
	if _, err := r.ReadToken(); err != nil {
		return r.unreadable(err)
	}
	if _, err := r.ReadToken(); !errors.Is(err, io.EOF) {
		return r.at(r.InputOffset(), "something follows the end of the list", "")
	}
	return r.end(list)
}

// next reads one record, and yields it unless there was a problem before.
func (r *reader) next() error {
	raw, err := r.ReadValue()
	if errors.Is(err, io.EOF) {
		return io.EOF
	}
	if err != nil {
		return r.unreadable(err)
	}
	r.records++
	start := r.InputOffset() - int64(len(raw))
	value, err := jsonfile.Decode(raw, r.Limits)
	if err != nil {
		r.add(r.at(start, err.Error(), ""))
		return nil
	}
	record, ok := value.(map[string]any)
	if !ok {
		r.add(r.at(start, "the record is no object", "Records are objects with the fields that the schema of "+r.Dataset.Name+" names."))
		return nil
	}
	for _, v := range r.Dataset.Validate(value) {
		text := v.Message
		if v.Pointer != "" {
			text = v.Pointer + ": " + text
		}
		r.add(r.at(start, text, ""))
	}
	r.reportUnknown(record)
	if r.Dataset.Kind == schemas.Document && r.records > 1 {
		return nil
	}
	if len(r.problems) == 0 && !r.yield(record, nil) {
		return errStop
	}
	return nil
}

// reportUnknown calls Unknown for the fields of a record that the schema does not name.
func (r *reader) reportUnknown(record map[string]any) {
	properties, _ := r.Dataset.Shape()["properties"].(map[string]any)
	var unknown []string
	for field := range record {
		if properties[field] == nil && !r.seen[field] {
			r.seen[field] = true
			unknown = append(unknown, field)
		}
	}
	sort.Strings(unknown)
	for _, field := range unknown {
		if r.Unknown != nil {
			r.Unknown(field)
		}
	}
}

// end returns all problems as one error.
func (r *reader) end(list bool) error {
	one := r.Dataset.Kind == schemas.Document
	switch {
	case len(r.problems) > 0:
	case one && r.records != 1:
		return &evidence.Error{Path: r.Name, Summary: fmt.Sprintf("it holds %d objects; %s is one", r.records, r.Dataset.Name)}
	case r.records == 0 && !list:
		return &evidence.Error{Path: r.Name, Summary: "it is empty", Hint: "Write [] if there are none."}
	case r.records == 0 && r.Dataset.NeverEmpty:
		return &evidence.Error{Path: r.Name, Summary: "it holds no record; every tenant has some of " + r.Dataset.Name}
	}
	if r.more > 0 {
		r.problems = append(r.problems, fmt.Errorf("and %d more", r.more))
	}
	return errors.Join(r.problems...)
}

func (r *reader) add(problem error) {
	if len(r.problems) == maxProblems {
		r.more++
		return
	}
	r.problems = append(r.problems, problem)
}

// at returns the error at an offset.
func (r *reader) at(offset int64, summary, hint string) error {
	line, column := r.lines.position(offset)
	return &evidence.Error{Path: r.Name, Line: line, Column: column, Offset: offset, Record: r.records, Summary: summary, Hint: hint}
}

// unreadable returns the error of a file whose text is no JSON.
func (r *reader) unreadable(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	r.records++
	var syntax *jsontext.SyntacticError
	switch {
	case !errors.As(err, &syntax):
		return r.at(r.InputOffset(), jsonfile.Explain(err), "")
	case r.records > 1 || syntax.ByteOffset > 0:
		return r.at(syntax.ByteOffset, jsonfile.Explain(err), "")
	}
	return &evidence.Error{
		Path: r.Name, Summary: "it cannot be read: " + jsonfile.Explain(err),
		Hint: "Write a JSON list of records, one object, or one record a line; tables such as CSV keep no types.",
	}
}

// lines maps offsets to lines and columns. Offsets are asked for in ascending order: it forgets the lines before the last one.
type lines struct {
	from   io.Reader
	n      int64   // bytes read
	breaks []int64 // offsets behind line breaks
	passed int     // the number of line breaks that are forgotten
	start  int64   // of the last line that is
}

// Read is part of [io.Reader].
func (l *lines) Read(p []byte) (int, error) {
	n, err := l.from.Read(p)
	for i, c := range p[:n] {
		if c == '\n' {
			l.breaks = append(l.breaks, l.n+int64(i)+1)
		}
	}
	l.n += int64(n)
	return n, err
}

// position returns the line and the column of an offset, from 1.
func (l *lines) position(offset int64) (line, column int) {
	for len(l.breaks) > 0 && l.breaks[0] <= offset {
		l.start = l.breaks[0]
		l.breaks = l.breaks[1:]
		l.passed++
	}
	return l.passed + 1, int(offset-l.start) + 1
}
