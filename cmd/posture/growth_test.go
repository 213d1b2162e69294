package main

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/bench/growth"
)

// TestGrowth runs the command of each dimension over inputs that grow, and counts what it allocates,
// which is the same on any machine, idle or busy. `make bench` measures the time, over larger inputs.
func TestGrowth(t *testing.T) {
	const (
		times = 4    // as large
		noise = 200  // allocations that differ from one run to the next
		most  = 1.25 // the exponent: what is made once for all of it is a part of the smaller one
	)
	for _, d := range growth.All() {
		t.Run(d.Name, func(t *testing.T) {
			n := max(d.Least/200, 10)
			if d.Exit != 0 {
				n = max(n, 120) // the first hundred mistakes are printed, each with its line
			}
			start, small, large := allocated(t, d, 1), allocated(t, d, n), allocated(t, d, times*n)
			exceeds := func() (e float64, too bool) {
				e = math.Log(float64(large-start)/float64(small-start)) / math.Log(times)
				return e, small > start && large-start > noise && e > most
			}
			// Over larger inputs what comes once does not count for much any more. What grows too fast does.
			for range 3 {
				if _, too := exceeds(); too {
					n *= 2
					small, large = allocated(t, d, n), allocated(t, d, times*n)
				}
			}
			if e, too := exceeds(); too {
				t.Errorf("%d allocations over an input of 1, %d of %d, %d of %d: to the power of %.2f", start, small, n, large, times*n, e)
			}
		})
	}
}

// allocated counts the allocations of a command.
func allocated(t *testing.T, d growth.Dimension, n int) int64 {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "input")
	if err := d.Write(dir, n); err != nil {
		t.Fatal(err)
	}
	if args := d.Preparation(dir); len(args) > 0 {
		execute(t, args, 0)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	execute(t, d.Args(dir), d.Exit)
	runtime.ReadMemStats(&after)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	return int64(after.Mallocs - before.Mallocs)
}

func execute(t *testing.T, args []string, want int) {
	t.Helper()
	var out, said bytes.Buffer
	if code := run(t.Context(), args, terminal{in: strings.NewReader(""), out: &out, err: &said}); code != want {
		t.Fatalf("%s: exit code %d, want %d\n%.2000s", strings.Join(args, " "), code, want, said.String())
	}
}
