package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/must"
)

// readmeEnd follows what the README shows of what a command prints, and readmeRest ends it if that is only the beginning.
const (
	readmeEnd  = "```\n"
	readmeRest = "\n..."
)

// TestREADME holds the README to what is really printed: all of it, or the beginning.
func TestREADME(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	for _, args := range [][]string{
		{"assess", "testdata/contoso"},
		{"diff", "testdata/contoso-2026-09-17.tar.zst", "testdata/contoso"},
	} {
		t.Run(args[0], func(t *testing.T) { testREADME(t, args) })
	}
}

func testREADME(t *testing.T, args []string) {
	text := must.Get(os.ReadFile("README.md"))(t)
	command := "$ posture " + strings.Join(args, " ") + "\n"
	before, shown, found := strings.Cut(string(text), command)
	shown, after, ended := strings.Cut(shown, "\n"+readmeEnd)
	shown, part := strings.CutSuffix(shown, readmeRest)
	if !found || !ended {
		t.Fatalf("README.md doesn't show %q up to %q", command, readmeEnd)
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), args, terminal{in: strings.NewReader(""), out: &out, err: &errs, look: &look{columns: 100}}); code != exitOK {
		t.Fatalf("exit code %d: %s", code, errs.String())
	}
	printed, rest := strings.TrimSuffix(out.String(), "\n"), ""
	if part {
		lines := strings.SplitAfterN(out.String(), "\n", strings.Count(shown, "\n")+2)
		printed, rest = strings.TrimSuffix(strings.Join(lines[:len(lines)-1], ""), "\n"), readmeRest
	}
	if printed == shown {
		return
	}
	if !*update {
		t.Fatalf("README.md shows what is no longer printed; run `go test ./cmd/posture -update`:\n%s", printed)
	}
	must.Do(t, os.WriteFile("README.md", []byte(before+command+printed+rest+"\n"+readmeEnd+after), 0o644))
}

// TestOneScreen holds what assess prints of an organization to a screen of 40 lines, however narrow it is.
func TestOneScreen(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	for _, columns := range []int{60, 80, 120} {
		var out, errs bytes.Buffer
		if code := run(t.Context(), []string{"assess", "testdata/contoso"}, terminal{in: strings.NewReader(""), out: &out, err: &errs, look: &look{columns: columns}}); code != exitOK {
			t.Fatalf("exit code %d: %s", code, errs.String())
		}
		if lines := strings.Count(out.String(), "\n"); lines < 24 || lines > 40 {
			t.Errorf("%d lines at %d columns, want 24 to 40:\n%s", lines, columns, out.String())
		}
	}
}
