package browser_test

import (
	"testing"
	"time"

	"github.com/posture-score/posture/internal/browser"
)

// TestWork counts what a page computes, and not what it waits for.
func TestWork(t *testing.T) {
	p := chromium.Open(t, serve(t, map[string]string{"/": "<p>Fine</p>"})+"/", browser.Options{})
	waits := p.Work(func() { p.Do(`new Promise(done => setTimeout(done, 300))`) })
	if waits > 100*time.Millisecond {
		t.Errorf("waiting for 300 ms is %s of work", waits)
	}
	works := p.Work(func() { p.Do(`{ let n = 0; for (let i = 0; i < 3e7; i++) n = (n * 31 + i) | 0; n }`) })
	if works < 5*time.Millisecond {
		t.Errorf("30 million additions are %s of work", works)
	}
}
