package main

import (
	"testing"
	"time"

	"github.com/posture-score/posture/internal/expect"
)

// TestSparsely has a terminal told of progress every 40 ms, which it draws every 100 ms at most, and at once at first.
func TestSparsely(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 6, 0, 0, 0, time.UTC)
	var drawn []int64
	show := sparsely(100*time.Millisecond, func() time.Time { return now }, func(_ string, records int64) { drawn = append(drawn, records) })
	for records := range int64(8) {
		show("entra.users", records)
		now = now.Add(40 * time.Millisecond)
	}
	expect.Equal(t, []int64{0, 3, 6}, drawn)
}
