package gcpace_test

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"github.com/posture-score/posture/internal/gcpace"
)

// percent is what the collector is set to.
func percent() int {
	now := debug.SetGCPercent(100)
	debug.SetGCPercent(now)
	return now
}

// TestRelax holds that the collector rests while little is in use, and presses on while much is.
func TestRelax(t *testing.T) {
	before := percent()
	defer debug.SetGCPercent(before)
	t.Setenv("GOGC", "")
	gcpace.Relax(gcpace.Room)
	if got := percent(); got != 800 {
		t.Errorf("at the start the collector is set to %d, want 800", got)
	}
	held := make([]byte, 12<<20)
	settles(t, 300, 400)
	more := make([]byte, 15<<20)
	settles(t, 100, 130)
	most := make([]byte, 120<<20)
	settles(t, 14, 18)
	pointers := make([]*byte, 20<<20)
	settles(t, 23, 33)
	runtime.KeepAlive(pointers)
	runtime.KeepAlive(most)
	runtime.KeepAlive(more)
	runtime.KeepAlive(held)
	settles(t, 400, 400)
}

// settles waits until the collector is set to what is wanted: it is after a collection, by a goroutine of the runtime.
func settles(t *testing.T, low, high int) {
	t.Helper()
	for range 200 {
		runtime.GC()
		if now := percent(); now >= low && now <= high {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("the collector is set to %d, want %d to %d", percent(), low, high)
}

// TestRelaxLeavesGOGC holds that what the user says counts.
func TestRelaxLeavesGOGC(t *testing.T) {
	before := percent()
	defer debug.SetGCPercent(before)
	t.Setenv("GOGC", "70")
	debug.SetGCPercent(70)
	gcpace.Relax(gcpace.Room)
	if got := percent(); got != 70 {
		t.Errorf("the collector is set to %d, want 70", got)
	}
}
