package evidence

import (
	"io"
)

// Invariant: the blocks of a source are the bytes of the file, each byte once and
// in order.

// block is a piece of a file, and what a worker makes of it.
type block[P any] struct {
	data    []byte
	end     error         // of reading, after data: io.EOF if nothing follows
	guessed bool          // it may begin where a record ends
	done    chan struct{} // holds one token when span and part are settled
	span    span
	part    P
}

// source reads a file in blocks that end, as well as can be guessed, where
// records do.
type source struct {
	r       io.Reader
	guess   guess
	held    []byte // what follows the last cut
	guessed bool   // the next block begins with a cut
}

// next fills buffer, from which it cuts what is better left to the next block.
func (s *source) next(buffer []byte, cut bool) (n int, guessed bool, err error) {
	guessed = s.guessed
	held := copy(buffer, s.held)
	n, err = readFull(s.r, buffer[held:])
	n += held
	s.held, s.guessed = s.held[:0], false
	if err != nil || !cut {
		return n, guessed, err
	}
	if at := s.guess.cut(buffer[:n]); at > 0 {
		s.held, s.guessed = append(s.held, buffer[at:n]...), true
		n = at
	}
	return n, guessed, nil
}
