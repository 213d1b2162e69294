package evidence

import (
	"bytes"

	"github.com/posture-score/posture/internal/jsonscan"
)

// Invariant: nothing depends on a guess being right but time.

// guess knows where in the middle of a file records may begin.
type guess struct {
	layout layout
	look   *jsonscan.Pruner
	begin  []byte // an array's first record, from its "{" to its first colon
	gap    []byte // what stands between it and the second one, if there is one
	second []byte // the name of its second member, with quotes, if there is one
}

// guessBytes bounds what is kept of the first record.
const guessBytes = 1 << 10

// newGuess learns from b, which begins with what is before the first record; end
// is where that ends.
func newGuess(w *walk, b []byte, end int) guess {
	g := guess{layout: w.layout, look: jsonscan.NewPruner(nil, decoderDepth)}
	start := skipBlanks(b, 0)
	if g.layout == sequence || b[start] != '{' {
		return g
	}
	colon := g.name(b, skipBlanks(b, start+1))
	if colon < 0 || colon-start > guessBytes {
		return g
	}
	g.begin = bytes.Clone(b[start : colon+1])
	g.second = bytes.Clone(g.next(b[:end], colon))
	if next, e := w.find(b, end, false); e == found {
		g.gap = bytes.Clone(b[end:next])
	}
	return g
}

// name gives the index of the colon after the name at i.
func (g *guess) name(b []byte, i int) int {
	end, status := g.look.Value(b, i, false)
	if status != jsonscan.OK {
		return -1
	}
	if end = skipBlanks(b, end); end == len(b) || b[end] != ':' {
		return -1
	}
	return end
}

// next gives the name of the member after the one whose colon is given: nil if
// there is none, or b ends.
func (g *guess) next(b []byte, colon int) []byte {
	end, status := g.look.Value(b, skipBlanks(b, colon+1), false)
	if status != jsonscan.OK {
		return nil
	}
	if end = skipBlanks(b, end); end == len(b) || b[end] != ',' {
		return nil
	}
	start := skipBlanks(b, end+1)
	if end, status = g.look.Value(b, start, false); status != jsonscan.OK || end-start > guessBytes {
		return nil
	}
	return b[start:end]
}

// cut gives an index at which a record seems to end, as near to the end of b as
// can be told, but after its beginning and before its end: 0 if there is none.
// What follows it goes on as after a record.
func (g *guess) cut(b []byte) int {
	if g.layout == sequence {
		if at := cutLines(b); at > 0 {
			return at
		}
		// A string may hold this, too.
		return bytes.LastIndex(b, []byte("}{")) + 1
	}
	if g.begin == nil {
		return 0
	}
	return g.cutArray(b)
}

// cutLines cuts at the end of a line. No string holds one, and within a value
// something stands between other values and names: so of well-formed JSON this
// is always true.
func cutLines(b []byte) int {
	for at := bytes.LastIndexByte(b, '\n'); at > 0; {
		before, after := trimBlanks(b, at), skipBlanks(b, at)
		if before > 0 && after < len(b) && bytes.IndexByte([]byte(",:[{"), b[before-1]) < 0 && bytes.IndexByte([]byte(",:]}"), b[after]) < 0 {
			return at + 1
		}
		at = bytes.LastIndexByte(b[:before], '\n')
	}
	return 0
}

// guessTries bounds how many objects that begin alike are looked at.
const guessTries = 16

// cutArray cuts before the comma before an object that begins as the first one
// does. Objects within records may do so, too: so one after the same blanks and
// with the same second name is better than others.
func (g *guess) cutArray(b []byte) int {
	cut := 0
	for at, tries := len(b), 0; tries < guessTries; tries++ {
		if at = bytes.LastIndex(b[:at], g.begin); at < 0 {
			break
		}
		comma := trimBlanks(b, at) - 1
		if comma < 0 || b[comma] != ',' {
			continue
		}
		end := trimBlanks(b, comma)
		if end == 0 || b[end-1] != '}' {
			continue
		}
		if g.alike(b, end, at) {
			return end
		}
		cut = max(cut, end)
	}
	return cut
}

// alike says whether the object at i, which comes after one that ends at end,
// looks like the first record.
func (g *guess) alike(b []byte, end, i int) bool {
	if g.gap != nil && !bytes.Equal(b[end:i], g.gap) {
		return false
	}
	return g.second == nil || bytes.Equal(g.next(b, i+len(g.begin)-1), g.second)
}
