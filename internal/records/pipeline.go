package records

import (
	"context"
	"io"
	"sync"
	"sync/atomic"
)

// Invariant: there is a fixed number of blocks, and each is with the reader, with one worker, with the merger, or free. All
// goroutines have ended when scanParallel returns.

// block is a piece of a file, and the result of scanning it.
type block[P any] struct {
	data    []byte
	end     error         // of reading, after data: io.EOF at the end of the file
	atSplit bool          // it begins at a split point
	done    chan struct{} // holds one token when result and part are final
	result  chunkResult
	part    P
}

// pipeline moves blocks from the reader through workers to the merger.
type pipeline[P any] struct {
	free  chan *block[P]
	work  chan *block[P] // in any order, for workers
	order chan *block[P] // in file order, for the merger

	noSpeculation atomic.Bool // split points are wrong too often

	current *block[P] // that Read reads from
	left    []byte    // of current
	end     error     // of reading, after what Read returned
}

// scanParallel scans what follows the rest of the merger.
func (s *scan[P]) scanParallel(ctx context.Context, r io.Reader, m *merger[P]) error {
	ctx, cancel := context.WithCancel(ctx)
	count := 2*s.options.Workers + 2
	blocks := make([]block[P], count)
	defer func() {
		for i := range blocks {
			s.options.Buffers.put(blocks[i].data)
		}
	}()
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()

	p := &pipeline[P]{free: make(chan *block[P], count), work: make(chan *block[P], count), order: make(chan *block[P], count)}
	for i := range blocks {
		blocks[i].done = make(chan struct{}, 1)
		p.free <- &blocks[i]
	}
	running.Go(func() { p.read(ctx, &blockReader{r: r, splitter: m.splitter}, s.options.BlockSize, s.options.Buffers) })
	for range s.options.Workers {
		scanner, visitor := s.newChunkScanner(), s.newVisitor()
		running.Go(func() { p.scan(ctx, scanner, visitor) })
	}
	return p.mergeLoop(ctx, m)
}

// read fills blocks until the file or the context ends.
func (p *pipeline[P]) read(ctx context.Context, r *blockReader, size int, buffers *Buffers) {
	defer close(p.order)
	defer close(p.work)
	for {
		var b *block[P]
		select {
		case b = <-p.free:
		case <-ctx.Done():
			return
		}
		if b.data == nil {
			b.data = buffers.get(size)
		}
		var n int
		n, b.atSplit, b.end = r.next(b.data[:size], !p.noSpeculation.Load())
		b.data = b.data[:n]
		if b.atSplit {
			p.work <- b
		} else {
			b.done <- struct{}{}
		}
		p.order <- b
		if b.end != nil {
			return
		}
	}
}

// scan scans blocks that begin at a split point.
func (p *pipeline[P]) scan(ctx context.Context, scanner *chunkScanner, visitor Visitor[P]) {
	for b := range p.work {
		visitor.Begin(-1)
		b.result = scanner.scan(ctx, b.data, false, b.end == io.EOF, visitor) //nolint:errorlint // a wrapped EOF is an error of reading
		if b.result.err == nil && b.result.records > 0 {
			b.part = visitor.End()
		}
		b.done <- struct{}{}
	}
}

// maxMisses is how many split points may be wrong beyond the number of right ones.
const maxMisses = 8

// mergeLoop merges blocks until the file or its array ends.
func (p *pipeline[P]) mergeLoop(ctx context.Context, m *merger[P]) error {
	hits, misses := 0, 0
	for {
		b := p.next()
		if b == nil {
			return m.mismatch(ctx.Err())
		}
		accepted, err := m.accept(ctx, b)
		if err != nil {
			return err
		}
		switch {
		case accepted:
			hits++
		case b.atSplit:
			if misses++; misses > hits+maxMisses {
				p.noSpeculation.Store(true)
			}
		}
		p.end = b.end
		p.recycle(b)
		if p.end != nil || m.closed {
			return m.finish(p)
		}
	}
}

// next waits for the next block in file order; nil if reading was given up.
func (p *pipeline[P]) next() *block[P] {
	b, ok := <-p.order
	if !ok {
		return nil
	}
	<-b.done
	return b
}

func (p *pipeline[P]) recycle(b *block[P]) {
	var none P
	b.part, b.result = none, chunkResult{}
	p.free <- b
}

// Read reads the bytes of the blocks that follow, for the epilogue.
func (p *pipeline[P]) Read(b []byte) (int, error) {
	for len(p.left) == 0 {
		if p.end != nil {
			return 0, p.end
		}
		if p.current != nil {
			p.recycle(p.current)
		}
		if p.current = p.next(); p.current == nil {
			return 0, io.ErrUnexpectedEOF
		}
		p.left, p.end = p.current.data, p.current.end
	}
	n := copy(b, p.left)
	p.left = p.left[n:]
	return n, nil
}
