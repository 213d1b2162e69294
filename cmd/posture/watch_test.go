package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/schemas"
)

// watched is a folder of evidence with a register beside it, that is watched until the test ends it.
type watched struct {
	dir       string
	out, errs log
	end       func() int
}

// startWatch watches a copy of a sample tenant. The register has a decision about an action.
func startWatch(t *testing.T, flags ...string) *watched {
	t.Helper()
	w := &watched{dir: t.TempDir()}
	must.Do(t, os.CopyFS(w.path("evidence"), os.DirFS(filepath.Join("..", "..", "testdata", "contoso"))))
	w.write(t, "register.hcl", "")
	ctx, cancel := context.WithCancel(t.Context())
	code := make(chan int, 1)
	args := append([]string{"watch", w.path("evidence"), "--register", w.path("register.hcl"), "--settings", ""}, flags...)
	go func() { code <- run(ctx, args, terminal{in: strings.NewReader(""), out: &w.out, err: &w.errs}) }()
	w.end = func() int {
		cancel()
		return <-code
	}
	t.Cleanup(cancel)
	return w
}

func (w *watched) path(name string) string { return filepath.Join(w.dir, filepath.FromSlash(name)) }

func (w *watched) write(t *testing.T, name, text string) {
	t.Helper()
	must.Do(t, os.WriteFile(w.path(name), []byte(text), 0o600))
}

// TestWatchEvidence tells what a register changes, that a note changes nothing, and that half a file leaves the last result.
func TestWatchEvidence(t *testing.T) {
	t.Parallel()
	w := startWatch(t, "--fail-under", "61.8")
	w.out.await(t, "Contoso  61.72%", 1)
	w.errs.await(t, "gate fail-under is not met", 1)
	const decision = "action \"AdminMFAV2\" {\n  status = \"third_party\"\n  reason = \"another product\"\n"
	w.write(t, "register.hcl", decision+"}\n")
	w.out.await(t, "+0.23%", 1)
	w.write(t, "register.hcl", decision+"  ticket = \"T-1\"\n}\n")
	w.out.await(t, "nothing changed: 61.95%", 1)
	users := must.Get(os.ReadFile(w.path("evidence/entra.users.ndjson")))(t)
	w.write(t, "evidence/entra.users.ndjson", string(users[:len(users)/2]))
	w.errs.await(t, "the last result stays: ", 1)
	w.write(t, "evidence/entra.users.ndjson", string(users))
	w.out.await(t, "nothing changed: 61.95%", 2)
	if code := w.end(); code != exitInterrupted {
		t.Errorf("the exit code is %d", code)
	}
	text := regexp.MustCompile(`(?m)^\d\d:\d\d:\d\d`).ReplaceAllString(strings.ReplaceAll(w.out.text.String(), w.dir+string(filepath.Separator), ""), "TIME")
	expect.Equal(t, `TIME  Contoso  61.72%, 572.1 of 927 points
TIME  +0.23%  +2.22 points, from 61.72% to 61.95%, 574.32 of 927 points (register.hcl)
    +2.22  status: set
    +2.22  AdminMFAV2  decision
           Ensure multifactor authentication is enabled for all users in administrative roles
           partial 7.78/10 (7 of 9) → partial, third party 10/10 (7 of 9)
           decision: another product
TIME  nothing changed: 61.95%, 574.32 of 927 points (register.hcl)
TIME  nothing changed: 61.95%, 574.32 of 927 points (evidence`+string(filepath.Separator)+`entra.users.ndjson)
`, text)
	// The gate was not met once, and the mistake is told once.
	errs := regexp.MustCompile(`\d\d:\d\d:\d\d|stays: .*`).ReplaceAllString(w.errs.text.String(), "*")
	expect.Equal(t, "posture: gate fail-under is not met: the score is 61.72%, below 61.8%\nposture: *: the last result *\n", errs)
}

// TestWatchJSON writes an object a line, as its schema says.
func TestWatchJSON(t *testing.T) {
	t.Parallel()
	w := startWatch(t, "--format", "json", "--fail-under", "90", "--warn-only", "--log-format", "json", "--verbose")
	w.out.await(t, `"event":"start"`, 1)
	w.write(t, "register.hcl", "action \"AdminMFAV2\" {\n  status = \"risk_accepted\"\n  reason = \"known\"\n}\n")
	w.out.await(t, `"event":"change"`, 1)
	if code := w.end(); code != exitInterrupted {
		t.Errorf("the exit code is %d", code)
	}
	// Stages are told each time, and progress is no warning.
	w.errs.await(t, `"level":"DEBUG","msg":"stage","stage":"report"`, 2)
	if text := w.errs.text.String(); strings.Contains(text, `"level":"WARN","msg":"reading"`) || !strings.Contains(text, `"level":"INFO","msg":"reading"`) {
		t.Error(text)
	}
	events := strings.SplitAfter(strings.TrimSuffix(w.out.text.String(), "\n"), "\n")
	if len(events) != 2 {
		t.Fatalf("%d lines", len(events))
	}
	for _, line := range events {
		var event map[string]any
		dec := json.NewDecoder(bytes.NewReader([]byte(line)))
		dec.UseNumber()
		must.Do(t, dec.Decode(&event))
		expect.Equal(t, nil, schemas.Validate("watch", event))
		if event["gates"] == nil || (event["event"] == "change") != (event["attribution"] != nil) {
			t.Errorf("%.200s", line)
		}
		if why := event["attribution"]; why != nil {
			expect.Equal(t, nil, schemas.Validate("attribution", why))
		}
	}
}

// TestWatchExports keeps the last result while an export that was read is half written. A file that is none changes nothing.
func TestWatchExports(t *testing.T) {
	t.Parallel()
	w := &watched{dir: t.TempDir()}
	const export = `{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#policies/authorizationPolicy/$entity", "id": "authorizationPolicy", "allowInvitesFrom": "everyone"}`
	w.write(t, "policy.json", export)
	ctx, cancel := context.WithCancel(t.Context())
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, []string{"watch", w.dir, "--tenant", "t", "--register", "", "--settings", "", "--collected-at", "2026-10-01"}, terminal{out: &w.out, err: &w.errs})
	}()
	w.out.await(t, "  t  ", 1)
	w.write(t, "notes.txt", "nothing")
	w.out.await(t, "nothing changed", 1)
	w.write(t, "policy.json", export[:90])
	w.errs.await(t, "the last result stays: ", 1)
	w.write(t, "policy.json", strings.Replace(export, "everyone", "none", 1))
	w.out.await(t, " points (", 2)
	cancel()
	<-code
}

// TestWatchRefusesPaths refuses what can't be watched, and evidence that is not there.
func TestWatchRefusesPaths(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]int{"-": exitUsage, filepath.Join(t.TempDir(), "nowhere"): exitFailure} {
		var out log
		if code := run(t.Context(), []string{"watch", path}, terminal{in: strings.NewReader(""), out: &out, err: &out}); code != want {
			t.Errorf("watching %s ends with %d: %s", path, code, out.text.String())
		}
	}
}
