package records_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/internal/records"
)

// noGoroutines fails if more goroutines are there at the end than were.
func noGoroutines(t *testing.T) {
	t.Helper()
	before := runtime.NumGoroutine()
	t.Cleanup(func() {
		// The runtime has goroutines of its own that come and go, such as the one that cleans up after files.
		for range 500 {
			if runtime.NumGoroutine() <= before {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		stacks := make([]byte, 64<<10)
		t.Errorf("%d goroutines, were %d:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
	})
}

func TestScanErrorsOfWorkers(t *testing.T) {
	list := population(2000)
	errVisitor := errors.New("the visitor failed")
	for name, content := range map[string]string{
		"lines": strings.Join(list, "\n"), "array": "[" + strings.Join(list, ",") + "]",
		// What comes first counts, whoever sees it.
		"broken after it": strings.Join(list[:1800], "\n") + "{]",
		"damaged after":   strings.Join(list, "\n")[:120_000],
	} {
		for _, workers := range []int{1, 2, 8} {
			t.Run(fmt.Sprintf("%s, %d workers", name, workers), func(t *testing.T) {
				noGoroutines(t)
				src := source(content, 2000)
				if name == "damaged after" {
					src = src.damaged()
				}
				o := records.Options{Workers: workers, BlockSize: 1000, Fields: taken()}
				start := func() records.Visitor[[]string] {
					return &keeper{check: jsonscan.NewPruner(taken(), 20_000), fail: func(_ int64, p *records.View) error {
						if string(p.Slot(0)) == `"1000"` {
							return errVisitor
						}
						return nil
					}}
				}
				merged := int64(0)
				err := records.Scan(t.Context(), src, o, start, func(_ []string, first, n int64) error {
					merged = first + n
					return nil
				})
				if err != errVisitor || merged > 1000 { //nolint:errorlint // it comes as it is
					t.Errorf("after %d records: %v", merged, err)
				}
				err = records.Scan(t.Context(), src, o, newKeeper, func(_ []string, first, n int64) error {
					if first+n > 700 {
						return errVisitor
					}
					return nil
				})
				if err != errVisitor { //nolint:errorlint // it comes as it is
					t.Errorf("of merge: %v", err)
				}
			})
		}
	}
}

func TestScanCanceled(t *testing.T) {
	src := source(strings.Repeat("{}\n", 100_000), 100_000)
	for _, workers := range []int{1, 2, 8} {
		noGoroutines(t)
		o := records.Options{Fields: taken(), Workers: workers, BlockSize: 300}
		for _, at := range []int64{0, 1, 50, 5000} {
			ctx, cancel := context.WithCancel(t.Context())
			var seen atomic.Int64
			start := func() records.Visitor[[]string] {
				return &keeper{check: jsonscan.NewPruner(taken(), 20_000), fail: func(int64, *records.View) error {
					if seen.Add(1) >= at {
						cancel() // by each that comes too late, so that none sees another one
					}
					return nil
				}}
			}
			if at == 0 {
				cancel()
			}
			err := records.Scan(ctx, src, o, start, func([]string, int64, int64) error { return nil })
			if diff := cmp.Diff("reading: context canceled", text(err)); diff != "" || !errors.Is(err, context.Canceled) {
				t.Error(diff)
			}
			if seen.Load() > at+int64(workers) {
				t.Errorf("%d workers, canceled at %d: saw %d", workers, at, seen.Load())
			}
			cancel()
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
		err := records.Scan(ctx, src, o, newKeeper, func([]string, int64, int64) error { return nil })
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		cancel()
	}
}
