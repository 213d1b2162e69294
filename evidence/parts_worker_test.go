package evidence_test

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

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/internal/records"
)

func TestScanAbsent(t *testing.T) {
	folder(t, map[string]string{"manifest.json": manifest(map[string]any{"name": "entra.users", "status": "failed", "reason": "403"})})
	sameAsRecords(t, evidence.Limits{}, 0)
	b, err := evidence.Open(t.Context(), "contoso", evidence.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	never := func([]string, int64, int64) error { return errors.New("never") }
	err = records.Scan(t.Context(), b.Source("entra.groups"), records.Options{}, newKeeper, never)
	if diff := cmp.Diff(`contoso: there is no dataset "entra.groups"`, text(err)); diff != "" {
		t.Error(diff)
	}
	closeBundle(t, b)
	folder(t, single("{}", 1))
	if b, err = evidence.Open(t.Context(), "contoso", evidence.Limits{}); err != nil {
		t.Fatal(err)
	}
	closeBundle(t, b)
	err = records.Scan(t.Context(), b.Source("entra.users"), records.Options{}, newKeeper, never)
	if diff := cmp.Diff("contoso/users: the bundle has been closed", text(err)); diff != "" {
		t.Error(diff)
	}
}

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
	sick := errors.New("sick of it")
	for name, content := range map[string]string{
		"lines": strings.Join(list, "\n"), "array": "[" + strings.Join(list, ",") + "]",
		// What comes first counts, whoever sees it.
		"broken after it": strings.Join(list[:1800], "\n") + "{]",
		"damaged after":   gz(strings.Join(list, "\n"))[:8000],
	} {
		for _, workers := range []int{1, 2, 8} {
			t.Run(fmt.Sprintf("%s, %d workers", name, workers), func(t *testing.T) {
				noGoroutines(t)
				folder(t, single(content, 2000))
				b, err := evidence.Open(t.Context(), "contoso", evidence.Limits{})
				if err != nil {
					t.Fatal(err)
				}
				defer closeBundle(t, b)
				o := records.Options{Workers: workers, BlockSize: 1000, Fields: taken()}
				start := func() records.Visitor[[]string] {
					return &keeper{check: jsonscan.NewPruner(taken(), 20_000), fail: func(_ int64, p *records.View) error {
						if string(p.Slot(0)) == `"1000"` {
							return sick
						}
						return nil
					}}
				}
				merged := int64(0)
				err = records.Scan(t.Context(), b.Source("entra.users"), o, start, func(_ []string, first, records int64) error {
					merged = first + records
					return nil
				})
				if err != sick || merged > 1000 { //nolint:errorlint // it comes as it is
					t.Errorf("after %d records: %v", merged, err)
				}
				err = records.Scan(t.Context(), b.Source("entra.users"), o, newKeeper, func(_ []string, first, records int64) error {
					if first+records > 700 {
						return sick
					}
					return nil
				})
				if err != sick { //nolint:errorlint // it comes as it is
					t.Errorf("of merge: %v", err)
				}
			})
		}
	}
}

func TestScanCanceled(t *testing.T) {
	folder(t, single(strings.Repeat("{}\n", 100_000), 100_000))
	b, err := evidence.Open(t.Context(), "contoso", evidence.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer closeBundle(t, b)
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
			err := records.Scan(ctx, b.Source("entra.users"), o, start, func([]string, int64, int64) error { return nil })
			if diff := cmp.Diff("reading contoso/users: context canceled", text(err)); diff != "" || !errors.Is(err, context.Canceled) {
				t.Error(diff)
			}
			if seen.Load() > at+int64(workers) {
				t.Errorf("%d workers, canceled at %d: saw %d", workers, at, seen.Load())
			}
			cancel()
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
		err := records.Scan(ctx, b.Source("entra.users"), o, newKeeper, func([]string, int64, int64) error { return nil })
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		cancel()
	}
}
