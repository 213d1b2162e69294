package records

import (
	"bytes"
	"io"

	"github.com/posture-score/posture/internal/jsonscan"
)

// Invariant: a wrong split point costs time and nothing else. The blocks of a blockReader are the bytes of the file, each once and in order.

// blockReader reads a file in blocks that end, as far as can be known, where records do.
type blockReader struct {
	r        io.Reader
	splitter splitter
	held     []byte // what follows the last split point
	split    bool   // the next block begins at a split point
}

// next fills the buffer. If split, the bytes after the last split point in it are held back for the next block. It returns the
// number of bytes, and whether the block begins at a split point.
func (r *blockReader) next(buffer []byte, split bool) (n int, atSplit bool, err error) {
	atSplit = r.split
	held := copy(buffer, r.held)
	n, err = readFull(r.r, buffer[held:])
	n += held
	r.held, r.split = r.held[:0], false
	if err != nil || !split {
		return n, atSplit, err
	}
	if at := r.splitter.splitPoint(buffer[:n]); at > 0 {
		r.held, r.split = append(r.held, buffer[at:n]...), true
		n = at
	}
	return n, atSplit, nil
}

// readFull reads until b is full. On an error, b holds the n bytes before it.
func readFull(r io.Reader, b []byte) (n int, err error) {
	for n < len(b) && err == nil {
		var k int
		k, err = r.Read(b[n:])
		n += k
	}
	return n, err
}

// splitter finds split points in the middle of a file: offsets at which a record probably ends.
type splitter struct {
	layout Layout
	pruner *jsonscan.Pruner
	begin  []byte // the first record of an array, from "{" to its first colon; nil if it is no object
	gap    []byte // the bytes between it and the second record; nil if that is unknown
	second []byte // the name of its second member, with quotes; nil if there is none
}

// prefixBytes bounds what is kept of the first record.
const prefixBytes = 1 << 10

// newSplitter learns from b, the beginning of the file from the first record on; end is the index after that record.
func newSplitter(s *chunkScanner, b []byte, end int) splitter {
	p := splitter{layout: s.layout, pruner: jsonscan.NewPruner(nil, decoderDepth)}
	start := jsonscan.SkipSpace(b, 0)
	if p.layout == Sequence || b[start] != '{' {
		return p
	}
	colon := p.name(b, jsonscan.SkipSpace(b, start+1))
	if colon < 0 || colon-start > prefixBytes {
		return p
	}
	p.begin = bytes.Clone(b[start : colon+1])
	p.second = bytes.Clone(p.nextName(b[:end], colon))
	if next, stop := s.nextRecord(b, end, false); stop == proceed {
		p.gap = bytes.Clone(b[end:next])
	}
	return p
}

// name returns the index of the colon after the name at i; -1 if there is none.
func (p *splitter) name(b []byte, i int) int {
	end, status := p.pruner.Value(b, i, false)
	if status != jsonscan.OK {
		return -1
	}
	if end = jsonscan.SkipSpace(b, end); end == len(b) || b[end] != ':' {
		return -1
	}
	return end
}

// nextName returns the name of the member that follows the one with that colon; nil if there is none, or b ends.
func (p *splitter) nextName(b []byte, colon int) []byte {
	end, status := p.pruner.Value(b, jsonscan.SkipSpace(b, colon+1), false)
	if status != jsonscan.OK {
		return nil
	}
	if end = jsonscan.SkipSpace(b, end); end == len(b) || b[end] != ',' {
		return nil
	}
	start := jsonscan.SkipSpace(b, end+1)
	if end, status = p.pruner.Value(b, start, false); status != jsonscan.OK || end-start > prefixBytes {
		return nil
	}
	return b[start:end]
}

// splitPoint returns the last index in b at which a record probably ends, neither 0 nor len(b); 0 if there is none.
func (p *splitter) splitPoint(b []byte) int {
	if p.layout == Sequence {
		if at := splitLines(b); at > 0 {
			return at
		}
		// A string may contain this, too.
		return bytes.LastIndex(b, []byte("}{")) + 1
	}
	if p.begin == nil {
		return 0
	}
	return p.splitArray(b)
}

// splitLines splits after a line. A string contains no line break, and inside a value a punctuation mark stands before or after
// it: in well-formed JSON a record does end here.
func splitLines(b []byte) int {
	for at := bytes.LastIndexByte(b, '\n'); at > 0; {
		before, after := trimSpace(b, at), jsonscan.SkipSpace(b, at)
		if before > 0 && after < len(b) && bytes.IndexByte([]byte(",:[{"), b[before-1]) < 0 && bytes.IndexByte([]byte(",:]}"), b[after]) < 0 {
			return at + 1
		}
		at = bytes.LastIndexByte(b[:before], '\n')
	}
	return 0
}

// maxCandidates bounds how many objects that begin like the first record are examined.
const maxCandidates = 16

// splitArray splits before the comma before an object that begins like the first record. Objects inside records may begin like
// that, too: one that looks like the first record in its gap and its second name is preferred.
func (p *splitter) splitArray(b []byte) int {
	best := 0
	for at, tries := len(b), 0; tries < maxCandidates; tries++ {
		if at = bytes.LastIndex(b[:at], p.begin); at < 0 {
			break
		}
		comma := trimSpace(b, at) - 1
		if comma < 0 || b[comma] != ',' {
			continue
		}
		end := trimSpace(b, comma)
		if end == 0 || b[end-1] != '}' {
			continue
		}
		if p.looksLike(b, end, at) {
			return end
		}
		best = max(best, end)
	}
	return best
}

// looksLike reports whether the object at i, which follows one that ends at end, resembles the first record.
func (p *splitter) looksLike(b []byte, end, i int) bool {
	if p.gap != nil && !bytes.Equal(b[end:i], p.gap) {
		return false
	}
	return p.second == nil || bytes.Equal(p.nextName(b, i+len(p.begin)-1), p.second)
}

// trimSpace returns the index after the last byte before i that is not white space.
func trimSpace(b []byte, i int) int {
	for i > 0 && jsonscan.IsSpace(b[i-1]) {
		i--
	}
	return i
}
