package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/posture-score/posture/internal/must"
)

// log is a writer that is read while it is written to.
type log struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (l *log) Write(text []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.Write(text)
}

// await waits for so many lines that hold a text.
func (l *log) await(t *testing.T, text string, times int) {
	t.Helper()
	for range 300 {
		l.mutex.Lock()
		found := strings.Count(l.text.String(), text)
		l.mutex.Unlock()
		if found >= times {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("there are no %d of %q in:\n%s", times, text, l.text.String())
}

func TestWatch(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"check", "test"} {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			var out log
			screen := terminal{out: &out, err: &out}
			if code := run(t.Context(), []string{"policy", "new", "Own", "--product", "entra_id", "--kind", "setting", "--dir", dir}, screen); code != exitOK {
				t.Fatal(code)
			}
			ctx, cancel := context.WithCancel(t.Context())
			code := make(chan int, 1)
			go func() { code <- run(ctx, []string{"policy", command, "--no-builtin", "--watch", dir}, screen) }()
			out.await(t, "watching "+dir, 1)
			rule := filepath.Join(dir, "entra_id", "own.rego")
			text := must.Get(os.ReadFile(rule))(t)
			// A file that can't be read ends nothing, and neither does one that is gone.
			must.Do(t, os.WriteFile(rule, text[:len(text)/2], 0o644))
			out.await(t, "──── changed: "+rule, 1)
			out.await(t, "watching "+dir, 2)
			must.Do(t, os.Remove(rule))
			out.await(t, "Control without a rule", 1)
			out.await(t, "watching "+dir, 3)
			must.Do(t, os.WriteFile(rule, text, 0o644))
			out.await(t, "watching "+dir, 4)
			cancel()
			if got := <-code; got != exitInterrupted {
				t.Errorf("the exit code is %d", got)
			}
		})
	}
}

func TestWatchRefuses(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"policy", "check", "--watch"}, {"policy", "test", "--watch", "--format", "json", "house"}} {
		var out log
		if code := run(t.Context(), args, terminal{out: &out, err: &out}); code != exitUsage || !strings.Contains(out.text.String(), "--watch") {
			t.Errorf("%v ends with %d: %s", args, code, out.text.String())
		}
	}
}
