package evidence

import (
	"context"

	"github.com/posture-score/posture/internal/jsonscan"
)

// Invariant: a span counts records that lie whole in the bytes, one directly
// after another, each of them valid in every byte and within the limits. It ends
// where the last of them does. What the bytes begin with is the caller's word.

// walk goes over records that lie in memory.
type walk struct {
	layout    layout
	projector *jsonscan.Pruner
	record    Projected
	limits    Limits
	reach     int // bytes from the end of a record to that of the next one, by the slow reader's window
}

// decoderDepth is how deep the slow reader's decoder goes, whatever the limit.
const decoderDepth = 10_000

func newWalk(l layout, fields []jsonscan.Field, limits Limits) *walk {
	depth := min(limits.Depth, decoderDepth-int(l)) // the layouts are numbered by what is around a record
	p := jsonscan.NewPruner(fields, depth)
	return &walk{
		layout: l, projector: p, record: Projected{projector: p},
		limits: limits, reach: limits.RecordBytes + windowSlack,
	}
}

// ending is why a walk ended.
type ending int

const (
	short   ending = iota // the bytes end
	closing               // the "]" of the array comes
	broken                // something comes that the slow reader has to look at
	refused               // Record gave an error
	found                 // it goes on: a record begins
)

// span is what a walk comes to.
type span struct {
	records int64
	lead    int // bytes that it takes to know the first record
	end     int // bytes up to the end of the last record
	ending  ending
	err     error // of Record
}

// over walks b, which begins where a record ends or, if first, where the first
// one may begin. last says that nothing follows b.
func (w *walk) over(ctx context.Context, b []byte, first, last bool, to recorder) span {
	var s span
	for {
		at, e := w.find(b, s.end, first && s.records == 0)
		if e != found {
			s.ending = e
			return s
		}
		end, status := w.projector.Value(b, at, last)
		if status == jsonscan.Incomplete {
			s.ending = short
			return s
		}
		// A number ends where something else comes: that has to be within reach, too.
		needed := end
		if c := b[at]; c == '-' || c >= '0' && c <= '9' {
			needed++
		}
		if status == jsonscan.Invalid || end-at > w.limits.RecordBytes || needed-s.end > w.reach || ctx.Err() != nil {
			s.ending = broken
			return s
		}
		w.record.json = b[at:end:end]
		if err := to.Record(&w.record); err != nil {
			s.ending, s.err = refused, err
			return s
		}
		if s.records == 0 {
			s.lead = needed
		}
		s.records, s.end = s.records+1, end
	}
}

// find gives the index at which the next record begins.
func (w *walk) find(b []byte, i int, first bool) (int, ending) {
	i = skipBlanks(b, i)
	if i == len(b) {
		return i, short
	}
	if w.layout == sequence {
		return i, found
	}
	if b[i] == ']' {
		return i, closing
	}
	if first {
		return i, found
	}
	if b[i] != ',' {
		return i, broken
	}
	if i = skipBlanks(b, i+1); i == len(b) {
		return i, short
	}
	return i, found
}

func isBlank(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

// skipBlanks gives the index of the first byte from i on that is no blank.
func skipBlanks(b []byte, i int) int {
	for i < len(b) && isBlank(b[i]) {
		i++
	}
	return i
}

// trimBlanks gives the index after the last byte before i that is no blank.
func trimBlanks(b []byte, i int) int {
	for i > 0 && isBlank(b[i-1]) {
		i--
	}
	return i
}
