package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// TestInterruptedInput interrupts commands that wait for standard input, to which nobody writes.
func TestInterruptedInput(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"assess", "-"}, {"actions", "-"}, {"evidence", "check", "-"}} {
		r, w, err := os.Pipe()
		must.Do(t, err)
		ctx, cancel := context.WithCancelCause(t.Context())
		ended := make(chan int, 1)
		var out, errs bytes.Buffer
		in := interruptingReader{interruptible(ctx, r), func() { cancel(byInterrupt()) }}
		go func() { ended <- run(ctx, args, terminal{in: in, out: &out, err: &errs}) }()
		select {
		case code := <-ended:
			expect.Equalf(t, 130, code, "%q: exit code", args)
			expect.Equalf(t, "posture: interrupted\n", errs.String(), "%q: standard error", args)
		case <-time.After(time.Minute):
			t.Fatalf("%q waits on", args)
		}
		must.Do(t, w.Close())
	}
}

// interruptingReader interrupts whoever reads.
type interruptingReader struct {
	io.Reader
	interrupt func()
}

func (r interruptingReader) Read(p []byte) (int, error) {
	r.interrupt()
	return r.Reader.Read(p)
}

func byInterrupt() error { return ended{syscall.SIGINT} }

// TestInput reads a pipe to its end, and once more, and leaves one alone that is not asked for.
func TestInput(t *testing.T) {
	t.Parallel()
	r, w, err := os.Pipe()
	must.Do(t, err)
	in := interruptible(t.Context(), r)
	must.Get(w.WriteString("for the next command, "))(t)
	first := make([]byte, len("for the next command, "))
	must.Get(io.ReadFull(r, first))(t) // nothing was taken
	must.Get(w.WriteString("for this one"))(t)
	must.Do(t, w.Close())
	for _, want := range []string{"for this one", ""} {
		expect.Equalf(t, want, string(must.Get(io.ReadAll(in))(t)), "read")
	}

	name := filepath.Join(t.TempDir(), "evidence.json")
	must.Do(t, os.WriteFile(name, nil, 0o600))
	file := must.Get(os.Open(name))(t)
	defer file.Close()
	if got := interruptible(t.Context(), file); got != io.Reader(file) {
		t.Errorf("a file became %T", got)
	}
}
