package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/suggest"
)

func TestExitCode(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(ended{syscall.SIGTERM})
	interrupt, cancel := context.WithCancelCause(t.Context())
	cancel(ended{os.Interrupt})
	for _, c := range []struct {
		ctx  context.Context
		err  error
		want int
	}{
		{t.Context(), nil, exitOK},
		{t.Context(), errors.New("x"), exitFailure},
		{t.Context(), fmt.Errorf("x: %w", usageError{errors.New("y")}), exitUsage},
		{t.Context(), fmt.Errorf("x: %w", &suggest.UnknownError{}), exitUsage},
		{t.Context(), fmt.Errorf("x: %w", history.ErrUnknown), exitUsage},
		{t.Context(), failure(exitGate), exitGate},
		{t.Context(), failure(exitDiffers), exitDiffers},
		{t.Context(), context.DeadlineExceeded, exitFailure},
		{interrupt, fmt.Errorf("x: %w", context.Canceled), exitInterrupted},
		{ctx, fmt.Errorf("x: %w", context.Canceled), exitTerminated},
	} {
		expect.Equalf(t, c.want, exitCode(c.ctx, c.err), "%v", c.err)
	}
}

// TestSameMistakeSameCode holds that a mistake of one kind has the same exit code in every command.
func TestSameMistakeSameCode(t *testing.T) {
	t.Parallel()
	evidence := must.Get(filepath.Abs(filepath.Join("..", "..", "testdata", "tailspin")))(t)
	for _, mistake := range []struct {
		name  string
		code  int
		lines []string
	}{
		{"a missing file", exitFailure, []string{
			"assess NONE", "actions NONE", "plan NONE --target 50", "explain AdminMFAV2 NONE", "action show AdminMFAV2 NONE", "evidence check NONE", "evidence show NONE",
			"policy check NONE", "policy test NONE", "policy fmt NONE", "policy diff NONE NONE", "benchmark show NONE", "sign NONE --key NONE", "verify NONE --evidence NONE",
			"history list --store NONE", "trends NONE", "diff NONE NONE", "policy show AdminMFAV2 --catalog NONE", "watch NONE",
		}},
		{"an unknown id", exitUsage, []string{
			"policy show AdminMFA", "action set AdminMFA --status planned --register r.hcl", "explain AdminMFA EVIDENCE", "action show AdminMFA EVIDENCE",
			"policy try AdminMFA EVIDENCE", "actions EVIDENCE --explain-rank AdminMFA", "evidence attest AdminMFA --by a --until 2030-01-01 -o NONE",
		}},
		{"an unknown value", exitUsage, []string{
			"actions NONE --status x", "actions NONE --category x", "actions EVIDENCE --product x", "evidence plan --product x", "assess NONE --format x",
			"assess NONE --fail-on x", "policy new X --product x --kind setting", "policy new X --product entra_id --kind x", "evidence plan --script x",
			"schema show x", "history --cause x", "completion x",
		}},
		{"an unknown flag or command", exitUsage, []string{"assess NONE --x", "polcy", "policy x", "assess"}},
	} {
		for _, line := range mistake.lines {
			args := strings.Fields(strings.NewReplacer("NONE", filepath.Join(t.TempDir(), "none"), "EVIDENCE", evidence).Replace(line))
			var stderr bytes.Buffer
			if code := run(t.Context(), args, terminal{in: strings.NewReader(""), out: &bytes.Buffer{}, err: &stderr}); code != mistake.code || stderr.Len() == 0 {
				t.Errorf("%s: posture %s: exit code %d, want %d: %s", mistake.name, line, code, mistake.code, &stderr)
			}
			if strings.Contains(stderr.String(), `["`) {
				t.Errorf("posture %s: Go's syntax is shown: %s", line, &stderr)
			}
		}
	}
}

// TestManualPages holds that each command has a page, and that the pages are the same each time.
func TestManualPages(t *testing.T) {
	t.Parallel()
	var pages [2]map[string]string
	for i := range pages {
		dir := t.TempDir()
		if code := run(t.Context(), []string{"man", dir}, terminal{out: &bytes.Buffer{}, err: &bytes.Buffer{}}); code != exitOK {
			t.Fatalf("exit code %d", code)
		}
		pages[i] = map[string]string{}
		for _, entry := range must.Get(os.ReadDir(dir))(t) {
			pages[i][entry.Name()] = string(must.Get(os.ReadFile(filepath.Join(dir, entry.Name())))(t))
		}
	}
	expect.Equal(t, pages[0], pages[1])
	for _, cmd := range tree() {
		if name := strings.ReplaceAll(cmd.CommandPath(), " ", "-") + ".1"; pages[0][name] == "" {
			t.Errorf("there is no %s", name)
		}
	}
}
