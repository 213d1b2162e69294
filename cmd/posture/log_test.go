package main

import (
	"bytes"
	"errors"
	"log/slog"
	"regexp"
	"testing"
	"time"

	"github.com/posture-score/posture/internal/expect"
)

// clock returns a clock that goes on by a quarter of a second at each look.
func clock() func() time.Time {
	now := time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)
	return func() time.Time {
		now = now.Add(250 * time.Millisecond)
		return now
	}
}

var logTime = regexp.MustCompile(`"time":"[^"]*",`)

// TestLogs writes messages, stages and errors as lines for people and as objects.
func TestLogs(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		logs logs
		want string
	}{
		{logs{format: logText}, "posture: done 1\nposture: odd\nposture: broken\nposture: gate\n"},
		{logs{format: logText, verbose: true}, "posture: done 1\nposture: odd\nposture: read: 250.0 ms\nposture: broken\nposture: scan: 250.0 ms\nposture: gate\n"},
		{logs{format: logJSON}, `{"level":"INFO","msg":"done 1"}
{"level":"WARN","msg":"odd"}
{"level":"ERROR","msg":"broken"}
{"level":"ERROR","msg":"gate","gate":"max-age"}
`},
		{logs{format: logJSON, verbose: true}, `{"level":"INFO","msg":"done 1"}
{"level":"WARN","msg":"odd"}
{"level":"DEBUG","msg":"stage","stage":"read","duration":250000000}
{"level":"ERROR","msg":"broken"}
{"level":"DEBUG","msg":"stage","stage":"scan","duration":250000000}
{"level":"ERROR","msg":"gate","gate":"max-age"}
`},
	} {
		var errs bytes.Buffer
		test.logs.now = clock()
		screen := terminal{err: &errs, logs: &test.logs}
		screen.say("done %d", 1)
		screen.stage("read")
		screen.warn("odd")
		screen.stage("scan")
		screen.fail(errors.New("broken"))
		screen.stage("")
		screen.stage("")
		screen.log(slog.LevelError, "gate", slog.String("gate", "max-age"))
		expect.Equal(t, test.want, logTime.ReplaceAllString(errs.String(), ""))
	}
}

// TestLogsAreSafe writes no control characters of foreign text.
func TestLogsAreSafe(t *testing.T) {
	t.Parallel()
	for _, format := range []string{logText, logJSON} {
		var errs bytes.Buffer
		screen := terminal{err: &errs, logs: &logs{format: format}}
		screen.warn("a\x1b[31mb\u202ec")
		if text := errs.Bytes(); bytes.ContainsRune(text, '\x1b') || bytes.ContainsRune(text, '\u202e') {
			t.Errorf("%q", text)
		}
	}
}
