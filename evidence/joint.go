package evidence

import (
	"bytes"
	"context"
	"io"
	"slices"
)

// Invariant: rest begins where the last record ends that was merged, or where
// the first one may begin, and is bounded: it holds less than a record that is
// too long and what was added last.

// joint is where the parts of a file are put together. It reads itself what
// nobody else has read in the right way.
type joint[P any] struct {
	walk    *walk
	worker  Worker[P]
	merge   func(part P, first, records int64) error
	guess   guess
	rest    []byte
	want    int   // bytes of rest that are worth a look
	offset  int64 // bytes of the file before rest
	records int64 // merged so far
	closed  bool  // rest goes on with the end of the array
}

// fill adds what r gives to rest: n bytes unless there is an error.
func (j *joint[P]) fill(r io.Reader, n int) error {
	j.rest = slices.Grow(j.rest, n)
	n, err := readFull(r, j.rest[len(j.rest):len(j.rest)+n])
	j.rest = j.rest[:len(j.rest)+n]
	return err
}

// serial takes in what follows until there are enough records, the array is
// closed or the file ends: then the error is io.EOF.
func (j *joint[P]) serial(ctx context.Context, r io.Reader, block int, enough func() bool) error {
	for !j.closed && !enough() {
		end := j.fill(r, block)
		if err := j.look(ctx, end); err != nil {
			return err
		}
		if end != nil {
			return end
		}
	}
	return nil
}

// look takes in the records that lie whole in rest. end is the error of reading
// that comes after it: io.EOF if nothing follows. A record of many blocks is
// looked at whenever twice as much of it has come, lest each block walk over all
// of it.
func (j *joint[P]) look(ctx context.Context, end error) error {
	if len(j.rest) < j.want && end == nil {
		return nil
	}
	first := j.records == 0
	j.worker.Begin(j.records)
	s := j.walk.over(ctx, j.rest, first, end == io.EOF, j.worker) //nolint:errorlint // a wrapped EOF is no end
	if first && s.records > 0 {
		j.guess = newGuess(j.walk, j.rest, s.lead)
	}
	if s.err == nil && s.records > 0 {
		if err := j.merge(j.worker.End(), j.records, s.records); err != nil {
			return err
		}
	}
	j.offset += int64(s.end)
	j.rest = j.rest[:copy(j.rest, j.rest[s.end:])]
	return j.goOn(s, end)
}

// take takes in a block, with what a worker made of it if that began in the
// right place.
func (j *joint[P]) take(ctx context.Context, b *block[P]) (accepted bool, err error) {
	s := b.span
	if !b.guessed || s.records == 0 || trimBlanks(j.rest, len(j.rest)) > 0 {
		j.rest = append(j.rest, b.data...)
		return false, j.look(ctx, b.end)
	}
	if len(j.rest)+s.lead > j.walk.reach {
		return true, j.doubt(nil)
	}
	if s.err == nil {
		if err := j.merge(b.part, j.records, s.records); err != nil {
			return true, err
		}
	}
	j.offset += int64(len(j.rest) + s.end)
	j.rest = append(j.rest[:0], b.data[s.end:]...)
	return true, j.goOn(s, b.end)
}

// goOn counts what was merged, and says how it goes on after that.
func (j *joint[P]) goOn(s span, end error) error {
	if s.err != nil {
		return s.err
	}
	j.records += s.records
	j.closed = s.ending == closing
	if s.ending == broken || len(j.rest) >= j.walk.reach && !j.closed {
		return j.doubt(nil)
	}
	if end != nil && end != io.EOF { //nolint:errorlint // as above
		return j.doubt(end)
	}
	j.want = min(2*len(j.rest), j.walk.reach)
	return nil
}

// finish looks at what follows the last record; r is what follows rest.
func (j *joint[P]) finish(r io.Reader) error {
	if j.walk.layout == sequence {
		return nil
	}
	if err := leave(io.MultiReader(bytes.NewReader(j.rest), r), j.walk.layout, j.walk.limits); err != nil {
		return j.doubt(nil) // its offset is none of the file
	}
	return nil
}

func (j *joint[P]) doubt(cause error) error {
	return &suspicion{offset: j.offset, record: j.records + 1, cause: cause}
}

// readFull reads until b is full. If there is an error, b holds what came before it.
func readFull(r io.Reader, b []byte) (n int, err error) {
	for n < len(b) && err == nil {
		var k int
		k, err = r.Read(b[n:])
		n += k
	}
	return n, err
}
