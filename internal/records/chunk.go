package records

import (
	"context"

	"github.com/posture-score/posture/internal/jsonscan"
)

// Invariant: a chunkResult counts records that lie whole in the chunk, one directly after another, each valid in every byte and
// within the limits. It ends where the last of them ends. Whether the chunk begins at a record is for the caller to know.

// chunkScanner scans records that lie in memory.
type chunkScanner struct {
	layout Layout
	pruner *jsonscan.Pruner
	view   View
	limits Limits
	reach  int // most bytes from the end of a record to the end of the next one: the window of Reader
}

// decoderDepth is the depth limit of jsontext.
const decoderDepth = 10_000

func newChunkScanner(l Layout, fields []jsonscan.Field, limits Limits) *chunkScanner {
	depth := min(limits.Depth, decoderDepth-int(l)) // a Layout is the number of objects and arrays around a record
	p := jsonscan.NewPruner(fields, depth)
	return &chunkScanner{layout: l, pruner: p, view: View{pruner: p}, limits: limits, reach: limits.RecordBytes + windowSlack}
}

// stopReason is why a scan stopped.
type stopReason int

const (
	chunkEnd stopReason = iota // the chunk ends
	arrayEnd                   // "]" of the array follows
	mismatch                   // something else than a record follows: Reader has to look at it
	rejected                   // the visitor returned an error
	proceed                    // none: a record begins
)

// chunkResult is the result of scanning a chunk.
type chunkResult struct {
	records  int64
	prologue int // bytes up to where the end of the first record is known
	end      int // bytes up to the end of the last record
	stop     stopReason
	err      error // of the visitor
}

// recorder is the part of a [Visitor] that does not depend on its type parameter.
type recorder interface{ Record(*View) error }

// scan scans b, which begins at the end of a record or, if first, where the first record may begin. last says that b ends the file.
func (s *chunkScanner) scan(ctx context.Context, b []byte, first, last bool, to recorder) chunkResult {
	var r chunkResult
	for {
		start, stop := s.nextRecord(b, r.end, first && r.records == 0)
		if stop != proceed {
			r.stop = stop
			return r
		}
		end, status := s.pruner.Value(b, start, last)
		if status == jsonscan.Incomplete {
			r.stop = chunkEnd
			return r
		}
		// A number ends at the byte after it, which has to be within reach as well.
		known := end
		if c := b[start]; c == '-' || c >= '0' && c <= '9' {
			known++
		}
		if status == jsonscan.Invalid || end-start > s.limits.RecordBytes || known-r.end > s.reach || s.limits.tooMany(b[start:end]) || ctx.Err() != nil {
			r.stop = mismatch
			return r
		}
		s.view.json = b[start:end:end]
		if err := to.Record(&s.view); err != nil {
			r.stop, r.err = rejected, err
			return r
		}
		if r.records == 0 {
			r.prologue = known
		}
		r.records, r.end = r.records+1, end
	}
}

// nextRecord returns the index at which the next record begins, if the stop is proceed.
func (s *chunkScanner) nextRecord(b []byte, i int, first bool) (int, stopReason) {
	i = jsonscan.SkipSpace(b, i)
	if i == len(b) {
		return i, chunkEnd
	}
	if s.layout == Sequence {
		return i, proceed
	}
	if b[i] == ']' {
		return i, arrayEnd
	}
	if first {
		return i, proceed
	}
	if b[i] != ',' {
		return i, mismatch
	}
	if i = jsonscan.SkipSpace(b, i+1); i == len(b) {
		return i, chunkEnd
	}
	return i, proceed
}
