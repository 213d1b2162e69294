package evidence

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"

	"github.com/posture-score/posture/internal/jsonscan"
)

// Invariant: the parts that merge is given hold, one after another, the records
// that Records gives, and the errors are those of Records. How many workers
// there are and where blocks end shows in nothing but where parts begin.

// Projected is one record on its way past a [Worker]. It is valid until Record
// returns.
type Projected struct {
	json      []byte
	projector *jsonscan.Pruner
}

// JSON gives the record as it is written, whole.
func (p *Projected) JSON() []byte { return p.json }

// Slot gives the JSON of field i of the options, pruned by its paths: nil if it
// is absent or the record is no object.
func (p *Projected) Slot(i int) []byte { return p.projector.Slot(i) }

// Object says whether the record is an object.
func (p *Projected) Object() bool { return p.projector.Object() }

// Worker takes in the records of one part of a dataset after another. One
// goroutine at a time has it.
//
// Parts are read before it is known that they are parts: some that are begun
// have no End, and some that End gave are dropped. So what End gives must not
// change when the next part begins, and a worker must not act on what it sees.
type Worker[P any] interface {
	// Begin begins a part. What a part before it has left without End is
	// dropped. first is the index of the first record, counted from 0, or -1
	// where nobody knows it yet.
	Begin(first int64)
	// Record takes in a record. An error ends the part, without End; if the part
	// turns out to be one it ends the scan, too.
	Record(*Projected) error
	// End gives what the part comes to.
	End() P
}

// recorder is what a walk knows of a Worker.
type recorder interface{ Record(*Projected) error }

// ScanOptions say how to scan. A field that is zero stands for its default.
type ScanOptions struct {
	Fields  []jsonscan.Field // what the slots of records are
	Workers int              // how many read at once; as many as may run at once if it is 0
	Block   int              // bytes that a worker takes at once
	Head    int64            // so many records at least are read in parts whose first index is known
}

// defaultBlock is where larger blocks made scans no faster: large enough that a
// block costs more to read than to hand over, small enough for the caches.
const defaultBlock = 256 << 10

func (o ScanOptions) withDefaults() ScanOptions {
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Block <= 0 {
		o.Block = defaultBlock
	}
	return o
}

// Scan reads a dataset as Records does, on many cores: each of some workers that
// start makes takes in parts of it. merge is given what they come to in the order
// of the file, with the index of the first record and their number: together
// they are every record once. It is called from the goroutine that calls Scan,
// and so is start.
//
// It stops at the first error, that of Record and of merge included. What was
// merged until then is no result. When it returns no worker runs any more.
func Scan[P any](ctx context.Context, b *Bundle, name string, o ScanOptions, start func() Worker[P], merge func(part P, first, records int64) error) error {
	d, err := b.collected(name)
	if err != nil {
		return err
	}
	l, err := b.glance(ctx, d.Path)
	if err != nil {
		return err
	}
	s := &scan[P]{options: o.withDefaults(), layout: l, limits: b.limits, start: start, merge: merge}
	records, err := s.file(ctx, b, d)
	var doubt *suspicion
	switch {
	case errors.As(err, &doubt):
		return b.settle(ctx, d, doubt)
	case err != nil:
		return err
	}
	return b.complete(d, records)
}

// suspicion is what ends a scan where the file is not as it should be. It holds
// no words: those are the slow reader's.
type suspicion struct {
	offset int64 // bytes of the unpacked file before it
	record int64 // counted from 1
	cause  error // of reading, not of what was read
}

func (s *suspicion) Error() string { return fmt.Sprintf("something is wrong after byte %d", s.offset) }

// settle lets the slow reader say what is wrong with a file.
func (b *Bundle) settle(ctx context.Context, d Dataset, s *suspicion) error {
	if err := b.each(ctx, d, func(Record) bool { return true }); err != nil {
		return err
	}
	if s.cause != nil {
		return b.explain(ctx, d.Path, s.cause)
	}
	return b.explain(ctx, d.Path, &fault{
		offset: s.offset, record: s.record, summary: "two readers of JSON disagree about what follows",
		hint: "This is a mistake in posture, not in the evidence: please report it.",
	})
}

// scan is one call of Scan.
type scan[P any] struct {
	options ScanOptions
	layout  layout
	limits  Limits
	start   func() Worker[P]
	merge   func(P, int64, int64) error
}

// file scans a file and gives the number of its records.
func (s *scan[P]) file(ctx context.Context, b *Bundle, d Dataset) (int64, error) {
	f, err := b.open(ctx, d.Path)
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }()
	j := &joint[P]{walk: s.walk(), worker: s.start(), merge: s.merge}
	if j.rest, j.offset, err = enter(f, f.base, s.layout, s.limits); err != nil {
		return 0, j.doubt(err)
	}
	block := s.options.Block
	if f.size >= 0 {
		block = int(min(int64(block), f.size+1))
	}
	err = j.serial(ctx, f, block, func() bool {
		return s.options.Workers > 1 && j.records > 0 && j.records >= s.options.Head
	})
	switch {
	case err == nil && !j.closed:
		err = s.parallel(ctx, f, j)
	case err == nil || err == io.EOF: //nolint:errorlint // a wrapped EOF is no end, but something cut off
		err = j.finish(f)
	}
	return j.records, err
}

// walk makes what a worker finds records with.
func (s *scan[P]) walk() *walk { return newWalk(s.layout, s.options.Fields, s.limits) }
