package records

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
)

// Invariant: rest begins at the end of the last record that was merged, or where the first one may begin. It is bounded: it holds
// less than a record that is too long, and what was added last.

// merger joins blocks in file order, and scans in order what no worker scanned from the right offset.
type merger[P any] struct {
	scanner  *chunkScanner
	visitor  Visitor[P]
	merge    func(part P, first, records int64) error
	splitter splitter
	rest     []byte
	want     int   // the length of rest at which it is scanned again
	offset   int64 // bytes of the file before rest
	records  int64 // merged so far
	closed   bool  // rest begins before the "]" of the array
}

// scanSerial scans until there are enough records, the array ends, or the file ends: then the error is io.EOF.
func (m *merger[P]) scanSerial(ctx context.Context, r io.Reader, block int, enough func() bool) error {
	for !m.closed && !enough() {
		end := m.fill(r, block)
		if err := m.scanRest(ctx, end); err != nil {
			return err
		}
		if end != nil {
			return end
		}
	}
	return nil
}

// fill appends n bytes of r to rest, or fewer before an error.
func (m *merger[P]) fill(r io.Reader, n int) error {
	m.rest = slices.Grow(m.rest, n)
	n, err := readFull(r, m.rest[len(m.rest):len(m.rest)+n])
	m.rest = m.rest[:len(m.rest)+n]
	return err
}

// scanRest merges the records that lie whole in rest. end is the error of reading that follows rest: io.EOF at the end of the
// file. A record of many blocks is scanned again whenever rest has doubled, so the work stays linear.
func (m *merger[P]) scanRest(ctx context.Context, end error) error {
	if len(m.rest) < m.want && end == nil {
		return nil
	}
	first := m.records == 0
	m.visitor.Begin(m.records)
	r := m.scanner.scan(ctx, m.rest, first, end == io.EOF, m.visitor) //nolint:errorlint // a wrapped EOF is an error of reading
	if first && r.records > 0 {
		m.splitter = newSplitter(m.scanner, m.rest, r.prologue)
	}
	if r.err == nil && r.records > 0 {
		if err := m.merge(m.visitor.End(), m.records, r.records); err != nil {
			return err
		}
	}
	m.offset += int64(r.end)
	m.rest = m.rest[:copy(m.rest, m.rest[r.end:])]
	return m.advance(r, end)
}

// accept takes the next block in file order: with its result if it began at the end of a record, otherwise as bytes to scan.
func (m *merger[P]) accept(ctx context.Context, b *block[P]) (accepted bool, err error) {
	r := b.result
	if !b.atSplit || r.records == 0 || trimSpace(m.rest, len(m.rest)) > 0 {
		m.rest = append(m.rest, b.data...)
		return false, m.scanRest(ctx, b.end)
	}
	if len(m.rest)+r.prologue > m.scanner.reach {
		return true, m.mismatch(nil)
	}
	if r.err == nil {
		if err := m.merge(b.part, m.records, r.records); err != nil {
			return true, err
		}
	}
	m.offset += int64(len(m.rest) + r.end)
	m.rest = append(m.rest[:0], b.data[r.end:]...)
	return true, m.advance(r, b.end)
}

// advance counts merged records, and decides from the result how the scan continues.
func (m *merger[P]) advance(r chunkResult, end error) error {
	if r.err != nil {
		return r.err
	}
	m.records += r.records
	m.closed = r.stop == arrayEnd
	if r.stop == mismatch || len(m.rest) >= m.scanner.reach && !m.closed {
		return m.mismatch(nil)
	}
	if end != nil && end != io.EOF { //nolint:errorlint // as above
		return m.mismatch(end)
	}
	m.want = min(2*len(m.rest), m.scanner.reach)
	return nil
}

// finish checks what follows the last record; r is what follows rest.
func (m *merger[P]) finish(r io.Reader) error {
	if m.scanner.layout == Sequence {
		return nil
	}
	if err := checkEpilogue(io.MultiReader(bytes.NewReader(m.rest), r), m.scanner.layout, m.scanner.limits); err != nil {
		return m.mismatch(nil) // the offset of err does not count from the beginning of the file
	}
	return nil
}

func (m *merger[P]) mismatch(cause error) error {
	return &mismatchError{offset: m.offset, record: m.records + 1, cause: cause}
}

// mismatchError ends a scan at anything but a valid record. It has no wording: [Each] finds that.
type mismatchError struct {
	offset int64 // bytes of the unpacked file before it
	record int64 // counted from 1
	cause  error // of reading; nil if the text itself is wrong
}

func (e *mismatchError) Error() string { return fmt.Sprintf("no valid record after byte %d", e.offset) }
