package memory_test

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"github.com/posture-score/posture/internal/memory"
)

// percent is what the collector is set to.
func percent() int {
	now := debug.SetGCPercent(100)
	debug.SetGCPercent(now)
	return now
}

// TestRelax holds that the collector rests until more than a little is in use.
func TestRelax(t *testing.T) {
	before := percent()
	defer debug.SetGCPercent(before)
	t.Setenv("GOGC", "")
	memory.Relax()
	runtime.GC()
	time.Sleep(20 * time.Millisecond)
	if got := percent(); got != 300 {
		t.Errorf("with little in use the collector is set to %d, want 300", got)
	}
	held := make([]byte, 32<<20)
	for range 200 {
		runtime.GC()
		if percent() == 100 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if got := percent(); got != 100 {
		t.Errorf("with %d MiB in use the collector is set to %d, want 100", len(held)>>20, got)
	}
	runtime.KeepAlive(held)
}

// TestRelaxLeavesGOGC holds that what the user says counts.
func TestRelaxLeavesGOGC(t *testing.T) {
	before := percent()
	defer debug.SetGCPercent(before)
	t.Setenv("GOGC", "70")
	debug.SetGCPercent(70)
	memory.Relax()
	if got := percent(); got != 70 {
		t.Errorf("the collector is set to %d, want 70", got)
	}
}
