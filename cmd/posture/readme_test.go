package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/must"
)

// The README shows the beginning of what `make run` prints, between these two lines.
const (
	readmeCommand = "$ posture assess testdata/contoso\n"
	readmeRest    = "\n...\n"
)

// TestREADME holds the README to what is really printed.
func TestREADME(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	text := must.Get(os.ReadFile("README.md"))(t)
	before, shown, found := strings.Cut(string(text), readmeCommand)
	shown, after, ended := strings.Cut(shown, readmeRest)
	if !found || !ended {
		t.Fatalf("README.md doesn't show %q up to %q", readmeCommand, readmeRest)
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"assess", "testdata/contoso"}, terminal{in: strings.NewReader(""), out: &out, err: &errs}); code != exitOK {
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
	must.Do(t, os.WriteFile("README.md", []byte(before+readmeCommand+printed+readmeRest+after), 0o644))
}
