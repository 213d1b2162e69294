package main

import (
	"context"
	"io"
	"os"
	"sync"
)

// interruptible returns a reader of standard input whose reads end with the context. A read of a terminal or of a pipe lasts until somebody
// writes, and nothing else ends it. What ended stays so: a terminal reads on after its end of file. Nothing is read before the first Read, so
// that a command that takes no standard input leaves it to the next one.
//
// A file does not keep anybody waiting, and is returned as it is.
func interruptible(ctx context.Context, in *os.File) io.Reader {
	if info, err := in.Stat(); err != nil || info.Mode().IsRegular() {
		return in
	}
	return &waitingReader{begin: sync.OnceValue(func() io.Reader {
		r, w := io.Pipe()
		context.AfterFunc(ctx, func() { w.CloseWithError(ctx.Err()) })
		go func() {
			_, err := io.Copy(w, in)
			w.CloseWithError(err) // nil is the end of the file
		}()
		return r
	})}
}

// waitingReader begins to read when it is first asked to.
type waitingReader struct{ begin func() io.Reader }

// Read reads from what begin returns.
func (r *waitingReader) Read(p []byte) (int, error) { return r.begin().Read(p) }
