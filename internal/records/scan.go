package records

import (
	"bytes"
	"context"
	"errors"
	"io"
	"runtime"

	"github.com/posture-score/posture/internal/jsonscan"
)

// Invariant: the parts that merge receives hold, in order, the records that Each visits, and the errors are those of Each. The
// number of workers and the size of blocks decide where parts begin, and nothing else.

// Source is a file of records.
type Source interface {
	// Open opens the file at its beginning.
	Open(ctx context.Context) (*Input, error)
	// Limits bound its records; no field is zero.
	Limits() Limits
	// Explain adds the name of the file to an error of reading it, and the line to a [*SyntaxError].
	Explain(ctx context.Context, err error) error
	// Complete compares the number of records with the expected one, after a complete pass.
	Complete(records int64) error
}

// Input is an open file: unpacked, bounded, and behind its byte-order mark.
type Input struct {
	io.Reader
	Base  int64 // bytes of the byte-order mark
	Size  int64 // bytes in total, with the byte-order mark; negative if unknown
	Close func()
	// Verify reads what is left of the file, and compares all that was read of it with what is expected of the file. It may be nil.
	Verify func() error
}

// verify calls Verify, unless there is nothing to call or the context has ended.
func (in *Input) verify(ctx context.Context) error {
	if in.Verify != nil && ctx.Err() == nil {
		return in.Verify()
	}
	return nil
}

// Each calls visit with every record, in order, until it returns false. A complete pass ends with Input.Verify and Source.Complete;
// an error of Input.Verify comes before any other that is found in the file.
func Each(ctx context.Context, src Source, visit func(Record) bool) error {
	in, layout, err := open(ctx, src, func(in *Input) (Layout, error) { return layoutOf(ctx, src, in) })
	if err != nil {
		return err
	}
	defer in.Close()
	r := NewReader(in, in.Base, layout, src.Limits())
	for {
		if err := ctx.Err(); err != nil {
			return src.Explain(ctx, err)
		}
		rec, err := r.Next()
		if err != nil {
			if changed := in.verify(ctx); changed != nil {
				return changed
			}
		}
		if err == io.EOF { //nolint:errorlint // a wrapped EOF is an error of reading
			return src.Complete(r.records)
		}
		if err != nil {
			return src.Explain(ctx, err)
		}
		if !visit(rec) {
			return nil
		}
	}
}

// replayBytes bounds what finding the layout may read for the file not to be opened again.
const replayBytes = 128 << 10

// layoutOf finds the layout of a file, and explains an error.
func layoutOf(ctx context.Context, src Source, in *Input) (Layout, error) {
	l, err := FindLayout(in, in.Base, src.Limits())
	if err != nil {
		err = src.Explain(ctx, err)
	}
	return l, err
}

// open opens a file and finds its layout, which is that of the bytes that are read later, or is told by others that are verified.
func open(ctx context.Context, src Source, find func(*Input) (Layout, error)) (*Input, Layout, error) {
	in, err := src.Open(ctx)
	if err != nil {
		return nil, Sequence, err
	}
	head := &prefix{r: in.Reader}
	l, err := find(&Input{Reader: head, Base: in.Base, Size: in.Size})
	if err != nil || head.long {
		if changed := in.verify(ctx); changed != nil {
			err = changed
		}
		in.Close()
	}
	switch {
	case err != nil:
		return nil, l, err
	case head.long:
		in, err = src.Open(ctx)
		return in, l, err
	}
	in.Reader = io.MultiReader(bytes.NewReader(head.bytes), in.Reader)
	return in, l, nil
}

// prefix is a reader that keeps what was read.
type prefix struct {
	r     io.Reader
	bytes []byte
	long  bool // it was too much to keep
}

func (p *prefix) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	if p.long = p.long || len(p.bytes)+n > replayBytes; p.long {
		p.bytes = nil
	} else {
		p.bytes = append(p.bytes, b[:n]...)
	}
	return n, err
}

// View is one record, valid until the Record method of the [Visitor] returns.
type View struct {
	json   []byte
	pruner *jsonscan.Pruner
}

// JSON returns the whole record as it is written.
func (v *View) JSON() []byte { return v.json }

// Slot returns the JSON of field i of the options, pruned by its mask: nil if it is absent or the record is no object.
func (v *View) Slot(i int) []byte { return v.pruner.Slot(i) }

// Object reports whether the record is an object.
func (v *View) Object() bool { return v.pruner.Object() }

// Visitor visits the records of one part of a file after another. It is used by one goroutine at a time.
//
// Parts are read speculatively: some are begun and never ended, and results of End are dropped. So a result of End must not
// change when the next part begins, and a visitor must not act on what it visits.
type Visitor[P any] interface {
	// Begin begins a part, and drops a part that was not ended. first is the index of its first record, counted from 0; -1 if it
	// is not known yet.
	Begin(first int64)
	// Record visits a record. An error ends the part without End, and the scan as well if the part is not dropped.
	Record(*View) error
	// End returns the result of the part.
	End() P
}

// Options say how to scan. A field that is zero stands for its default.
type Options struct {
	Fields    []jsonscan.Field // field i is in slot i of a View
	Workers   int              // how many scan at once; default GOMAXPROCS
	BlockSize int              // bytes that a worker scans at once
	Serial    int64            // at least this many records are in parts whose first index is known
	Buffers   *Buffers         // of scans before; default none
}

// defaultBlockSize is where larger blocks made scans no faster: large enough that a block costs more to read than to hand over,
// small enough for the caches.
const defaultBlockSize = 256 << 10

func (o Options) withDefaults() Options {
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.BlockSize <= 0 {
		o.BlockSize = defaultBlockSize
	}
	return o
}

// Scan visits every record, as Each does, on many cores. Each worker has a visitor of its own. merge receives the results of the
// parts in file order, with the index of the first record and the number of records: together they are every record once. Scan
// calls merge and newVisitor from its own goroutine.
//
// It stops at the first error, including those of Record and merge. What was merged before an error is no result, and the file may
// turn out to be another one than expected at its end alone: see [Input]. When Scan returns no worker is running.
func Scan[P any](ctx context.Context, src Source, o Options, newVisitor func() Visitor[P], merge func(part P, first, records int64) error) error {
	s := &scan[P]{options: o.withDefaults(), limits: src.Limits(), newVisitor: newVisitor, merge: merge}
	records, err := s.file(ctx, src)
	var mismatch *mismatchError
	switch {
	case errors.As(err, &mismatch):
		return diagnose(ctx, src, mismatch)
	case err != nil:
		return err
	}
	return src.Complete(records)
}

// diagnose lets Each find out what is wrong with a file.
func diagnose(ctx context.Context, src Source, m *mismatchError) error {
	if err := Each(ctx, src, func(Record) bool { return true }); err != nil {
		return err
	}
	if m.cause != nil {
		return src.Explain(ctx, m.cause)
	}
	return src.Explain(ctx, &SyntaxError{
		Offset: m.offset, Record: m.record, Summary: "two readers of JSON disagree about what follows",
		Hint: "This is a mistake in posture, not in the evidence: please report it.",
	})
}

// scan is one call of Scan.
type scan[P any] struct {
	options    Options
	layout     Layout
	limits     Limits
	newVisitor func() Visitor[P]
	merge      func(P, int64, int64) error
}

// file scans a file and returns the number of its records.
func (s *scan[P]) file(ctx context.Context, src Source) (int64, error) {
	in, layout, err := open(ctx, src, func(in *Input) (Layout, error) { return sniffLayout(ctx, in, s.limits) })
	if err != nil { // FindLayout knows why, or better
		in, layout, err = open(ctx, src, func(in *Input) (Layout, error) { return layoutOf(ctx, src, in) })
	}
	if err != nil {
		return 0, err
	}
	defer in.Close()
	s.layout = layout
	n, err := s.content(ctx, in)
	var mismatch *mismatchError
	if err == nil || errors.As(err, &mismatch) {
		if changed := in.verify(ctx); changed != nil {
			return 0, changed
		}
	}
	return n, err
}

// content scans an open file and returns the number of its records.
func (s *scan[P]) content(ctx context.Context, in *Input) (_ int64, err error) {
	m := &merger[P]{scanner: s.newChunkScanner(), visitor: s.newVisitor(), merge: s.merge}
	if m.rest, m.offset, err = readPrologue(in, s.layout, s.limits); err != nil {
		return 0, m.mismatch(err)
	}
	block := s.options.BlockSize
	if in.Size >= 0 {
		block = int(min(int64(block), in.Size+1))
	}
	m.rest = append(s.options.Buffers.get(len(m.rest) + block)[:0], m.rest...)
	defer func() { s.options.Buffers.put(m.rest) }()
	err = m.scanSerial(ctx, in, block, func() bool { return s.options.Workers > 1 && m.records > 0 && m.records >= s.options.Serial })
	switch {
	case err == nil && !m.closed:
		err = s.scanParallel(ctx, in, m)
	case err == nil || err == io.EOF: //nolint:errorlint // a wrapped EOF is an error of reading
		err = m.finish(in)
	}
	return m.records, err
}

// newChunkScanner returns a scanner for one worker.
func (s *scan[P]) newChunkScanner() *chunkScanner {
	return newChunkScanner(s.layout, s.options.Fields, s.limits)
}

// Viewer views single records that are in no file. It is not safe for concurrent use.
type Viewer struct{ view View }

// NewViewer returns a viewer with these fields in its slots.
func NewViewer(fields []jsonscan.Field) *Viewer {
	return &Viewer{View{pruner: jsonscan.NewPruner(fields, DefaultLimits().Depth)}}
}

// View returns a view of a record, valid until the next call and as long as its text.
func (v *Viewer) View(json []byte) (*View, error) {
	if end, status := v.view.pruner.Value(json, 0, true); status != jsonscan.OK || end != len(json) {
		return nil, errors.New("this is not one JSON value")
	}
	v.view.json = json
	return &v.view, nil
}
