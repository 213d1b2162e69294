package evidence

import (
	"context"
	"io"
	"sync"
	"sync/atomic"
)

// Invariant: there is a fixed number of blocks, and each is with the source, with
// one worker, with the joint, or free. All goroutines have ended when parallel
// returns.

// line is the way of blocks from the source past the workers to the joint.
type line[P any] struct {
	free    chan *block[P]
	work    chan *block[P] // in any order, for workers
	order   chan *block[P] // in the order of the file, for the joint
	vain    atomic.Bool    // guessing is of no use
	current *block[P]      // what Read gives now
	left    []byte         // of current
	end     error          // of reading, after what Read has given
}

// parallel scans what follows the rest of the joint.
func (s *scan[P]) parallel(ctx context.Context, r io.Reader, j *joint[P]) error {
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()

	count := 2*s.options.Workers + 2
	l := &line[P]{free: make(chan *block[P], count), work: make(chan *block[P], count), order: make(chan *block[P], count)}
	for range count {
		l.free <- &block[P]{done: make(chan struct{}, 1)}
	}
	running.Go(func() { l.read(ctx, &source{r: r, guess: j.guess}, s.options.Block) })
	for range s.options.Workers {
		walk, worker := s.walk(), s.start()
		running.Go(func() { l.walk(ctx, walk, worker) })
	}
	return l.join(ctx, j)
}

// read hands out blocks until the file ends or the context does.
func (l *line[P]) read(ctx context.Context, src *source, size int) {
	defer close(l.order)
	defer close(l.work)
	for {
		var b *block[P]
		select {
		case b = <-l.free:
		case <-ctx.Done():
			return
		}
		if b.data == nil {
			b.data = make([]byte, size)
		}
		var n int
		n, b.guessed, b.end = src.next(b.data[:size], !l.vain.Load())
		b.data = b.data[:n]
		if b.guessed {
			l.work <- b
		} else {
			b.done <- struct{}{}
		}
		l.order <- b
		if b.end != nil {
			return
		}
	}
}

// walk takes in guessed blocks.
func (l *line[P]) walk(ctx context.Context, w *walk, worker Worker[P]) {
	for b := range l.work {
		worker.Begin(-1)
		b.span = w.over(ctx, b.data, false, b.end == io.EOF, worker) //nolint:errorlint // a wrapped EOF is no end
		if b.span.err == nil && b.span.records > 0 {
			b.part = worker.End()
		}
		b.done <- struct{}{}
	}
}

// trust is how many guesses may be wrong beyond those that are right.
const trust = 8

// join puts blocks together until the file or its array ends.
func (l *line[P]) join(ctx context.Context, j *joint[P]) error {
	right, wrong := 0, 0
	for {
		b := l.next()
		if b == nil {
			return j.doubt(ctx.Err())
		}
		accepted, err := j.take(ctx, b)
		if err != nil {
			return err
		}
		switch {
		case accepted:
			right++
		case b.guessed:
			if wrong++; wrong > right+trust {
				l.vain.Store(true)
			}
		}
		l.end = b.end
		l.recycle(b)
		if l.end != nil || j.closed {
			return j.finish(l)
		}
	}
}

// next gives the next block in the order of the file when it is settled, or nil
// if reading was given up.
func (l *line[P]) next() *block[P] {
	b, ok := <-l.order
	if !ok {
		return nil
	}
	<-b.done
	return b
}

func (l *line[P]) recycle(b *block[P]) {
	var none P
	b.part, b.span = none, span{}
	l.free <- b
}

// Read gives the bytes of the blocks that follow, for what comes after records.
func (l *line[P]) Read(p []byte) (int, error) {
	for len(l.left) == 0 {
		if l.end != nil {
			return 0, l.end
		}
		if l.current != nil {
			l.recycle(l.current)
		}
		if l.current = l.next(); l.current == nil {
			return 0, io.ErrUnexpectedEOF
		}
		l.left, l.end = l.current.data, l.current.end
	}
	n := copy(p, l.left)
	l.left = l.left[n:]
	return n, nil
}
