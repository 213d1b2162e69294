package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/must"
)

// readmeRest follows what the README shows of what a command prints.
const readmeRest = "\n...\n"

// TestREADME holds the README to what is really printed: the beginning of it.
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
	shown, after, ended := strings.Cut(shown, readmeRest)
	if !found || !ended {
		t.Fatalf("README.md doesn't show %q up to %q", command, readmeRest)
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), args, terminal{in: strings.NewReader(""), out: &out, err: &errs, look: &look{columns: 100}}); code != exitOK {
		t.Fatalf("exit code %d: %s", code, errs.String())
	}
	lines := strings.SplitAfterN(out.String(), "\n", strings.Count(shown, "\n")+2)
	printed := strings.TrimSuffix(strings.Join(lines[:len(lines)-1], ""), "\n")
	if printed == shown {
		return
	}
	if !*update {
		t.Fatalf("README.md shows what is no longer printed; run `go test ./cmd/posture -update`:\n%s", printed)
	}
	must.Do(t, os.WriteFile("README.md", []byte(before+command+printed+readmeRest+after), 0o644))
}
